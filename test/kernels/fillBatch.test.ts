import { expect, test } from 'vitest';
import { HYPER_SIZE } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { fillBatch } from '../../src/kernels/fillBatch';
import { STATE_SIZE } from '../../src/kernels/state';
import { DOMAIN_COUNT } from './batchFixture';
import { gpuBackend, integers, runKernel } from './harness';

// The batch of a run that filters is tested against brute force in filterGroups.test.ts.
test('a run without filter takes round 0 as it was drawn, and leaves its segments', async () => {
  const shape = { prompts: 67, miniBatches: 1, domains: DOMAIN_COUNT, rounds: 2 };
  const candidate = integers(134, DOMAIN_COUNT).sort();
  const inputs = {
    place: 268,
    candidate,
    hyper: HYPER_SIZE,
    state: STATE_SIZE,
    source: 67,
    domain: 67,
    segments: [1, 2, 3, 4, 5, 6],
  };
  for (const backend of [cpuBackend(), await gpuBackend()]) {
    const out = await runKernel(backend, fillBatch, shape, { ...inputs, hyper: new Float32Array(HYPER_SIZE) });
    expect(Array.from(out.source)).toEqual(Array.from({ length: 67 }, (_, b) => b));
    expect(out.domain).toEqual(candidate.slice(0, 67));
    expect(Array.from(out.segments)).toEqual([1, 2, 3, 4, 5, 6]);
  }
});
