import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { NONE } from '../../src/kernels/state';
import { verify } from '../../src/kernels/verify';
import { Random } from '../../src/math/random';
import { buildBank, demonstrations, responseOf } from '../../src/tasks/bank';
import { packRecord, RECORD_SIZE } from '../../src/tasks/record';
import { columnsOf, DOMAINS } from '../../src/tasks/registry';
import { verify as accepts } from '../../src/tasks/verify';
import { RESPONSE_LENGTH, TOKEN, VOCABULARY_SIZE } from '../../src/tasks/vocabulary';
import { makeWorld } from '../../src/tasks/world';
import { config } from './batchFixture';
import { compareKernel, gpuBackend, integers, runKernel } from './harness';

const GROUP = 6;
const PER_COLUMN = 12;
const placed = columnsOf();

/** Records and for each a gold response, a demonstration, and changed ones: a token, a cut, something after EOS, noise. */
function cases(strict: boolean, modulus: number) {
  const world = makeWorld({ ...config.tasks, strict, modulus });
  const random = new Random(11, 70);
  const records: Uint32Array[] = [];
  const responses: { tokens: Uint32Array; length: number }[] = [];
  placed.forEach(({ domain, within }, c) => {
    for (let i = 0; i < PER_COLUMN; i++) {
      const instance = DOMAINS[domain].generate(within, random, world);
      records.push(packRecord(instance, domain, c, world));
      const gold = responseOf(instance.gold);
      const changed = gold.tokens.slice();
      changed[random.below(gold.length)] = random.below(VOCABULARY_SIZE);
      const after = gold.tokens.slice();
      after.fill(TOKEN.hash, gold.length);
      const syntax = [TOKEN.x, TOKEN.y, TOKEN.z, TOKEN.plus, TOKEN.minus, TOKEN.times, TOKEN.digit0 + 9, TOKEN.hash, TOKEN.eos];
      responses.push(
        gold,
        responseOf(DOMAINS[domain].demonstrate(instance, random, config.warmStart, world)),
        { tokens: changed, length: gold.length },
        { tokens: gold.tokens, length: gold.length - 2 },
        { tokens: after, length: RESPONSE_LENGTH },
        { tokens: Uint32Array.from({ length: RESPONSE_LENGTH }, () => random.pick(syntax)), length: RESPONSE_LENGTH },
      );
    }
  });
  const flat = (parts: Uint32Array[]) => Uint32Array.from(parts.flatMap((p) => [...p]));
  const shape = {
    prompts: records.length,
    group: GROUP,
    responseLength: RESPONSE_LENGTH,
    records: records.length,
    round: 0,
    rounds: 1,
  };
  const inputs = {
    records: flat(records),
    record: records.map((_, i) => i),
    response: flat(responses.map((r) => r.tokens)),
    length: responses.map((r) => r.length),
    reward: responses.length,
  };
  return { shape, inputs, records, responses };
}

describe.each([
  { strict: false, modulus: 5 },
  { strict: false, modulus: 3 },
  { strict: true, modulus: 10 },
])('strict $strict, modulus $modulus', ({ strict, modulus }) => {
  const { shape, inputs, records, responses } = cases(strict, modulus);

  test('GPU and CPU judge alike', async () => {
    await compareKernel(await gpuBackend(), verify, shape, inputs, { runs: 2, tolerance: { atol: 0, rtol: 0 } });
  });

  test('on the GPU gold responses pass, cut ones fail, what follows EOS is ignored', async () => {
    const { reward } = await runKernel(await gpuBackend(), verify, shape, inputs);
    records.forEach((_, i) => {
      expect(
        [reward[i * GROUP], reward[i * GROUP + 3], reward[i * GROUP + 4]],
        placed[Math.floor(i / PER_COLUMN)].column.id,
      ).toEqual([1, 0, 1]);
    });
    expect(reward.length).toBe(responses.length);
    expect(new Set(reward.filter((_, i) => i % GROUP === 1)).size).toBe(2);
  });
});

test('every demonstration in a bank is judged alike by the kernel and by the explanation', async () => {
  const demos = demonstrations(config, 64, 2);
  const bank = buildBank(config.tasks, { split: 'train', perColumn: 64, seed: 2 });
  const record = Array.from({ length: 64 }, (_, i) => (demos.column[i] * 64 + i) % bank.count);
  const { reward } = await runKernel(
    await gpuBackend(),
    verify,
    { prompts: 64, group: 1, responseLength: RESPONSE_LENGTH, records: bank.count, round: 0, rounds: 1 },
    { records: bank.records, record, response: demos.response, length: demos.length, reward: 64 },
  );
  record.forEach((r, i) => {
    const words = bank.records.subarray(r * RECORD_SIZE, (r + 1) * RECORD_SIZE);
    expect(reward[i]).toBe(Number(accepts(words, demos.response.subarray(i * RESPONSE_LENGTH, (i + 1) * RESPONSE_LENGTH))));
  });
});

test('a later round is judged alone, and an empty place earns nothing', async () => {
  const { shape, inputs, responses } = cases(false, 5);
  const rollouts = responses.length;
  const record = [...integers(shape.prompts, shape.records), ...inputs.record.map((r, i) => (i === 1 ? NONE : r))];
  const twice = (x: ArrayLike<number>) => Uint32Array.from([...Array.from(x), ...Array.from(x)]);
  const later = {
    records: inputs.records,
    record,
    response: twice(inputs.response),
    length: twice(inputs.length),
    reward: new Float32Array(2 * rollouts).fill(9),
  };
  const { reward: alone } = await runKernel(cpuBackend(), verify, shape, inputs);
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const { reward } = await runKernel(backend, verify, { ...shape, round: 1, rounds: 2 }, later);
    expect(reward.slice(0, rollouts)).toEqual(new Float32Array(rollouts).fill(9));
    expect(reward.slice(rollouts)).toEqual(alone.map((r, i) => (Math.floor(i / GROUP) === 1 ? 0 : r)));
  }
});
