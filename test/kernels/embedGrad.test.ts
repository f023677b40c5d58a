import { describe, it } from 'vitest';
import { embed } from '../../src/kernels/embed';
import { embedGrad } from '../../src/kernels/embedGrad';
import { compareKernel, expectGradient, gpuBackend, integers, normals, reference64 } from './harness';

const VOCABULARY = 16;

function sizes(bounds: readonly number[], group: number, promptLength: number, responseLength: number, width: number) {
  const parts = bounds.length - 1;
  const prompts = bounds[parts];
  const positionEmbedding = 8 + VOCABULARY * width;
  const stride = positionEmbedding + (promptLength + responseLength) * width + 4;
  return {
    first: 1,
    prompts,
    group,
    promptLength,
    responseLength,
    width,
    vocabulary: VOCABULARY,
    tokenEmbedding: 8,
    positionEmbedding,
    stride,
    totalPrompts: prompts + 2,
    parts,
    segments: 2,
    segmentsLength: 2 + bounds.length,
    gradLength: parts * stride,
  };
}

describe('embedGrad', () => {
  it.each([
    [[0, 1], 1, 1, 1, 4, 1],
    [[0, 2, 2, 5], 2, 5, 3, 12, 3],
    [[0, 0, 3], 3, 4, 7, 48, 3],
    [[0, 7], 2, 3, 2, 8, 1],
  ] as const)(
    'parts %j, group %i, lengths %i and %i, width %i, runs %i',
    async (bounds, group, promptLength, responseLength, width, runs) => {
      const s = sizes(bounds, group, promptLength, responseLength, width);
      await compareKernel(
        await gpuBackend(),
        embedGrad,
        s,
        {
          prompt: (run) => integers(s.totalPrompts * promptLength, VOCABULARY, run),
          response: (run) => integers(s.totalPrompts * group * responseLength, VOCABULARY, 10 + run),
          segments: [7, 7, ...bounds],
          dx: s.prompts * (promptLength + group * responseLength) * width,
          grad: s.gradLength,
        },
        { runs },
      );
    },
  );

  it('is the derivative of embed, part by part', () => {
    const s = sizes([0, 2, 3], 2, 3, 2, 4);
    const rows = 3 * 7;
    const prompt = integers(s.totalPrompts * 3, VOCABULARY, 1);
    const response = integers(s.totalPrompts * 4, VOCABULARY, 2);
    const parameters = normals(s.stride, 3);
    const dx = normals(rows * 4, 4);
    const segments = Uint32Array.from([7, 7, 0, 2, 3]);
    const { grad } = reference64(embedGrad, s, { prompt, response, segments, dx, grad: new Float64Array(s.gradLength) });
    for (let c = 0; c < 2; c++) {
      const loss = () => {
        const { x } = reference64(embed, s, { prompt, response, parameters, x: new Float64Array(rows * 4) });
        let sum = 0;
        for (let i = segments[2 + c] * 28; i < segments[3 + c] * 28; i++) sum += dx[i] * x[i];
        return sum;
      };
      expectGradient(loss, parameters, grad.subarray(c * s.stride, (c + 1) * s.stride), `part ${c}`);
    }
  });
});
