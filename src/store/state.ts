import type { Config } from '../config/schema';
import type { DomainInfo } from '../host/catalog';
import type { EvalResult, Event, PoolPicture, RolloutText, Status } from '../host/protocol';
import { Trace } from './trace';

/** Where the page may compute; `auto` prefers WebGPU. */
export const BACKENDS = ['auto', 'webgpu', 'cpu'] as const;
/** One of BACKENDS. */
export type BackendChoice = (typeof BACKENDS)[number];
export type { Config, DomainInfo, EvalResult, PoolPicture, RolloutText, Status };

/** The run that the worker holds. */
export interface RunInfo {
  backend: 'webgpu' | 'cpu';
  adapter: string;
  steps: number;
  parameters: number;
}

/** Held-out accuracy after a number of steps. */
export interface Evaluation {
  step: number;
  result: EvalResult;
}

/** Curves kept for comparison. */
export interface Previous {
  trace: Trace;
  presets: readonly string[];
  config: Config;
}

/** Everything that the page shows. */
export interface LabState {
  presets: readonly string[];
  config: Config;
  backend: BackendChoice;
  domains: readonly DomainInfo[];
  /** Faulty parts of the link that opened the page. */
  problems: readonly string[];
  /** Runs asked for that the worker has not begun: until then its events belong to an older run. */
  waiting: number;
  status: Status;
  /** Play was pressed before the run was ready. */
  playSoon: boolean;
  /** Pause was pressed and the worker has not come to it. */
  pauseSoon: boolean;
  run: RunInfo | null;
  step: number;
  stepsPerSecond: number | null;
  progress: { what: string; done: number } | null;
  notices: readonly string[];
  /** `fatal`: the run cannot go on. */
  error: { text: string; fatal: boolean } | null;
  /** Grows in place; `version` counts its changes. */
  trace: Trace;
  version: number;
  previous: Previous | null;
  picture: { step: number; pool: PoolPicture; rollouts: readonly RolloutText[] } | null;
  evaluations: readonly Evaluation[];
  /** Step under the pointer, shared by the charts. */
  cursor: number | null;
}

/** What a run that is being opened starts with. */
export const freshRun = (): Pick<
  LabState,
  | 'status'
  | 'playSoon'
  | 'pauseSoon'
  | 'run'
  | 'step'
  | 'stepsPerSecond'
  | 'progress'
  | 'notices'
  | 'error'
  | 'trace'
  | 'picture'
  | 'evaluations'
  | 'cursor'
> => ({
  status: 'preparing',
  playSoon: false,
  pauseSoon: false,
  run: null,
  step: 0,
  stepsPerSecond: null,
  progress: null,
  notices: [],
  error: null,
  trace: new Trace(),
  picture: null,
  evaluations: [],
  cursor: null,
});

/** The state after some events; the trace grows in place. */
export const reduceAll = (state: LabState, events: readonly Event[]): LabState => events.reduce(reduce, state);

function reduce(state: LabState, event: Event): LabState {
  const begins = event.type === 'status' && event.status === 'preparing';
  if (begins)
    return { ...state, waiting: Math.max(0, state.waiting - 1), status: 'preparing', run: null, progress: null, error: null };
  if (event.type === 'error') return { ...state, error: { text: event.text, fatal: event.fatal }, playSoon: false };
  if (state.waiting > 0) return state;
  switch (event.type) {
    case 'opened': {
      const { backend, adapter, steps, parameters, step } = event;
      const { trace, version, evaluations } = state;
      const longer = trace.lastStep > step; // reopened from a checkpoint after the device was lost
      return {
        ...state,
        run: { backend, adapter, steps, parameters },
        step,
        progress: null,
        trace: longer ? trace.upTo(step) : trace,
        version: version + 1,
        evaluations: evaluations.filter((e) => e.step <= step),
      };
    }
    case 'status':
      return {
        ...state,
        status: event.status,
        pauseSoon: false,
        progress: null,
        stepsPerSecond: event.status === 'failed' ? null : state.stepsPerSecond,
      };
    case 'notice':
      return state.notices.includes(event.text) ? state : { ...state, notices: [...state.notices, event.text] };
    case 'progress':
      return { ...state, progress: { what: event.what, done: event.done } };
    case 'steps': {
      for (const s of event.steps) state.trace.push(s);
      const step = event.steps.at(-1)?.step ?? state.step;
      return { ...state, step, stepsPerSecond: event.stepsPerSecond, progress: null, version: state.version + 1 };
    }
    case 'picture':
      return { ...state, picture: { step: event.step, pool: event.pool, rollouts: event.rollouts } };
    case 'evaluation': {
      const { step, result } = event;
      return { ...state, progress: null, evaluations: [...state.evaluations.filter((e) => e.step !== step), { step, result }] };
    }
    default:
      return state;
  }
}
