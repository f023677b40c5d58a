import type { Cost, Kernel } from './kernel';

/** A named piece of memory: R equal parts of `length` elements. */
export interface Resource {
  readonly name: string;
  readonly type: 'f32' | 'u32';
  /** Elements per run. */
  readonly length: number;
}

/** One entry of a plan: a kernel with its sizes, and the resource behind each of its buffers. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly label: string;
  readonly shape: Readonly<Record<string, number>>;
  /** Kernel buffer name → resource name. */
  readonly buffers: Readonly<Record<string, string>>;
}

/** A list of dispatches that is made once and replayed; nothing in it waits for the CPU. */
export interface Plan {
  readonly name: string;
  readonly dispatches: readonly Dispatch[];
}

/** The memory of a fleet of `runs` runs: every resource any of its plans names. */
export class Layout {
  readonly resources = new Map<string, Resource>();
  constructor(readonly runs: number) {}

  /** Declares a resource; declaring it twice with the same type and length is allowed. */
  add(name: string, type: 'f32' | 'u32', length: number): string {
    if (!Number.isInteger(length) || length < 1) throw new Error(`invalid length of ${name}: ${length} (an integer ≥ 1)`);
    const known = this.resources.get(name);
    if (known && (known.type !== type || known.length !== length))
      throw new Error(`resource ${name} is ${known.type}[${known.length}], declared again as ${type}[${length}]`);
    this.resources.set(name, { name, type, length });
    return name;
  }

  get(name: string): Resource {
    const found = this.resources.get(name);
    if (!found) throw new Error(`unknown resource: ${name}`);
    return found;
  }
}

/** Collects dispatches and checks each against the layout. */
export class PlanBuilder {
  readonly dispatches: Dispatch[] = [];
  constructor(
    readonly name: string,
    readonly layout: Layout,
  ) {}

  /**
   * Appends a dispatch.
   * @throws Error when a size is missing or not finite, a buffer is unbound or of the other element type, or one resource is
   * bound twice while one of the bindings writes it (WebGPU forbids that).
   */
  add(kernel: Kernel, shape: Record<string, number>, buffers: Record<string, string>, label = kernel.name): this {
    const where = `${this.name}/${label}`;
    for (const key of [...kernel.paramNames, ...kernel.overrideNames])
      if (!Number.isFinite(shape[key])) throw new Error(`${where}: size ${key} is ${shape[key]}`);
    for (const key of Object.keys(shape))
      if (!kernel.paramNames.includes(key) && !kernel.overrideNames.includes(key))
        throw new Error(`${where}: unknown size ${key}`);
    const seen = new Map<string, string>();
    for (const b of kernel.bufferNames) {
      const resource = this.layout.get(buffers[b] ?? `${where}.${b}`);
      if (resource.type !== kernel.elements[b])
        throw new Error(`${where}: ${b} is ${kernel.elements[b]}, resource ${resource.name} is ${resource.type}`);
      const other = seen.get(resource.name);
      if (other && (kernel.access[b] === 'read_write' || kernel.access[other] === 'read_write'))
        throw new Error(`${where}: ${other} and ${b} share ${resource.name}, and one of them writes it`);
      seen.set(resource.name, b);
    }
    for (const key of Object.keys(buffers))
      if (!kernel.bufferNames.includes(key)) throw new Error(`${where}: unknown buffer ${key}`);
    this.dispatches.push({ kernel, label, shape, buffers });
    return this;
  }

  build(): Plan {
    return { name: this.name, dispatches: this.dispatches };
  }
}

/** Work of one dispatch for one run. */
export const dispatchCost = (d: Dispatch): Cost => d.kernel.cost(d.shape);

/** Work of a whole plan for one run. */
export function planCost(plan: Plan): Cost {
  const total = { flops: 0, bytes: 0 };
  for (const d of plan.dispatches) {
    const { flops, bytes } = dispatchCost(d);
    total.flops += flops;
    total.bytes += bytes;
  }
  return total;
}
