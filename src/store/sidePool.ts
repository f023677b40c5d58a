import { createStore } from 'zustand/vanilla';
import { ask } from './engine';
import { addFrame, EMPTY_FILM, type Film } from './film';
import { lab } from './lab';
import type { LabState } from './state';

/** Pools over training of a run that is not the focused one. */
export interface SidePool {
  /** Place in the fleet; null as long as nobody looks. */
  run: number | null;
  film: Film;
}

const NOTHING: SidePool = { run: null, film: EMPTY_FILM };

/** State of the pool beside the focused run's. */
export const sidePool = createStore<SidePool>(() => NOTHING);

/** Least time between two questions while training goes on, and how many times longer than the answer took it is at least. */
const EVERY = 1000;
const PATIENCE = 4;

const isReady = ({ fleet, waiting, status, step, replay }: LabState) =>
  fleet !== null && waiting === 0 && step > 0 && !replay && ['training', 'paused', 'finished'].includes(status);

/** Asks for the pool of a run as it trains, and when it stops, until the returned function is called. */
export function watchSidePool(run: number): () => void {
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let next = 0;
  /** Step at which the engine was last asked. */
  let asked = 0;
  /** Another experiment is another object: answers about the old one are dropped. */
  let about = {};
  if (sidePool.getState().run !== run) sidePool.setState({ run, film: EMPTY_FILM });

  async function look(): Promise<void> {
    const from = performance.now();
    const own = about;
    asked = lab.getState().step;
    // A refused question is asked again with the next step.
    const frame = await ask({ kind: 'frame', run }).catch(() => null);
    if (over) return;
    if (frame && own === about) sidePool.setState(({ film }) => ({ film: addFrame(film, frame, lab.getState().at) }));
    next = performance.now() + Math.max(EVERY, PATIENCE * (performance.now() - from));
    timer = undefined;
    refresh();
  }
  function refresh(): void {
    const state = lab.getState();
    if (timer !== undefined || !isReady(state) || state.step === asked) return;
    const wait = state.status === 'training' ? Math.max(0, next - performance.now()) : 0;
    timer = setTimeout(() => void look(), wait);
  }
  const stop = lab.subscribe((now, before) => {
    if (now.lanes !== before.lanes) {
      about = {};
      asked = 0;
      sidePool.setState({ film: EMPTY_FILM });
    }
    if (now.step !== before.step || now.status !== before.status || now.fleet !== before.fleet) refresh();
  });
  refresh();
  return () => {
    over = true;
    clearTimeout(timer);
    stop();
  };
}
