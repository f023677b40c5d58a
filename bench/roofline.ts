import type { Backend, EntryTime } from '../src/gpu/backend';
import type { Cost, Kernel } from '../src/gpu/kernel';
import { dispatchCost, Layout, type Plan, PlanBuilder } from '../src/gpu/plan';
import { median, secondsSince } from './measure';
import { fmaChains, nothing, triad, triadShape } from './rooflineKernels';

/** What this device can do at most, measured by kernels that do nothing else. */
export interface Roofline {
  /** Arithmetic, FLOP/s. */
  peak: number;
  /** Bandwidth of the triad by the bytes it touches, ascending: small pieces of work are served by caches. */
  bandwidth: { bytes: number; rate: number }[];
  /** Seconds of an empty dispatch inside a submit. */
  dispatch: number;
  /** Seconds of one more submit. */
  submit: number;
}

const REPEATS = 5;
/** Numbers in each of the triad's three arrays: in caches, around them, in memory. */
const STREAM_LENGTHS = [1 << 14, 1 << 16, 1 << 19, 1 << 23];
/** A measurement must last this long to be trusted. */
const LEAST_SECONDS = 0.03;

/** Least seconds to run `make(size)` and wait; `size` doubles until that takes long enough. */
async function grown(start: number, limit: number, make: (size: number) => Promise<() => Promise<void>>) {
  for (let size = start; ; size *= 2) {
    const run = await make(size);
    await run();
    const times: number[] = [];
    for (let r = 0; r < REPEATS; r++) {
      const begin = performance.now();
      await run();
      times.push(secondsSince(begin));
    }
    const seconds = Math.min(...times);
    if (seconds >= LEAST_SECONDS || size * 2 > limit) return { size, seconds };
  }
}

/** Measures the roofline of a backend: a second or two. */
export async function measureRoofline(backend: Backend): Promise<Roofline> {
  const gpu = backend.kind === 'webgpu';
  const threads = gpu ? 1 << 18 : 64;
  const length = 1 << (gpu ? 23 : 20);
  const layout = new Layout(1);
  layout.add('sink', 'f32', 4);
  layout.add('out', 'f32', 4 * threads);
  for (const name of ['a', 'b', 'c']) layout.add(name, 'f32', length);
  const memory = await backend.allocate(layout);
  /** Waits by reading back: that cannot resolve before the work is done. */
  const settled = () => memory.read('sink');
  const programOf = (kernel: Kernel, shape: Record<string, number>, buffers: Record<string, string>, times = 1) => {
    const b = new PlanBuilder(kernel.name, layout);
    for (let t = 0; t < times; t++) b.add(kernel, shape, buffers);
    return memory.compile(b.build());
  };
  const timesOf = async (run: () => void) => {
    const times: number[] = [];
    for (let r = 0; r <= REPEATS; r++) {
      const begin = performance.now();
      run();
      await settled();
      if (r) times.push(secondsSince(begin));
    }
    return median(times);
  };
  try {
    let peak = 0;
    for (const chains of [2, 8]) {
      const shapeOf = (rounds: number) => ({ threads, rounds, chains, scale: 0.999, step: 0.001 });
      const { size, seconds } = await grown(4, 1 << 18, async (rounds) => {
        const program = await programOf(fmaChains, shapeOf(rounds), { out: 'out' });
        return async () => {
          program.run();
          await settled();
        };
      });
      peak = Math.max(peak, fmaChains.cost(shapeOf(size)).flops / seconds);
    }
    const many = 512;
    const one = await programOf(nothing, { never: 0 }, { sink: 'sink' });
    const list = await programOf(nothing, { never: 0 }, { sink: 'sink' }, many);
    const single = await timesOf(() => one.run());
    const dispatch = Math.max(0, (await timesOf(() => list.run())) - single) / (many - 1);
    const submits = 64;
    const submitted = await timesOf(() => {
      for (let s = 0; s < submits; s++) one.run();
    });
    const submit = Math.max(0, (submitted - single) / (submits - 1) - dispatch);
    const bandwidth: Roofline['bandwidth'] = [];
    for (const count of STREAM_LENGTHS.filter((n) => n <= length)) {
      const shape = triadShape(count);
      const stream = await programOf(triad, shape, { a: 'a', b: 'b', c: 'c' });
      const { size, seconds } = await grown(1, 1 << 12, async (times) => async () => {
        stream.run(times);
        await settled();
      });
      const { bytes } = triad.cost(shape);
      bandwidth.push({ bytes, rate: bytes / Math.max(seconds / size - dispatch, 0.2 * (seconds / size)) });
    }
    return { peak, bandwidth, dispatch, submit };
  } finally {
    memory.destroy();
  }
}

/** Least seconds for a piece of work, launching apart. */
export function roofSeconds({ flops, bytes }: Cost, { peak, bandwidth }: Roofline): number {
  const { rate } = bandwidth.find((b) => bytes <= b.bytes) ?? bandwidth[bandwidth.length - 1];
  return Math.max(flops / peak, bytes / rate);
}

/** roof(step) = sum max(FLOPs / P, bytes / BW) + dispatches t_d + submits t_s, for `runs` runs. */
export function planRoof(plan: Plan, runs: number, roofline: Roofline, submits = 1): number {
  const work = plan.dispatches.reduce((sum, d) => sum + roofSeconds(dispatchCost(d), roofline), 0);
  return runs * work + plan.dispatches.length * roofline.dispatch + submits * roofline.submit;
}

/** One plan entry against its roof. */
export interface EntryReport extends EntryTime, Cost {
  /** Of the sum over entries. */
  share: number;
  gflops: number;
  /** Share of the roof that was reached, launching apart. */
  fraction: number;
}

export function entryReports(plan: Plan, times: readonly EntryTime[], runs: number, roofline: Roofline): EntryReport[] {
  const total = times.reduce((sum, t) => sum + t.seconds, 0);
  return times.map((t, i) => {
    const { flops, bytes } = dispatchCost(plan.dispatches[i]);
    const work = { flops: flops * runs, bytes: bytes * runs };
    return {
      ...t,
      ...work,
      share: t.seconds / total,
      gflops: work.flops / t.seconds / 1e9,
      fraction: roofSeconds(work, roofline) / t.seconds,
    };
  });
}
