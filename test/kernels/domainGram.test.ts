import { describe, expect, it } from 'vitest';
import { surgerySizes, tensorTable } from '../../src/engine/surgery';
import { domainGram, domainPairs, pairAt } from '../../src/kernels/domainGram';
import { compareKernel, expectClose, gpuBackend, normals, runKernel } from './harness';
import { tensorsOf } from './surgeryFixture';

describe('domainGram', () => {
  it.each([
    [{ 'policy.a': 1 }, 1, 1],
    [{ 'policy.a': 252, 'policy.b': 63 }, 2, 3],
    [{ 'policy.a': 256, 'policy.b': 1024, 'policy.c': 65 }, 5, 1],
    [{ 'policy.a': 1028, 'policy.b': 4, 'policy.c': 3109 }, 8, 2],
  ])('tensors %o, parts %i, runs %i', async (lengths, parts, runs) => {
    const parameters = tensorsOf(lengths, 12);
    const sizes = surgerySizes(parameters);
    const inputs = {
      tensors: tensorTable(parameters),
      grad: parameters.size * parts,
      pieces: sizes.stretches * domainPairs(parts),
    };
    await compareKernel(await gpuBackend(), domainGram, { size: parameters.size, parts, ...sizes }, inputs, {
      runs,
      tolerance: { atol: 1e-4, rtol: 1e-5 },
    });
  });

  it('takes long stretches in several rounds of the workgroup', async () => {
    const parameters = tensorsOf({ 'policy.a': 5000 });
    const grad = normals(2 * parameters.size);
    const shape = { size: parameters.size, parts: 2, tensors: 1, stretches: 2, stretch: 704 };
    const { pieces } = await runKernel(await gpuBackend(), domainGram, shape, {
      tensors: tensorTable(parameters),
      grad,
      pieces: 6,
    });
    const dot = (a: number, b: number, from: number, to: number) => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += grad[a * parameters.size + i] * grad[b * parameters.size + i];
      return sum;
    };
    const want = [0, 2816].flatMap((from, s) =>
      [0, 1].flatMap((a) => [a, 1].slice(a).map((b) => dot(a, b, from, s ? 5000 : 2816))),
    );
    expectClose(pieces, want, 'pieces', { atol: 1e-3, rtol: 1e-5 });
  });

  it('numbers the pairs in the order in which it makes them', () => {
    for (const parts of [1, 2, 5, 8]) {
      const pairs: number[] = [];
      for (let a = 0; a < parts; a++) for (let b = a; b < parts; b++) pairs.push(pairAt(a, b, parts));
      expect(pairs).toEqual(Array.from({ length: domainPairs(parts) }, (_, n) => n));
      expect(pairAt(parts - 1, 0, parts)).toBe(parts - 1);
    }
  });
});
