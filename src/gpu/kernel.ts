/**
 * A kernel: one WGSL entry point and, beside it, the same computation on the CPU.
 *
 * The .wgsl text is the truth. `kernel()` checks the TypeScript against it when the module loads and names what drifted.
 * A kernel works on R runs at once: the grid's z axis is the run, every buffer holds R equal parts, and the reference sees one run's part.
 */

/** What a reference reads and writes: one run's part of a buffer. */
export type Data = Float32Array | Float64Array | Uint32Array;
/** Type of a size in `struct Params` or of an override. */
export type Scalar = 'u32' | 'f32' | 'i32';
/** How a kernel uses a buffer. */
export type Access = 'read' | 'read_write';
/** Workgroups to dispatch; z counts runs. */
export type Grid = readonly [x: number, y: number, z: number];
/** Work of one dispatch for one run. */
export interface Cost {
  /** Floating-point operations of one run (a multiply-add counts 2). */
  flops: number;
  /** Bytes that one run must at least read and write. */
  bytes: number;
}

/** What `kernel` is told. */
export interface KernelSpec<P extends string, O extends string, B extends string> {
  /** Stem of the .wgsl file and name of its entry point. */
  name: string;
  wgsl: string;
  /** WGSL text put before the kernel: functions of shaders/lib and generated constants; no bindings, no entry points. */
  uses?: readonly string[];
  /** Fields of `struct Params`, in order: 4-byte scalars. */
  params: Record<P, Scalar>;
  /** Pipeline-overridable constants (`override name: u32;`): sizes of workgroup arrays, tile shapes. */
  overrides?: Record<O, Scalar>;
  /** Storage buffers at @binding(1…), in order. */
  buffers: Record<B, Access>;
  /** Buffers that only hold intermediate values: their content afterwards is unspecified. */
  scratch?: readonly NoInfer<B>[];
  /**
   * Share of the results that may differ between devices, because they hinge on which of two real numbers is larger: rounding decides
   * near ties. 0 when left out.
   */
  ties?: number;
  /** Workgroups to dispatch; z must be `runs`. */
  grid(shape: Record<P | O, number>, runs: number): Grid;
  cost(shape: Record<P | O, number>): Cost;
  /** The same computation on one run's data: the specification. */
  reference(shape: Record<P | O, number>, data: Record<B, Data>): void;
}

/** A checked kernel, its names erased to text so that plans can hold any of them. */
export interface Kernel {
  readonly name: string;
  /** Complete WGSL text. */
  readonly code: string;
  readonly paramNames: readonly string[];
  readonly paramTypes: readonly Scalar[];
  readonly overrideNames: readonly string[];
  readonly bufferNames: readonly string[];
  readonly access: Readonly<Record<string, Access>>;
  readonly scratch: readonly string[];
  readonly ties: number;
  /** Element type of each buffer as WGSL declares it: f32 or u32. */
  readonly elements: Readonly<Record<string, 'f32' | 'u32'>>;
  grid(shape: Record<string, number>, runs: number): Grid;
  cost(shape: Record<string, number>): Cost;
  reference(shape: Record<string, number>, data: Record<string, Data>): void;
}

const MAX_STORAGE_BUFFERS = 8;
const registry = new Map<string, Kernel>();

/** Every kernel defined so far, in order of definition (the self-test walks it). */
export const allKernels = (): readonly Kernel[] => [...registry.values()];

/**
 * Defines a kernel.
 * @throws Error naming the kernel and the first place where spec and WGSL text differ.
 */
export function kernel<P extends string, O extends string = never, B extends string = string>(spec: KernelSpec<P, O, B>): Kernel {
  const { name, wgsl } = spec;
  const fail = (what: string): never => {
    throw new Error(`kernel ${name} drifted from shaders/${name}.wgsl: ${what}`);
  };
  const text = wgsl.replace(/\/\/.*$/gm, '');

  const paramNames = Object.keys(spec.params) as P[];
  const paramTypes = paramNames.map((p) => spec.params[p]);
  const body = /struct\s+Params\s*\{([^}]*)\}/.exec(text)?.[1] ?? fail('struct Params is missing');
  const fields = body
    .split(',')
    .map((f) => f.trim())
    .filter(Boolean);
  paramNames.forEach((p, i) => {
    const want = `${p}: ${spec.params[p]}`;
    const have = (fields[i] ?? '').replace(/\s*:\s*/, ': ');
    if (have !== want) fail(`field ${i} of struct Params is \`${have}\`, expected \`${want}\``);
  });
  if (fields.length !== paramNames.length) fail(`struct Params has ${fields.length} fields, expected ${paramNames.length}`);
  if (!/@group\(0\)\s*@binding\(0\)\s*var<uniform>\s+params\s*:\s*Params\s*;/.test(text))
    fail('`@group(0) @binding(0) var<uniform> params: Params;` is missing');

  const overrideNames = Object.keys(spec.overrides ?? {}) as O[];
  const declaredOverrides = [...text.matchAll(/\boverride\s+(\w+)\s*:\s*(\w+)/g)].map((m) => `${m[1]}: ${m[2]}`);
  const wantedOverrides = overrideNames.map((o) => `${o}: ${spec.overrides?.[o]}`);
  if (declaredOverrides.join() !== wantedOverrides.join())
    fail(`overrides are [${declaredOverrides}], expected [${wantedOverrides}]`);

  const bufferNames = Object.keys(spec.buffers) as B[];
  if (bufferNames.length > MAX_STORAGE_BUFFERS) fail(`${bufferNames.length} storage buffers (at most ${MAX_STORAGE_BUFFERS})`);
  const bindings = [
    ...text.matchAll(
      /@group\(0\)\s*@binding\((\d+)\)\s*var<storage\s*,\s*(\w+)>\s+(\w+)\s*:\s*array<\s*(?:vec[24]<\s*)?(f32|u32)/g,
    ),
  ];
  const elements: Record<string, 'f32' | 'u32'> = {};
  bufferNames.forEach((b, i) => {
    const want = `@binding(${i + 1}) ${spec.buffers[b]} ${b}`;
    const found = bindings[i];
    const have = found ? `@binding(${found[1]}) ${found[2]} ${found[3]}` : 'nothing';
    if (have !== want) fail(`storage binding ${i} is \`${have}\`, expected \`${want}\``);
    elements[b] = found[4] as 'f32' | 'u32';
  });
  if (bindings.length !== bufferNames.length) fail(`${bindings.length} storage bindings, expected ${bufferNames.length}`);

  const entries = [...text.matchAll(/@compute[^{]*?\bfn\s+(\w+)/g)].map((m) => m[1]);
  if (entries.join() !== name) fail(`entry point is \`${entries}\`, expected \`${name}\``);

  const made: Kernel = {
    name,
    code: [...(spec.uses ?? []), wgsl].join('\n'),
    paramNames,
    paramTypes,
    overrideNames,
    bufferNames,
    access: spec.buffers,
    scratch: spec.scratch ?? [],
    ties: spec.ties ?? 0,
    elements,
    grid: (shape, runs) => spec.grid(shape as Record<P | O, number>, runs),
    cost: (shape) => spec.cost(shape as Record<P | O, number>),
    reference: (shape, data) => spec.reference(shape as Record<P | O, number>, data as Record<B, Data>),
  };
  registry.set(name, made);
  return made;
}
