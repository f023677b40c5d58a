import type { Entry, Order, SweepSpec } from '../../sweep/types';
import type { Bytes } from '../protocol';

/** All running trials at one moment, from which the sweep goes on bit for bit. */
export interface Snapshot {
  /** Entries of the journal that were written by then. */
  entries: number;
  /** Fleets in the order in which they train; `left`: steps that they have still to do in their round. */
  fleets: { places: number; left: number }[];
  /** Running trials by place; `bytes`: a checkpoint file, null for one that has not taken a step. */
  trials: { trial: number; fleet: number; bytes: Bytes | null }[];
}

/** What the page asks of the sweep's worker. */
export type SweepCommand =
  /** Begins a sweep, or goes on with one: `past` is its whole journal, `snapshot` the newest one. Whatever ran before is dropped. */
  | { type: 'run'; spec: SweepSpec; backend: 'auto' | 'webgpu' | 'cpu'; past: Entry[]; snapshot: Snapshot | null }
  /** Stops at the next submission; `play` goes on from there. */
  | { type: 'pause' }
  | { type: 'play' }
  | { type: 'order'; order: Order };

/** What the worker tells the page. */
export type SweepEvent =
  /** Appended to the journal, in order. */
  | { type: 'entries'; entries: Entry[] }
  | { type: 'snapshot'; snapshot: Snapshot }
  /** A trial's last state, when it has finished: a checkpoint file. */
  | { type: 'checkpoint'; trial: number; bytes: Bytes }
  | { type: 'status'; status: 'preparing' | 'running' | 'paused' | 'finished' | 'failed' }
  /** `what` is under way, share done 0 to 1: warm start, compiling, evaluation, making again what a snapshot lacks. */
  | { type: 'progress'; what: string; done: number }
  /** Trial-steps a second, and runs side by side in the fleet at work. */
  | { type: 'pace'; stepsPerSecond: number; places: number }
  | { type: 'notice'; text: string }
  | { type: 'error'; text: string };
