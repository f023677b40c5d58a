import { createStore } from 'zustand/vanilla';
import { ask } from './engine';
import { addFrame, EMPTY_FILM, type Film } from './film';
import { lab } from './lab';
import type { LabState } from './state';

/** Held-out rollouts of the focused run over its training: the same prompts every time, so that rows correspond. */
export interface HeldOutState {
  film: Film;
  busy: boolean;
  /** Why the engine gave none. */
  fault: string | null;
}

/** Prompts of each benchmark, and responses to each. */
export const HELD_OUT = { prompts: 8, samples: 4 };

/** Least time between two answers while training goes on, and how many times longer than the answer took it is at least. */
const EVERY = 3000;
const PATIENCE = 4;

const NOTHING: HeldOutState = { film: EMPTY_FILM, busy: false, fault: null };

/** State of the held-out rollouts. */
export const heldOut = createStore<HeldOutState>(() => NOTHING);

/** What the film is of: another experiment or another run begins anew, and answers about the old one are dropped. */
let of = {};
let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** When training may be held up again. */
let next = 0;
/** Step at which the engine was last asked while it stood still. */
let asked: number | null = null;

const isReady = ({ fleet, waiting, status }: LabState) =>
  fleet !== null && waiting === 0 && (status === 'training' || status === 'paused' || status === 'finished');

/** Asks for held-out rollouts of the focused run now; what goes wrong is in `fault`. */
export async function sampleHeldOut(): Promise<void> {
  const { focus, step, status } = lab.getState();
  const own = of;
  clearTimeout(timer);
  timer = undefined;
  asked = status === 'training' ? null : step;
  heldOut.setState({ busy: true, fault: null });
  const from = performance.now();
  try {
    const frame = await ask({ kind: 'heldOut', run: focus, ...HELD_OUT });
    if (of !== own) return;
    heldOut.setState(({ film }) => ({ film: addFrame(film, frame, lab.getState().at), busy: false }));
  } catch (error) {
    if (of !== own) return;
    heldOut.setState({ busy: false, fault: (error as Error).message });
  }
  const now = performance.now();
  next = now + Math.max(EVERY, PATIENCE * (now - from));
  refresh();
}

lab.subscribe((now, before) => {
  if (now.lanes === before.lanes && now.focus === before.focus) return;
  of = {};
  asked = null;
  next = 0;
  clearTimeout(timer);
  timer = undefined;
  heldOut.setState(NOTHING);
});

/** Asks soon, where the newest rollouts are of another step than the policy. */
function refresh(): void {
  if (watchers === 0) return;
  const state = lab.getState();
  const { film, busy, fault } = heldOut.getState();
  if (busy || timer !== undefined || !isReady(state)) return;
  const training = state.status === 'training';
  const current = film.frames.at(-1)?.step === state.step;
  if (training ? fault !== null : current || asked === state.step) return;
  const wait = training ? Math.max(0, next - performance.now()) : 0;
  timer = setTimeout(() => void sampleHeldOut(), wait);
}

/** Keeps the held-out film up to date until the returned function is called. */
export function watchHeldOut(): () => void {
  watchers++;
  const parts = ['status', 'fleet', 'waiting', 'step', 'focus', 'lanes'] as const;
  const stop = lab.subscribe((now, before) => {
    if (!parts.some((k) => now[k] !== before[k])) return;
    // Training has stopped: what waits for its time is due.
    if (now.status !== before.status) {
      clearTimeout(timer);
      timer = undefined;
    }
    refresh();
  });
  refresh();
  return () => {
    watchers--;
    stop();
    if (watchers > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}
