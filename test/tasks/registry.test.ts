import { describe, expect, test } from 'vitest';
import { validate } from '../../src/config/resolve';
import { Random } from '../../src/math/random';
import { buildBank, demonstrations, explain, parseMix, RECORD_SIZE, splitOf, verify } from '../../src/tasks/bank';
import { type Domain, promptOf } from '../../src/tasks/contract';
import { packRecord } from '../../src/tasks/record';
import { DOMAINS, domainOf } from '../../src/tasks/registry';
import { digit, TOKEN, tokenize } from '../../src/tasks/vocabulary';
import { makeWorld } from '../../src/tasks/world';

const config = validate({});
const world = makeWorld(config.tasks);

describe('reasons', () => {
  const answer = { kind: 'answer' as const, mark: TOKEN.hash, answer: [digit(4)] };
  const record = packRecord(
    { prompt: promptOf(tokenize('[M] 2 * 2')), gold: tokenize('* 4 # 4'), verifier: answer },
    0,
    0,
    world,
  );
  const tests = [1, 2, 3].map((x) => ({ x, y: 2, z: 3, result: (x + 2) % 5 }));
  const program = packRecord(
    {
      prompt: promptOf(tokenize('[C] x + y')),
      gold: tokenize('x y +'),
      verifier: { kind: 'program', tests: [tests[0], tests[1], tests[2]] },
    },
    1,
    3,
    world,
  );
  test.each([
    ['* 4 # 4 <eos>', 'answer 4'],
    ['* 4 # 3', 'answer 3, expected 4'],
    ['* 4 #', 'answer nothing, expected 4'],
    ['* 4', 'no # in the response'],
    ['# 4 # 4', '2 times # in the response, expected once'],
    ['# 4 <eos> # 3', 'answer 4'],
  ])('%s', (response, reason) => void expect(explain(record, tokenize(response))).toBe(reason));
  test.each([
    ['x y +', 'program passes 3 tests'],
    ['y x + <eos> x', 'program passes 3 tests'],
    ['x 7 +', 'program passes 3 tests'],
    ['x x +', 'program gives 2 on x=1 y=2 z=3, expected 3'],
    ['x y', 'the program leaves 2 values, expected 1'],
    ['', 'the program leaves 0 values, expected 1'],
    ['x + y', '+ at position 2 finds fewer than two values'],
    ['x | y', '| at position 2 is no instruction'],
  ])('program %s', (response, reason) => void expect(explain(program, tokenize(response))).toBe(reason));
});

describe('registry', () => {
  const echo: Domain = {
    id: 'echo',
    label: 'Echo',
    columns: [{ id: 'Parrot', label: 'Parrot', chance: (w) => 1 / w.modulus }],
    generate(_column, random) {
      const values = [0, 0, 0, 0].map(() => digit(random.below(10)));
      return {
        prompt: promptOf([TOKEN.user, ...values]),
        gold: values,
        verifier: { kind: 'answer', mark: null, answer: values },
      };
    },
    demonstrate: ({ gold }) => gold,
  };
  const domains = [...DOMAINS, echo];

  test('a sixth domain needs one object: bank, mix, verifier and demonstrations follow', () => {
    const bank = buildBank(config.tasks, { split: 'train', perColumn: 8, seed: 0, domains });
    expect(bank.columns.at(-1)).toMatchObject({ domain: 'echo', column: 'Parrot', start: 72, count: 8, chance: 0.2 });
    const record = bank.records.subarray(72 * RECORD_SIZE, 73 * RECORD_SIZE);
    expect(verify(record, record.slice(1, 5))).toBe(true);
    expect(verify(record, record.slice(1, 4))).toBe(false);
    expect(parseMix('echo:3,math:1', 'tasks.mix', domains)).toEqual([0.25, 0, 0, 0, 0, 0.75]);
    const demos = demonstrations(validate({ warmStart: { mix: 'echo:1' } }), 10, 0, domains);
    expect([...demos.column]).toEqual(Array(10).fill(9));
  });

  test('an instance that does not fit is refused by name', () => {
    const long: Domain = {
      ...echo,
      generate: (...args) => ({ ...echo.generate(...args), gold: Array(12).fill(digit(1)) }),
    };
    expect(() => buildBank(config.tasks, { split: 'train', perColumn: 1, seed: 0, domains: [long] })).toThrow(
      /^invalid instance `\[U\] .* \?`: the gold response has 12 tokens \(at most 11\)$/,
    );
    expect(() => promptOf(Array(16).fill(3))).toThrow('invalid question: 16 tokens (at most 15)');
  });

  test('a column whose prompts are all on the other side of the split is refused', () => {
    const single: Domain = { ...echo, generate: (column, _random, w) => echo.generate(column, new Random(1, 2), w) };
    const [other] = (['train', 'heldOut'] as const).filter(
      (s) => s !== splitOf(single.generate(0, new Random(0, 0), world).prompt),
    );
    expect(() => buildBank(config.tasks, { split: other, perColumn: 1, seed: 0, domains: [single] })).toThrow(
      `column Parrot has no ${other} instance in 10000 draws`,
    );
  });

  test.each([
    ['maths:1', 'invalid tasks.mix: maths is no domain (one of math, code, science, toolUse, safety)'],
    ['math:-1', 'invalid tasks.mix: math:-1 (domain:weight with a weight of at least 0)'],
    ['math:two', 'invalid tasks.mix: math:two (domain:weight with a weight of at least 0)'],
    ['math', 'invalid tasks.mix: math (domain:weight with a weight of at least 0)'],
    ['math:1,math:2', 'invalid tasks.mix: math occurs twice'],
    ['math:0', 'invalid tasks.mix: math:0 (at least one domain needs a positive weight)'],
    ['', 'invalid tasks.mix: (empty) (at least one domain needs a positive weight)'],
  ])('mix %s', (text, message) => void expect(() => parseMix(text)).toThrow(message));

  test('shares are normalised', () => {
    expect(parseMix('math:1, code:3')).toEqual([0.25, 0.75, 0, 0, 0]);
    expect(() => domainOf('maths')).toThrow('unknown domain: maths (one of math, code, science, toolUse, safety)');
  });
});
