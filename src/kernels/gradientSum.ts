import wgsl from '../../shaders/gradientSum.wgsl?raw';
import finite from '../../shaders/lib/finite.wgsl?raw';
import squaresLib from '../../shaders/lib/squares.wgsl?raw';
import { kernel } from '../gpu/kernel';

const GROUP = 1024;

/** Rows of four numbers in `squares` for `size` parameters. */
export const gradientGroups = (size: number): number => Math.ceil(size / GROUP);

/** Largest sum of squares that f32 holds. */
const LARGEST = 3.4028234663852886e38;

/** Adds sums of squares; −1 stands for "not finite" and stays. */
export const addSquares = (a: number, b: number): number => (a >= 0 && b >= 0 && a + b <= LARGEST ? a + b : -1);

/**
 * total = Σ over parts of weight · `grad`, and in `squares` [gradientGroups(size), 4] the sums of its squares: of the policy's
 * parameters [0, headStart), of the head's [headStart, clipoStart), of CLIPO's head, and 0; −1 where a gradient is not finite.
 * `weight` [tensors, parts] comes from `surgery` and counts for the policy's tensors alone; with `weighted` 0 it is not read.
 */
export const gradientSum = kernel({
  name: 'gradientSum',
  wgsl,
  uses: [finite, squaresLib],
  params: { size: 'u32', headStart: 'u32', clipoStart: 'u32', parts: 'u32', weighted: 'u32', tensors: 'u32' },
  buffers: { grad: 'read', tensors: 'read', weight: 'read', total: 'read_write', squares: 'read_write' },
  grid: ({ size }, runs) => [gradientGroups(size), 1, runs],
  cost: ({ size, parts }) => ({ flops: size * (parts + 2), bytes: 4 * size * (parts + 1) }),
  reference({ size, headStart, clipoStart, parts, weighted, tensors: count }, { grad, tensors, weight, total, squares }) {
    squares.fill(0);
    let tensor = 0;
    for (let i = 0; i < size; i++) {
      while (tensor + 1 < count && 4 * tensors[4 * (tensor + 1)] <= i) tensor++;
      const weighs = weighted > 0 && i < headStart;
      let sum = 0;
      for (let c = 0; c < parts; c++) sum += (weighs ? weight[tensor * parts + c] : 1) * grad[c * size + i];
      total[i] = sum;
      const at = 4 * Math.floor(i / GROUP) + (i < headStart ? 0 : i < clipoStart ? 1 : 2);
      squares[at] = addSquares(squares[at], sum * sum);
    }
  },
});
