import type { Data } from './kernel';
import type { Layout, Plan } from './plan';

/** What a device cannot do: hold a resource, run a grid, compile a kernel. Another backend may still do it. */
export class DeviceError extends Error {
  override name = 'DeviceError';
}

/** Time of one plan entry, as measured by `Program.profile`. */
export interface EntryTime {
  label: string;
  kernel: string;
  /** Median seconds of one dispatch over all runs. */
  seconds: number;
}

/** A plan made ready on a device. */
export interface Program {
  readonly plan: Plan;
  /** Queues the whole plan `times` times, in order, without waiting; for the first `runs` runs of the fleet, all when left out. */
  run(times?: number, runs?: number): void;
  /** Runs the plan `repeats` times, timing every entry. */
  profile(repeats: number): Promise<EntryTime[]>;
}

/** Memory of one fleet on one device. Reads and writes are ordered with the programs' runs. */
export interface Memory {
  readonly layout: Layout;
  /** @param progress told the share of kernels that are ready */
  compile(plan: Plan, progress?: (done: number) => void): Promise<Program>;
  /** Copies `data` into one run's part of a resource, from element `offset`; every run's part when `run` is left out. */
  write(name: string, data: Data, run?: number, offset?: number): void;
  /** All runs' parts, one after the other. */
  read(name: string): Promise<Data>;
  /** Resolves when everything queued so far is done. */
  idle(): Promise<void>;
  destroy(): void;
}

/**
 * Where plans run. Contract: dispatches take effect in order; equal inputs give bit-equal outputs on the same backend;
 * `allocate` throws when a resource does not fit, naming it, its size and the limit.
 */
export interface Backend {
  readonly kind: 'webgpu' | 'cpu';
  /** Device and driver in words. */
  readonly adapter: string;
  /** Resolves with the reason when the device is lost; never on the CPU. */
  readonly lost: Promise<string>;
  allocate(layout: Layout): Promise<Memory>;
  destroy(): void;
}
