import { describe, it } from 'vitest';
import { countTokens } from '../../src/kernels/countTokens';
import { compareKernel, gpuBackend, integers } from './harness';

describe('countTokens', () => {
  it.each([
    [1, 1, 1],
    [9, 7, 3],
    [5, 13, 3],
    [67, 8, 1],
  ])('prompts %i, group %i, runs %i', async (prompts, group, runs) => {
    const totalPrompts = prompts + 3;
    const length = (run: number) => integers(totalPrompts * group, 13, run);
    await compareKernel(
      await gpuBackend(),
      countTokens,
      { first: 2, prompts, group, totalPrompts },
      { length, tokens: 1 },
      { runs },
    );
  });
});
