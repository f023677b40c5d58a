import type { Backend, Memory } from '../gpu/backend';
import type { Data } from '../gpu/kernel';
import { type Dispatch, Layout, type Plan } from '../gpu/plan';

/** How far one dispatch's result on a device is from its reference's. */
export interface Deviation {
  kernel: string;
  label: string;
  /** Worst |device − reference| / (absolute + relative · |reference|): at most 1 passes. */
  worst: number;
  /** Where it is worst. */
  at: string;
  elements: number;
}

/** Allowed |device − reference|: absolute · RMS of the buffer + relative · |reference|. */
export interface LockstepTolerance {
  relative: number;
  /** In units of the buffer's root mean square. */
  absolute: number;
}

const DEFAULT: LockstepTolerance = { relative: 5e-5, absolute: 5e-6 };

function rootMeanSquare(xs: Data): number {
  let s = 0;
  for (let i = 0; i < xs.length; i++) s += xs[i] * xs[i];
  return Math.sqrt(s / xs.length);
}

/** Error in units of what is allowed; infinite for u32 that differ and for anything that is not finite on one side only. */
function deviation(have: number, want: number, exact: boolean, floor: number, relative: number): number {
  if (Object.is(have, want) || have === want) return 0;
  const error = Math.abs(have - want) / (floor + relative * Math.abs(want));
  return exact || !Number.isFinite(error) ? Number.POSITIVE_INFINITY : error;
}

/** Layout of the resources that one dispatch touches. */
function layoutOf(d: Dispatch, whole: Layout): Layout {
  const layout = new Layout(whole.runs);
  for (const b of d.kernel.bufferNames) {
    const { name, type, length } = whole.get(d.buffers[b]);
    layout.add(name, type, length);
  }
  return layout;
}

/**
 * Runs `plan` on the references, and every dispatch once more on `device` from the reference's own inputs; compares all that it
 * writes. u32 results must be equal, f32 results close, all but the share that the kernel's near ties may change. Errors cannot pile up, because each dispatch starts from the reference's state.
 * @param reference memory on the CPU backend, already filled
 */
export async function lockstep(reference: Memory, device: Backend, plan: Plan, tolerance = DEFAULT): Promise<Deviation[]> {
  const out: Deviation[] = [];
  for (const d of plan.dispatches) {
    const single = { name: `${plan.name}/${d.label}`, dispatches: [d] };
    const memory = await device.allocate(layoutOf(d, reference.layout));
    const program = await memory.compile(single);
    const names = [...memory.layout.resources.keys()];
    for (const name of names) {
      const whole = await reference.read(name);
      const { length } = memory.layout.get(name);
      for (let run = 0; run < memory.layout.runs; run++)
        memory.write(name, whole.subarray(run * length, (run + 1) * length), run);
    }
    program.run();
    (await reference.compile(single)).run();
    let worst = 0;
    let at = '';
    let elements = 0;
    for (const b of d.kernel.bufferNames) {
      if (d.kernel.access[b] === 'read' || d.kernel.scratch.includes(b)) continue;
      const name = d.buffers[b];
      const want = await reference.read(name);
      const have = await memory.read(name);
      const exact = d.kernel.elements[b] === 'u32';
      const floor = tolerance.absolute * rootMeanSquare(want) + 1e-12;
      elements += want.length;
      const errors = Float64Array.from(want, (w, i) => deviation(have[i], w, exact, floor, tolerance.relative));
      const off = errors.reduce((n, e) => n + Number(e > 1), 0);
      if (off > 0 && off <= d.kernel.ties * want.length) continue;
      for (let i = 0; i < want.length; i++) {
        if (errors[i] > worst) {
          worst = errors[i];
          at = `${b}[${i}]: ${have[i]}, reference ${want[i]}`;
        }
      }
    }
    memory.destroy();
    out.push({ kernel: d.kernel.name, label: d.label, worst, at, elements });
  }
  return out;
}
