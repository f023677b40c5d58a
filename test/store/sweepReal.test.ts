import { afterEach, expect, test, vi } from 'vitest';
import { openSweeps } from '../../src/archive/sweeps/sweeps';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { SweepSession } from '../../src/host/sweep/session';
import { startSweep, sweeps } from '../../src/store/sweep';
import { outcome, readPublic, smallSpec, wholeSweep } from '../host/sweep/support';
import { kept, SweepPage } from './sweepPage';

/** The store with a sweep that is really trained. */

vi.mock('../../src/archive/sweeps/sweeps', async (original) => {
  const own = await original<typeof import('../../src/archive/sweeps/sweeps')>();
  return { ...own, openSweeps: async () => ({ ...(kept.archive ??= await own.openSweeps('test')), close: () => undefined }) };
});

const state = () => sweeps.getState();

afterEach(() => vi.unstubAllGlobals());

test('a sweep that is reloaded twice ends as one that was not', async () => {
  vi.stubGlobal('navigator', {});
  const devices = { open: async () => cpuBackend(), readPublic, now: () => performance.now() / 1000 };
  const page = new SweepPage((onEvent) => {
    let open = true;
    // As through a port: later, and as a copy.
    const emit = (event: unknown) => setTimeout(() => open && onEvent(structuredClone(event) as never));
    const session = new SweepSession(devices, emit, () => 1_700_000_000_000);
    return {
      send: (command) => void session.handle(structuredClone(command)),
      close() {
        open = false;
        void session.handle({ type: 'pause' });
      },
    };
  });
  await page.load();
  const spec = smallSpec();
  await startSweep(spec);
  for (const steps of [5, 20]) {
    const done = () => state().journal?.trials.reduce((sum, t) => sum + t.step, 0) ?? 0;
    await vi.waitFor(() => expect(done()).toBeGreaterThan(steps), { timeout: 60_000, interval: 1 });
    await page.reload();
  }
  await vi.waitFor(() => expect(state().status).toBe('finished'), { timeout: 60_000 });
  expect(state().error).toBeNull();
  const archive = await openSweeps();
  const [{ id }] = await archive.list();
  const { entries, record } = await archive.load(id);
  expect(record).toMatchObject({ trials: 8, ended: 8, backend: 'cpu' });
  expect(outcome(entries)).toEqual(outcome((await wholeSweep(spec)).entries));
  for (let trial = 0; trial < 8; trial++) expect(await archive.checkpointOf(id, trial)).not.toBeNull();
  await page.leave();
});
