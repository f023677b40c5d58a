import { expect, test } from 'vitest';
import { openSweeps } from '../../src/archive/sweeps/sweeps';
import { lab } from '../../src/store/lab';
import { startSweep, sweeps } from '../../src/store/sweep';
import { bindSweeps } from '../../src/store/sweepPage';
import { parseSpec } from '../../src/sweep/spec';

/** The page's own worker and the browser's own database, on the CPU. */

const state = () => sweeps.getState();

test('a sweep in its worker is kept as it trains; a reload goes on where it was', async () => {
  const archive = `test-sweeps-${Date.now()}`;
  let memory = '';
  const load = () =>
    bindSweeps({
      baseUrl: location.origin,
      archive,
      memory: { read: () => memory, write: (text) => void (memory = text) },
    });
  load();
  lab.setState({ backend: 'cpu' });
  const spec = parseSpec({
    name: 'small',
    presets: ['tiny', 'mcpo-grpo'],
    changes: { steps: 8, 'tasks.instances': 16, 'rollout.prompts': 5, 'rollout.group': 3, 'eval.prompts': 1, 'eval.samples': 1 },
    fields: [{ field: 'contrast.tau', from: 0.05, to: 0.5, count: 2 }],
    seeds: 1,
    objective: { metric: 'reward/mean', window: 2 },
    report: 2,
    places: 1,
  });
  await startSweep(spec);
  await expect.poll(() => state().journal?.trials[1]?.step ?? 0, { timeout: 60_000, interval: 5 }).toBeGreaterThan(2);
  bindSweeps(null);
  await expect.poll(() => state().list).toBeNull();
  expect(JSON.parse(memory)).toMatchObject({ running: true });
  load();
  await expect.poll(() => state().status, { timeout: 60_000 }).toBe('finished');
  // The list follows the database, a moment later.
  const done = { error: null, list: [{ trials: 2, ended: 2, status: 'finished', backend: 'cpu' }] };
  await expect.poll(state, { timeout: 20_000 }).toMatchObject(done);
  const { id } = JSON.parse(memory);
  bindSweeps(null);
  await expect.poll(() => state().list).toBeNull();
  const kept = await openSweeps(archive);
  expect(kept.persistent).toBe(true);
  const { entries } = await kept.load(id);
  expect(entries.filter((e) => e.type === 'end').map((e) => e.type === 'end' && e.state)).toEqual(['finished', 'finished']);
  for (const trial of [0, 1]) expect((await kept.checkpointOf(id, trial))?.length).toBeGreaterThan(100_000);
  kept.close();
  indexedDB.deleteDatabase(archive);
});
