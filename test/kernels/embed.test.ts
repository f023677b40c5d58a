import { describe, it } from 'vitest';
import { embed } from '../../src/kernels/embed';
import { compareKernel, gpuBackend, integers } from './harness';

describe('embed', () => {
  it.each([
    [1, 1, 1, 1, 4, 1],
    [3, 2, 5, 3, 12, 3],
    [5, 3, 4, 7, 48, 3],
  ])(
    'prompts %i, group %i, prompt length %i, response length %i, width %i, runs %i',
    async (prompts, group, promptLength, responseLength, width, runs) => {
      const totalPrompts = prompts + 3;
      const tokenEmbedding = 8;
      const positionEmbedding = tokenEmbedding + 16 * width;
      const stride = positionEmbedding + (promptLength + responseLength) * width + 4;
      await compareKernel(
        await gpuBackend(),
        embed,
        {
          first: 2,
          prompts,
          group,
          promptLength,
          responseLength,
          width,
          tokenEmbedding,
          positionEmbedding,
          stride,
          totalPrompts,
        },
        {
          prompt: (run) => integers(totalPrompts * promptLength, 16, run),
          response: (run) => integers(totalPrompts * group * responseLength, 16, 10 + run),
          parameters: stride,
          x: prompts * (promptLength + group * responseLength) * width,
        },
        { runs, tolerance: { atol: 1e-6 } },
      );
    },
  );
});
