import { describe, expect, test, vi } from 'vitest';
import { openSweeps } from '../../src/archive/sweeps/sweeps';
import { spec, sweepCases } from './sweepCases';

vi.stubGlobal('navigator', {});

describe('in memory', () => {
  sweepCases((now) => openSweeps('test', now ? { now } : {}));

  test('it says why, and does not share what it is given', async () => {
    const archive = await openSweeps('test');
    expect(archive.persistent).toBe(false);
    expect(archive.reason).toBe(
      "sweeps are not kept when this page closes: the browser's storage cannot be used (this browser has no IndexedDB here)",
    );
    const { id } = await archive.create(spec);
    const seeds = [7];
    await archive.append(id, [
      { type: 'sweep', spec: { ...spec, seeds }, version: '', backend: 'cpu', adapter: '', memory: 1, at: 0 },
    ]);
    seeds.push(8);
    expect((await archive.load(id)).record.spec.seeds).toEqual([7]);
  });
});
