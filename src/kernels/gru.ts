import wgsl from '../../shaders/gru.wgsl?raw';
import gruCell from '../../shaders/lib/gruCell.wgsl?raw';
import pickLane from '../../shaders/lib/pickLane.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Sizes of a mini-batch, M prompts of G rollouts, as a recurrent layer sees it. */
export interface RecurrentShape {
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
}

const rowsOf = (s: RecurrentShape): number => s.prompts * (s.promptLength + s.group * s.responseLength);

/**
 * Visits every row before those that follow it, with the rows that follow: the next one of its prompt or rollout; after a prompt's
 * last row the first row of each of its rollouts.
 */
export function forSuccessors(
  { prompts, group, promptLength: Q, responseLength: T }: RecurrentShape,
  visit: (row: number, next: readonly number[], opens: boolean) => void,
): void {
  for (let m = 0; m < prompts; m++) {
    const first = m * (Q + group * T);
    for (let q = 0; q < Q - 1; q++) visit(first + q, [first + q + 1], q === 0);
    visit(
      first + Q - 1,
      Array.from({ length: group }, (_, j) => first + Q + j * T),
      Q === 1,
    );
    for (let row = first + Q; row < first + Q + group * T; row++)
      visit(row, (row - first - Q) % T < T - 1 ? [row + 1] : [], false);
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The cell from its gates' inputs `a` = W_ih y + b, products `b` = W_hh h' (both [r, z, n]) and previous state h', for one channel. */
export function gruCell64(a: readonly number[], b: readonly number[], previous: number) {
  const r = sigmoid(a[0] + b[0]);
  const z = sigmoid(a[1] + b[1]);
  const n = Math.tanh(a[2] + r * b[2]);
  return { r, z, n, h: (1 - z) * n + z * previous };
}

/**
 * One layer of gated recurrent units (Cho et al. 2014; the reset gate acts on W_n h', as in PyTorch and cuDNN) over the rows of a
 * mini-batch. `gates` [X, 3H] holds W_ih y + b before and (r, z, n) after; `hidden` [X, H] gets the state before each row,
 * `candidate` [X, H] gets W_n h'; the new states are added to `x` [X, H]. `weight` is the offset of W_hh [3H, H] in `parameters`.
 */
export const gru = kernel({
  name: 'gru',
  wgsl,
  uses: [gruCell, pickLane],
  params: {
    prompts: 'u32',
    group: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    width: 'u32',
    weight: 'u32',
    stride: 'u32',
  },
  buffers: { parameters: 'read', gates: 'read_write', hidden: 'read_write', candidate: 'read_write', x: 'read_write' },
  grid: ({ prompts }, runs) => [prompts, 1, runs],
  cost: (s) => ({
    flops: rowsOf(s) * (6 * s.width * s.width + 12 * s.width),
    bytes: 4 * (3 * s.width * s.width + rowsOf(s) * 11 * s.width),
  }),
  reference(shape, { parameters, gates, hidden, candidate, x }) {
    const { width, weight } = shape;
    const products = new Float64Array(3 * width);
    const next = new Float64Array(width);
    forSuccessors(shape, (row, followers, opens) => {
      if (opens) hidden.fill(0, row * width, (row + 1) * width);
      const was = hidden.subarray(row * width, (row + 1) * width);
      for (let o = 0; o < 3 * width; o++) {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += parameters[weight + o * width + i] * was[i];
        products[o] = sum;
      }
      for (let i = 0; i < width; i++) {
        const at = [0, 1, 2].map((g) => row * 3 * width + g * width + i);
        const { r, z, n, h } = gruCell64(
          at.map((k) => gates[k]),
          [products[i], products[width + i], products[2 * width + i]],
          was[i],
        );
        gates[at[0]] = r;
        gates[at[1]] = z;
        gates[at[2]] = n;
        candidate[row * width + i] = products[2 * width + i];
        x[row * width + i] += h;
        next[i] = h;
      }
      for (const follower of followers) hidden.set(next, follower * width);
    });
  },
});
