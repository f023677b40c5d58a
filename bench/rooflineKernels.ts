import { kernel } from '../src/gpu/kernel';
import fmaWgsl from './shaders/fmaChains.wgsl?raw';
import nothingWgsl from './shaders/nothing.wgsl?raw';
import triadWgsl from './shaders/triad.wgsl?raw';

/** Fused multiply-adds of one vec4 chain step times chains: 8 in each loop round of either shape. */
const FLOPS_PER_ROUND = 8 * 4 * 2;

/** Peak arithmetic. */
export const fmaChains = kernel({
  name: 'fmaChains',
  wgsl: fmaWgsl,
  params: { threads: 'u32', rounds: 'u32', chains: 'u32', scale: 'f32', step: 'f32' },
  buffers: { out: 'read_write' },
  grid: ({ threads }, runs) => [Math.ceil(threads / 64), 1, runs],
  cost: ({ threads, rounds }) => ({ flops: threads * rounds * FLOPS_PER_ROUND, bytes: 16 * threads }),
  reference({ threads, rounds, chains, scale, step }, { out }) {
    const x = new Float64Array(4 * chains);
    for (let t = 0; t < threads; t++) {
      for (let i = 0; i < x.length; i++) x[i] = (t % 64) / 64 + (i >> 2);
      for (let r = 0; r < (rounds * 8) / chains; r++) for (let i = 0; i < x.length; i++) x[i] = x[i] * scale + step;
      for (let k = 0; k < 4; k++) {
        let sum = 0;
        for (let i = k; i < x.length; i += 4) sum += x[i];
        out[4 * t + k] = sum;
      }
    }
  },
});

const columnsOf = (vectors: number) => Math.min(Math.ceil(vectors / 512), 65535);
/** Sizes of `triad` over arrays of `length` numbers. */
export const triadShape = (length: number) => ({ vectors: length / 4, columns: columnsOf(length / 4), scale: 0.5 });

/** Memory bandwidth. */
export const triad = kernel({
  name: 'triad',
  wgsl: triadWgsl,
  params: { vectors: 'u32', columns: 'u32', scale: 'f32' },
  buffers: { b: 'read', c: 'read', a: 'read_write' },
  grid: ({ vectors, columns }, runs) => [columns, Math.ceil(vectors / 512 / columns), runs],
  cost: ({ vectors }) => ({ flops: 8 * vectors, bytes: 48 * vectors }),
  reference({ vectors, scale }, { a, b, c }) {
    for (let i = 0; i < 4 * vectors; i++) a[i] = b[i] + scale * c[i];
  },
});

/** An empty dispatch. */
export const nothing = kernel({
  name: 'nothing',
  wgsl: nothingWgsl,
  params: { never: 'u32' },
  buffers: { sink: 'read_write' },
  grid: (_, runs) => [1, 1, runs],
  cost: () => ({ flops: 0, bytes: 0 }),
  reference() {},
});
