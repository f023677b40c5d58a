import type { DomainInfo } from '../host/catalog';
import type { EvalResult, Event, Frame, Status } from '../host/protocol';
import { addFrame, EMPTY_FILM, type Film } from './film';
import { type Experiment, type Lane, lanesOf, runConfigs } from './lanes';
import { Trace } from './trace';
import { DEFAULT_VIEW, type ViewState } from './view';

/** Where the page may compute; `auto` prefers WebGPU. */
export const BACKENDS = ['auto', 'webgpu', 'cpu'] as const;
/** One of BACKENDS. */
export type BackendChoice = (typeof BACKENDS)[number];
export type { Config } from '../config/schema';
export type { DomainInfo, EvalResult, Frame, Status };

/** The fleet that the worker holds. */
export interface FleetInfo {
  backend: 'webgpu' | 'cpu';
  adapter: string;
  steps: number;
  /** Of one run. */
  parameters: number;
}

/** Held-out accuracy after a number of steps. */
export interface Evaluation {
  step: number;
  result: EvalResult;
}

/** What one run of the fleet has shown so far. */
export interface RunState {
  /** Place of its lane. */
  lane: number;
  seed: number;
  /** Grows in place; the store's `version` counts its changes. */
  trace: Trace;
  evaluations: readonly Evaluation[];
}

/** The focused run of the experiment before, kept for comparison. */
export interface Previous {
  trace: Trace;
  presets: readonly string[];
  config: Experiment['config'];
}

/** What the pointer is on; every view shows it. */
export interface Highlight {
  domain?: number;
  /** The other domain of a pair. */
  other?: number;
  /** Of the frame at hand. */
  prompt?: number;
  rollout?: number;
  lane?: number;
}

/** Everything that the page shows. */
export interface LabState extends Experiment, ViewState {
  lanes: readonly Lane[];
  backend: BackendChoice;
  domains: readonly DomainInfo[];
  /** Text of each token. */
  vocabulary: readonly string[];
  /** Faulty parts of the link that opened the page. */
  problems: readonly string[];
  /** Fleets asked for that the worker has not begun: until then its events belong to an older one. */
  waiting: number;
  status: Status;
  /** Play was pressed before the fleet was ready. */
  playSoon: boolean;
  /** Play, not Pause or Step, was the last word on training, and it goes on: what a reload goes on with. */
  playing: boolean;
  /** Pause was pressed and the worker has not come to it. */
  pauseSoon: boolean;
  fleet: FleetInfo | null;
  step: number;
  stepsPerSecond: number | null;
  /** Least seconds per step. */
  secondsPerStep: number;
  progress: { what: string; done: number } | null;
  notices: readonly string[];
  /** `fatal`: the fleet cannot go on. */
  error: { text: string; fatal: boolean } | null;
  runs: readonly RunState[];
  /** The curves come from a file or the archive, without a checkpoint: the engine stands at the start, and training replaces them. */
  replay: boolean;
  version: number;
  previous: Previous | null;
  /** Pools of the focused run over its training. */
  film: Film;
  /** A pool that the user dropped on the page. */
  file: Frame | null;
  /** Step under the pointer, shared by the charts; wins over the pinned step. */
  cursor: number | null;
  highlight: Highlight;
}

type Fresh = Pick<
  LabState,
  | 'lanes'
  | 'runs'
  | 'replay'
  | 'status'
  | 'playSoon'
  | 'playing'
  | 'pauseSoon'
  | 'fleet'
  | 'step'
  | 'stepsPerSecond'
  | 'progress'
  | 'notices'
  | 'error'
  | 'film'
  | 'cursor'
  | 'highlight'
>;

/** What a fleet that is being opened starts with. @throws ConfigError when the experiment's lanes do not go together */
export function freshFleet(experiment: Experiment): Fresh {
  const lanes = lanesOf(experiment);
  return {
    lanes,
    runs: runConfigs(lanes, experiment.seeds).map(({ lane, config }) => ({
      lane,
      seed: config.seed,
      trace: new Trace(config.steps),
      evaluations: [],
    })),
    replay: false,
    status: 'preparing',
    playSoon: false,
    playing: false,
    pauseSoon: false,
    fleet: null,
    step: 0,
    stepsPerSecond: null,
    progress: null,
    notices: [],
    error: null,
    film: EMPTY_FILM,
    cursor: null,
    highlight: {},
  };
}

/** The run that single-run views show. */
export const focused = ({ runs, focus }: Pick<LabState, 'runs' | 'focus'>): RunState => runs[focus] ?? runs[0];
/** Its lane: label, presets and configuration. */
export const focusedLane = (state: Pick<LabState, 'runs' | 'focus' | 'lanes'>): Lane => state.lanes[focused(state).lane];
/** Step that views of one moment show: under the pointer, else pinned, else null for the newest. */
export const shownStep = ({ cursor, at }: Pick<LabState, 'cursor' | 'at'>): number | null => cursor ?? at;

/** The state after some events; traces grow in place. */
export const reduceAll = (state: LabState, events: readonly Event[]): LabState => events.reduce(reduce, state);

/** Runs as they were after `step` steps: later ones are to be trained again. */
const upTo = (runs: readonly RunState[], step: number): RunState[] =>
  runs.map((r) => ({
    ...r,
    trace: r.trace.lastStep > step ? r.trace.upTo(step) : r.trace,
    evaluations: r.evaluations.filter((e) => e.step <= step),
  }));

function reduce(state: LabState, event: Event): LabState {
  const begins = event.type === 'status' && event.status === 'preparing';
  if (begins)
    return { ...state, waiting: Math.max(0, state.waiting - 1), status: 'preparing', fleet: null, progress: null, error: null };
  if (event.type === 'error') {
    const failed = event.fatal ? ({ status: 'failed', pauseSoon: false, progress: null, stepsPerSecond: null } as const) : {};
    const playing = state.playing && !event.fatal && !state.playSoon;
    return { ...state, ...failed, error: { text: event.text, fatal: event.fatal }, playSoon: false, playing };
  }
  if (state.waiting > 0) return state;
  switch (event.type) {
    case 'opened': {
      const { backend, adapter, steps, parameters, step } = event;
      const fleet = { backend, adapter, steps, parameters };
      if (state.replay && step === 0) return { ...state, fleet, progress: null, version: state.version + 1 };
      return { ...state, fleet, step, progress: null, runs: upTo(state.runs, step), version: state.version + 1 };
    }
    case 'status':
      return {
        ...state,
        status: event.status,
        playing: state.playing && event.status !== 'finished' && event.status !== 'failed',
        pauseSoon: false,
        progress: null,
        stepsPerSecond: event.status === 'failed' ? null : state.stepsPerSecond,
      };
    case 'notice':
      return state.notices.includes(event.text) ? state : { ...state, notices: [...state.notices, event.text] };
    case 'progress':
      return { ...state, progress: { what: event.what, done: event.done } };
    case 'steps': {
      if (state.replay) return reduce({ ...state, replay: false, runs: upTo(state.runs, event.steps[0][0].step - 1) }, event);
      event.steps.forEach((steps, run) => {
        for (const s of steps) state.runs[run]?.trace.push(s);
      });
      const step = event.steps[0].at(-1)?.step ?? state.step;
      return { ...state, step, stepsPerSecond: event.stepsPerSecond, progress: null, version: state.version + 1 };
    }
    case 'frame':
      return event.frame.run === state.focus ? { ...state, film: addFrame(state.film, event.frame, state.at) } : state;
    case 'evaluation': {
      const { step, results } = event;
      const runs = state.runs.map((r, i) => ({
        ...r,
        evaluations: [...r.evaluations.filter((e) => e.step !== step), { step, result: results[i] }].sort(
          (a, b) => a.step - b.step,
        ),
      }));
      return { ...state, progress: null, runs };
    }
    default:
      return state;
  }
}

/** View state alone, as links carry it. */
export const viewOf = (state: ViewState): ViewState =>
  Object.fromEntries(Object.keys(DEFAULT_VIEW).map((key) => [key, state[key as keyof ViewState]])) as unknown as ViewState;
