import { describe, it } from 'vitest';
import { STATS_SIZE } from '../../src/kernels/metrics';
import { policyStats } from '../../src/kernels/policyStats';
import { compareKernel, gpuBackend, integers } from './harness';

describe('policyStats', () => {
  it.each([
    [1, 1, 1, 1],
    [5, 3, 12, 3],
    [37, 8, 5, 3],
  ])('prompts %i, group %i, response length %i, runs %i', async (prompts, group, responseLength, runs) => {
    const totalPrompts = prompts + 2;
    await compareKernel(
      await gpuBackend(),
      policyStats,
      { first: 1, prompts, group, responseLength, totalPrompts },
      {
        tokenStats: prompts * group * responseLength * 4,
        length: (run) => integers(totalPrompts * group, responseLength + 1, run),
        stats: STATS_SIZE,
      },
      { runs, tolerance: { atol: 1e-4 } },
    );
  });
});
