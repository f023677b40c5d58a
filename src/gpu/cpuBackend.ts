import type { Backend, EntryTime, Memory, Program } from './backend';
import type { Data } from './kernel';
import type { Layout, Plan } from './plan';

/** Options of `cpuBackend`. */
export interface CpuOptions {
  /** Storage of f32 resources: f32 as on the GPU (default), or f64 for finite differences and oracles. */
  precision?: 'f32' | 'f64';
  /** Clock for `profile`, in seconds. */
  now?: () => number;
}

/** The references, in order, on one thread. Arithmetic is float64; what is stored between kernels has `precision`. */
export function cpuBackend({ precision = 'f32', now = () => performance.now() / 1000 }: CpuOptions = {}): Backend {
  return {
    kind: 'cpu',
    adapter: `JavaScript, ${precision} storage`,
    lost: new Promise(() => {}),
    allocate: async (layout) => allocate(layout, precision, now),
    destroy() {},
  };
}

function allocate(layout: Layout, precision: 'f32' | 'f64', now: () => number): Memory {
  const whole = new Map<string, Data>();
  const parts = new Map<string, Data[]>();
  for (const { name, type, length } of layout.resources.values()) {
    const size = length * layout.runs;
    const data = type === 'u32' ? new Uint32Array(size) : precision === 'f64' ? new Float64Array(size) : new Float32Array(size);
    whole.set(name, data);
    parts.set(
      name,
      Array.from({ length: layout.runs }, (_, r) => data.subarray(r * length, (r + 1) * length)),
    );
  }
  const part = (name: string, run: number): Data => {
    const found = parts.get(name)?.[run];
    if (!found) throw new Error(`no part ${run} of resource ${name}`);
    return found;
  };

  const compile = async (plan: Plan): Promise<Program> => {
    const bound = plan.dispatches.map((d) =>
      Array.from({ length: layout.runs }, (_, r) =>
        Object.fromEntries(d.kernel.bufferNames.map((b) => [b, part(d.buffers[b], r)])),
      ),
    );
    const execute = (i: number, runs = layout.runs) => {
      const { kernel, shape } = plan.dispatches[i];
      for (let r = 0; r < runs; r++) kernel.reference(shape, bound[i][r]);
    };
    return {
      plan,
      run(times = 1, runs = layout.runs) {
        for (let t = 0; t < times; t++) for (let i = 0; i < bound.length; i++) execute(i, runs);
      },
      async profile(repeats) {
        const seconds: number[][] = plan.dispatches.map(() => []);
        for (let t = 0; t < repeats; t++)
          for (let i = 0; i < bound.length; i++) {
            const start = now();
            execute(i);
            seconds[i].push(now() - start);
          }
        return plan.dispatches.map(
          (d, i): EntryTime => ({
            label: d.label,
            kernel: d.kernel.name,
            seconds: seconds[i].sort((a, b) => a - b)[repeats >> 1],
          }),
        );
      },
    };
  };

  return {
    layout,
    compile,
    write(name, data, run, offset = 0) {
      const { length } = layout.get(name);
      if (offset + data.length > length)
        throw new Error(`write to ${name}: ${offset + data.length} elements (at most ${length})`);
      for (let r = run ?? 0; r < (run === undefined ? layout.runs : run + 1); r++) part(name, r).set(data, offset);
    },
    async read(name) {
      layout.get(name);
      return (whole.get(name) as Data).slice();
    },
    async idle() {},
    destroy() {
      whole.clear();
      parts.clear();
    },
  };
}
