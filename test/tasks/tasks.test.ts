import { describe, expect, test } from 'vitest';
import { validate } from '../../src/config/resolve';
import { Random } from '../../src/math/random';
import { buildBank, demonstrations, parseMix, RECORD_SIZE, responseOf, splitOf, verify } from '../../src/tasks/bank';
import { promptOf } from '../../src/tasks/contract';
import { packRecord, RECORD } from '../../src/tasks/record';
import { columnsOf, DOMAINS } from '../../src/tasks/registry';
import { digit, PROMPT_LENGTH, RESPONSE_LENGTH, show, TOKEN, tokenize, VOCABULARY_SIZE } from '../../src/tasks/vocabulary';
import { FORMULAS, makeWorld, operate } from '../../src/tasks/world';

const config = validate({});
const world = makeWorld(config.tasks);
const placed = columnsOf();

/** `count` instances of one column with their records. */
function draw(c: number, count: number, seed = 3, of = world) {
  const { domain, within } = placed[c];
  const random = new Random(seed, 50, c);
  return Array.from({ length: count }, () => {
    const instance = DOMAINS[domain].generate(within, random, of);
    return { instance, record: packRecord(instance, domain, c, of), domain: DOMAINS[domain], random };
  });
}

test('the vocabulary has 64 tokens and its text reads back', () => {
  expect(VOCABULARY_SIZE).toBe(64);
  expect(VOCABULARY_SIZE % 4).toBe(0);
  const prompt = promptOf(tokenize('[M] 3 * 2 + 4'));
  expect(prompt).toHaveLength(PROMPT_LENGTH);
  expect(show(prompt)).toBe('[M] 3 * 2 + 4 ?');
  expect(() => tokenize('3 w12')).toThrow('unknown token: w12');
});

describe.each(placed.map(({ column, domain }, c) => ({ c, name: `${DOMAINS[domain].id} ${column.id}` })))('$name', ({ c }) => {
  test('gold responses are right, changed ones wrong', () => {
    for (const { instance, record } of draw(c, 200)) {
      const gold = responseOf(instance.gold);
      expect(gold.length).toBeLessThanOrEqual(RESPONSE_LENGTH);
      expect(verify(record, gold.tokens)).toBe(true);
      const last = instance.gold.at(-1) as number;
      const changed = [...instance.gold.slice(0, -1), last === digit(0) || last === TOKEN.optionA ? last + 1 : digit(0)];
      expect(verify(record, changed), show(changed)).toBe(false);
      expect(verify(record, [])).toBe(false);
      expect(verify(record, [...instance.gold, TOKEN.question])).toBe(false);
    }
  });

  test('a demonstrator without noise is right', () => {
    const quiet = validate({
      warmStart: Object.fromEntries(
        Object.keys(config.warmStart)
          .filter((k) => k.startsWith('noise'))
          .map((k) => [k, 0]),
      ),
    }).warmStart;
    for (const { instance, domain, random } of draw(c, 100))
      expect(domain.demonstrate(instance, random, quiet, world)).toEqual(instance.gold);
  });

  test('strictly only the gold response counts, where the verifier matches answers', () => {
    const strict = makeWorld({ ...config.tasks, strict: true });
    for (const { instance, record } of draw(c, 20, 3, strict)) {
      expect(verify(record, instance.gold)).toBe(true);
      if (instance.verifier.kind === 'answer' && instance.gold.length > 3)
        expect(verify(record, [digit(0), ...instance.gold.slice(-2)])).toBe(false);
    }
  });
});

/**
 * Share of right demonstrations in per cent at the default noise, and its bounds: what a base that imitates perfectly would reach.
 * Measured (5000 draws each): AMC23 42, AIME24 32, AIME25 29, LCBv5 36, LCBv6 28, GPQA 45, SciBench 41, Toolpaca 42, Beaver 52.
 */
const DEMONSTRATED: Record<string, [low: number, high: number]> = {
  AMC23: [37, 45],
  AIME24: [27, 36],
  AIME25: [22, 31],
  LCBv5: [28, 42],
  LCBv6: [24, 38],
  GPQA: [40, 50],
  SciBench: [36, 46],
  Toolpaca: [38, 46],
  Beaver: [48, 57],
};

test('noisy demonstrations are right about as often as the base should be', () => {
  const rates = placed.map(({ column, domain }, c) => {
    const count = 5000;
    let right = 0;
    for (const { instance, record, random } of draw(c, count))
      right += Number(verify(record, DOMAINS[domain].demonstrate(instance, random, config.warmStart, world)));
    return { id: column.id, rate: (100 * right) / count };
  });
  for (const { id, rate } of rates) {
    expect(rate, id).toBeGreaterThan(DEMONSTRATED[id][0]);
    expect(rate, id).toBeLessThan(DEMONSTRATED[id][1]);
  }
});

describe('semantics', () => {
  test('Math goes from left to right', () => {
    expect(operate(TOKEN.minus, 1, 3, 5)).toBe(3);
    const { instance } = draw(0, 2000).find(({ instance: i }) => show(i.prompt).startsWith('[M] 3 * 2')) as ReturnType<
      typeof draw
    >[0];
    expect(show(instance.gold)).toMatch(/^\* 1 /);
  });

  test('the formulas are x·y+z, (x+y)·z, (x−y)·z, x·x+y, x+y−z, x·z−y', () => {
    const want = [
      (x: number, y: number, z: number) => x * y + z,
      (x: number, y: number, z: number) => (x + y) * z,
      (x: number, y: number, z: number) => (x - y) * z,
      (x: number, y: number) => x * x + y,
      (x: number, y: number, z: number) => x + y - z,
      (x: number, y: number, z: number) => x * z - y,
    ];
    expect(FORMULAS).toHaveLength(want.length);
    for (const { instance } of draw(6, 300)) {
      const [, name, ...values] = show(instance.prompt).split(' ');
      const [x, y, z] = values.slice(0, 3).map(Number);
      const value = (((want[Number(name[1])](x, y, z) % 5) + 5) % 5).toString();
      expect(show(instance.gold).split(' ').at(-1)).toBe(value);
    }
  });

  test.each([0, 1, 2, 3])('relatedness %i keeps that many of Math’s tables in Science', (relatedness) => {
    const w = makeWorld({ ...config.tasks, relatedness });
    const same = [TOKEN.plus, TOKEN.minus, TOKEN.times].filter((op) => {
      const pairs = Array.from({ length: 25 }, (_, i) => [Math.floor(i / 5), i % 5]);
      const equal = pairs.filter(([a, b]) => w.operate(op, a, b) === w.operateInScience(op, a, b)).length;
      expect([0, 25]).toContain(equal);
      return equal === 25;
    });
    expect(same).toHaveLength(relatedness);
  });

  test('GPQA offers four different options at every modulus', () => {
    for (const modulus of [3, 5, 10])
      for (const { instance } of draw(5, 50, 1, makeWorld({ ...config.tasks, modulus }))) {
        const words = show(instance.prompt).split(' ');
        expect(new Set([7, 9, 11, 13].map((i) => words[i])).size).toBe(4);
      }
  });

  test('another world has other tools and scores', () => {
    const other = makeWorld({ ...config.tasks, world: 8 });
    expect(other.harm).not.toEqual(world.harm);
    expect([other.toolOfVerb, other.signatures]).not.toEqual([world.toolOfVerb, world.signatures]);
  });
});

describe('bank', () => {
  const train = buildBank(config.tasks, { split: 'train', perColumn: 300, seed: 1 });
  const heldOut = buildBank(config.tasks, { split: 'heldOut', perColumn: 64, seed: 1 });
  const prompts = (bank: typeof train, c: number) => {
    const { start, count } = bank.columns[c];
    return Array.from({ length: count }, (_, i) => {
      const at = (start + i) * RECORD_SIZE;
      return bank.records.slice(at, at + PROMPT_LENGTH).join();
    });
  };

  test('train and held-out prompts are disjoint, one fifth is held out', () => {
    for (let c = 0; c < placed.length; c++) {
      const known = new Set(prompts(train, c));
      expect(prompts(heldOut, c).filter((p) => known.has(p))).toEqual([]);
    }
    const sides = draw(1, 4000).map(({ instance }) => splitOf(instance.prompt));
    expect(sides.filter((s) => s === 'heldOut').length / 4000).toBeCloseTo(0.2, 1);
  });

  test('repeats are rare where a column has enough prompts', () => {
    for (let c = 0; c < placed.length; c++) expect(new Set(prompts(heldOut, c)).size, placed[c].column.id).toBeGreaterThan(58);
  });

  test('index: columns of domains, records of columns', () => {
    expect(train.count).toBe(9 * 300);
    expect(Array.from(train.index.slice(0, 10))).toEqual([0, 3, 3, 2, 5, 2, 7, 1, 8, 1]);
    expect(Array.from(train.index.slice(10))).toEqual(train.columns.flatMap(({ start, count }) => [start, count]));
    for (let i = 0; i < train.count; i++) {
      const c = train.records[i * RECORD_SIZE + RECORD.column];
      expect(c).toBe(Math.floor(i / 300));
      expect(train.records[i * RECORD_SIZE + RECORD.domain]).toBe(placed[c].domain);
    }
  });

  test('equal seeds give equal banks', () => {
    expect(buildBank(config.tasks, { split: 'heldOut', perColumn: 64, seed: 1 }).records).toEqual(heldOut.records);
    expect(buildBank(config.tasks, { split: 'heldOut', perColumn: 64, seed: 2 }).records).not.toEqual(heldOut.records);
  });

  test('demonstrations follow the mix, on training prompts', () => {
    const demos = demonstrations(config, 4000, 5);
    const shares = DOMAINS.map((_, d) => demos.column.filter((c) => placed[c].domain === d).length / 4000);
    parseMix(config.warmStart.mix).forEach((want, d) => void expect(Math.abs(shares[d] - want)).toBeLessThan(0.03));
    for (let i = 0; i < 4000; i++) {
      expect(splitOf(Array.from(demos.prompt.subarray(i * PROMPT_LENGTH, (i + 1) * PROMPT_LENGTH)))).toBe('train');
      expect(demos.response[i * RESPONSE_LENGTH + demos.length[i] - 1]).toBe(TOKEN.eos);
    }
  });
});
