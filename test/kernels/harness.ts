import { expect } from 'vitest';
import { nodeBackend } from '../../src/cli/device';
import type { Backend } from '../../src/gpu/backend';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { Data, Kernel } from '../../src/gpu/kernel';
import { Layout, type Plan, PlanBuilder } from '../../src/gpu/plan';
import { Random } from '../../src/math/random';

/**
 * Content of one buffer, for one run: a number is a length (f32: seeded standard normals, u32: zeros), an array is the same in
 * every run, a function makes the content of each run.
 */
export type Input = number | Data | readonly number[] | ((run: number) => Data | readonly number[]);
export type Inputs = Record<string, Input>;

export interface Tolerance {
  /** Allowed |gpu − cpu|: atol + rtol·|cpu|. */
  atol?: number;
  rtol?: number;
}

export interface CompareOptions {
  runs?: number;
  tolerance?: Tolerance;
  seed?: number;
  /** Buffers that are not compared (scratch memory). */
  ignore?: readonly string[];
}

let gpu: Promise<Backend> | undefined;

/** This file's WebGPU backend, made on first use. */
export const gpuBackend = (): Promise<Backend> => {
  gpu ??= nodeBackend('webgpu', () => {});
  return gpu;
};

/** `count` seeded standard normals times `scale`. */
export function normals(count: number, seed = 1, scale = 1): Float64Array {
  const random = new Random(seed, 99);
  return Float64Array.from({ length: count }, () => Math.fround(random.normal() * scale));
}

/** `count` seeded integers in [0, below). */
export function integers(count: number, below: number, seed = 1): Uint32Array {
  const random = new Random(seed, 98);
  return Uint32Array.from({ length: count }, () => random.below(below));
}

function contentOf(input: Input, type: 'f32' | 'u32', run: number, seed: number): Data {
  const given = typeof input === 'function' ? input(run) : input;
  if (typeof given !== 'number') return type === 'u32' ? Uint32Array.from(given) : Float64Array.from(given);
  return type === 'u32' ? new Uint32Array(given) : normals(given, seed * 1009 + run);
}

/** A plan of this one kernel, its memory layout (one resource per buffer, of the same name) and the content per run. */
function single(kernel: Kernel, shape: Record<string, number>, inputs: Inputs, runs: number, seed: number) {
  const layout = new Layout(runs);
  const contents = new Map<string, Data[]>();
  kernel.bufferNames.forEach((b, i) => {
    const input = inputs[b];
    if (input === undefined) throw new Error(`kernel ${kernel.name}: no input for buffer ${b}`);
    const parts = Array.from({ length: runs }, (_, r) => contentOf(input, kernel.elements[b], r, seed + i));
    layout.add(b, kernel.elements[b], parts[0].length);
    contents.set(b, parts);
  });
  const plan = new PlanBuilder(kernel.name, layout)
    .add(kernel, shape, Object.fromEntries(kernel.bufferNames.map((b) => [b, b])))
    .build();
  return { layout, plan, contents };
}

async function execute(backend: Backend, layout: Layout, plan: Plan, contents: Map<string, Data[]>, outputs: readonly string[]) {
  const memory = await backend.allocate(layout);
  for (const [name, parts] of contents) parts.forEach((data, run) => void memory.write(name, data, run));
  (await memory.compile(plan)).run();
  const results = new Map<string, Data>();
  for (const name of outputs) results.set(name, await memory.read(name));
  memory.destroy();
  return results;
}

/** What the kernel leaves in its read_write buffers (all runs). */
export async function runKernel(
  backend: Backend,
  kernel: Kernel,
  shape: Record<string, number>,
  inputs: Inputs,
  { runs = 1, seed = 1 }: CompareOptions = {},
): Promise<Record<string, Data>> {
  const { layout, plan, contents } = single(kernel, shape, inputs, runs, seed);
  const outputs = kernel.bufferNames.filter((b) => kernel.access[b] === 'read_write');
  return Object.fromEntries(await execute(backend, layout, plan, contents, outputs));
}

/** Runs the reference in float64 on one run's data. Arrays passed in are changed in place and returned. */
export function reference64(kernel: Kernel, shape: Record<string, number>, data: Record<string, Data>): Record<string, Data> {
  kernel.reference(shape, data);
  return data;
}

/** Fails, naming the worst index and both values, unless |have − want| ≤ atol + rtol·|want| everywhere. */
export function expectClose(
  have: ArrayLike<number>,
  want: ArrayLike<number>,
  what: string,
  { atol = 1e-5, rtol = 1e-4 }: Tolerance = {},
): void {
  expect(have.length, `${what}: length`).toBe(want.length);
  let worst = -1;
  let excess = 1;
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(have[i] - want[i]) / (atol + rtol * Math.abs(want[i]) + 1e-300);
    if (Object.is(have[i], want[i]) || error <= excess) continue;
    worst = i;
    excess = error;
    if (Number.isNaN(error)) break;
  }
  if (worst >= 0)
    throw new Error(
      `${what}[${worst}] is ${have[worst]}, expected ${want[worst]} (off by ${excess} tolerances, atol ${atol}, rtol ${rtol})`,
    );
}

/** Runs `kernel` on the CPU (f32 storage) and on `backend`, and compares every buffer it writes. */
export async function compareKernel(
  backend: Backend,
  kernel: Kernel,
  shape: Record<string, number>,
  inputs: Inputs,
  options: CompareOptions = {},
): Promise<void> {
  const { tolerance = {}, ignore = [], runs = 1 } = options;
  const want = await runKernel(cpuBackend(), kernel, shape, inputs, options);
  const have = await runKernel(backend, kernel, shape, inputs, options);
  for (const b of Object.keys(want)) {
    if (ignore.includes(b)) continue;
    const exact = kernel.elements[b] === 'u32';
    expectClose(
      have[b],
      want[b],
      `${kernel.name} ${JSON.stringify(shape)} runs ${runs}: ${b}`,
      exact ? { atol: 0, rtol: 0 } : tolerance,
    );
  }
}

/**
 * Checks an analytic gradient against central differences of `loss`, both in float64, at up to `samples` positions of `x`.
 * `loss` must read `x` itself; x is restored.
 */
export function expectGradient(
  loss: () => number,
  x: Float64Array,
  gradient: ArrayLike<number>,
  what: string,
  { step = 1e-5, rtol = 1e-6, atol = 1e-8, samples = 40 } = {},
): void {
  const stride = Math.max(1, Math.floor(x.length / samples));
  for (let i = 0; i < x.length; i += stride) {
    const at = x[i];
    x[i] = at + step;
    const up = loss();
    x[i] = at - step;
    const down = loss();
    x[i] = at;
    const numeric = (up - down) / (2 * step);
    if (!(Math.abs(numeric - gradient[i]) <= atol + rtol * Math.abs(numeric)))
      throw new Error(`${what}[${i}] is ${gradient[i]}, central differences give ${numeric}`);
  }
}
