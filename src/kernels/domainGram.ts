import wgsl from '../../shaders/domainGram.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Pairs a ≤ b of `parts` domains, in the order (0, 0), (0, 1), …, (1, 1), … */
export const domainPairs = (parts: number): number => (parts * (parts + 1)) / 2;

/** Position of the pair (a, b) among the pairs of `parts` domains. */
export const pairAt = (a: number, b: number, parts: number): number => {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low * parts - (low * (low - 1)) / 2 + high - low;
};

/**
 * Inner products of the domains' gradients over stretches of each policy tensor: `pieces` [stretches, domainPairs(parts)].
 * `tensors` holds of each tensor its first parameter / 4, parameters / 4, first stretch and block (`tensorTable`); `stretch` is in
 * fours of parameters. parts ≤ 8.
 */
export const domainGram = kernel({
  name: 'domainGram',
  wgsl,
  params: { size: 'u32', parts: 'u32', tensors: 'u32', stretches: 'u32', stretch: 'u32' },
  buffers: { tensors: 'read', grad: 'read', pieces: 'read_write' },
  grid: ({ stretches }, runs) => [stretches, 1, runs],
  cost: ({ size, parts, stretches }) => ({
    flops: 2 * size * domainPairs(parts),
    bytes: 4 * (size * parts + stretches * domainPairs(parts)),
  }),
  reference({ size, parts, tensors: count, stretch }, { tensors, grad, pieces }) {
    const pairs = domainPairs(parts);
    for (let q = 0; q < count; q++) {
      const [first, length, firstStretch] = tensors.subarray(4 * q);
      for (let s = 0; s * stretch < length; s++) {
        const begin = 4 * (first + s * stretch);
        const end = 4 * (first + Math.min((s + 1) * stretch, length));
        for (let a = 0; a < parts; a++)
          for (let b = a; b < parts; b++) {
            let sum = 0;
            for (let i = begin; i < end; i++) sum += grad[a * size + i] * grad[b * size + i];
            pieces[(firstStretch + s) * pairs + pairAt(a, b, parts)] = sum;
          }
      }
    }
  },
});
