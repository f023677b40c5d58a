import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { Layout, PlanBuilder } from '../../src/gpu/plan';
import { drawListed } from '../../src/kernels/drawListed';
import { STATE } from '../../src/kernels/state';
import { tally } from '../../src/kernels/tally';
import { bank, stateOf } from './batchFixture';
import { compareKernel, gpuBackend, integers } from './harness';

const COLUMNS = bank.columns.length;

test.each([0, 30, 85, 90])('GPU and CPU take the same prompts from cursor %i', async (cursor) => {
  const inputs = {
    records: bank.records,
    state: (run: number) => stateOf({ cursor: cursor + run }),
    record: 70,
    domain: 70,
    prompt: 70 * 16,
    used: 70,
  };
  const shape = { prompts: 70, repeats: 2, records: bank.count, promptLength: 16 };
  await compareKernel(await gpuBackend(), drawListed, shape, inputs, { runs: 2 });
});

test('GPU and CPU tally the same', async () => {
  const inputs = {
    records: bank.records,
    record: (run: number) => integers(24, bank.count, 3 + run),
    used: integers(24, 2, 8),
    reward: (run: number) => integers(24 * 4, 2, 5 + run),
    counts: integers(2 * COLUMNS, 100),
    state: stateOf({ cursor: 80 }),
  };
  const shape = { prompts: 24, group: 4, repeats: 2, records: bank.count, columns: COLUMNS };
  await compareKernel(await gpuBackend(), tally, shape, inputs, { runs: 3 });
});

test.each([
  ['webgpu', gpuBackend],
  ['cpu', async () => cpuBackend()],
])('a whole list is counted exactly once, a last batch that is not full included (%s)', async (_, make) => {
  const [prompts, group, repeats] = [28, 4, 2];
  const layout = new Layout(1);
  const add = (name: string, type: 'f32' | 'u32', length: number) => layout.add(name, type, length);
  const buffers = Object.fromEntries(
    [
      add('records', 'u32', bank.records.length),
      add('state', 'u32', 8),
      add('record', 'u32', prompts),
      add('domain', 'u32', prompts),
    ]
      .concat([add('prompt', 'u32', prompts * 16), add('used', 'u32', prompts), add('reward', 'f32', prompts * group)])
      .concat(add('counts', 'u32', 2 * COLUMNS))
      .map((name) => [name, name]),
  );
  const only = (names: readonly string[]) => Object.fromEntries(names.map((n) => [n, buffers[n]]));
  const plan = new PlanBuilder('evaluate', layout)
    .add(drawListed, { prompts, repeats, records: bank.count, promptLength: 16 }, only(drawListed.bufferNames))
    .add(tally, { prompts, group, repeats, records: bank.count, columns: COLUMNS }, only(tally.bufferNames))
    .build();
  const memory = await (await make()).allocate(layout);
  memory.write('records', bank.records);
  memory.write(
    'reward',
    Float32Array.from({ length: prompts * group }, (_x, i) => Number(i % group === 0)),
  );
  const program = await memory.compile(plan);
  program.run(Math.ceil((bank.count * repeats) / prompts) + 1);
  const counts = await memory.read('counts');
  expect(Array.from(counts)).toEqual(bank.columns.flatMap(({ count }) => [count * repeats, count * repeats * group]));
  expect((await memory.read('state'))[STATE.cursor]).toBe(bank.count);
  memory.destroy();
});

test('repeats that do not divide the batch are refused', () => {
  expect(() => tally.grid({ prompts: 9, repeats: 2, columns: 9, group: 1, records: 9 }, 1)).toThrow(
    'tally: 9 prompts (a multiple of repeats, 2)',
  );
});
