import { createStore } from 'zustand/vanilla';
import type { Answers } from '../host/protocol';
import { ask } from './engine';
import { lab } from './lab';
import type { LabState } from './state';

export { type BlockInterference, type ModuleInterference, summarise } from '../host/interference';

/** How the domains' gradients of one run got on, tensor by tensor, after `step` steps. */
export type Modules = Answers['interference'] & { run: number };

/** What the interference panel knows of the policy's modules. */
export interface InterferenceState {
  modules: Modules | null;
  /** Why the last question was refused. */
  error: string | null;
}

const NOTHING: InterferenceState = { modules: null, error: null };

/** Gradients of the domains by module, while the view is open. */
export const interference = createStore<InterferenceState>(() => NOTHING);

/** Between two questions while training, milliseconds. */
const EVERY = 2000;

/** Whether there is something to ask that has not been answered. */
const isNews = ({ status, fleet, waiting, step, focus, replay }: LabState, { modules }: InterferenceState): boolean =>
  fleet !== null &&
  waiting === 0 &&
  step > 0 &&
  !replay &&
  status !== 'preparing' &&
  status !== 'failed' &&
  (modules?.step !== step || modules.run !== focus);

/** Asks the engine about the focused run's modules: at every stop, and at most every two seconds while it trains. @returns stops that */
export function watchInterference(): () => void {
  let asked = Number.NEGATIVE_INFINITY;
  let asking = false;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let about = '';
  const subject = () => `${lab.getState().step} ${lab.getState().focus}`;
  const look = async () => {
    timer = undefined;
    const { focus, fleet } = lab.getState();
    if (asking || over || !isNews(lab.getState(), interference.getState())) return;
    asking = true;
    asked = performance.now();
    about = subject();
    try {
      const answer = await ask({ kind: 'interference', run: focus });
      // An answer about a fleet that is no longer on the page is none.
      if (!over && lab.getState().fleet === fleet) interference.setState({ modules: { ...answer, run: focus }, error: null });
    } catch (error) {
      if (!over) interference.setState({ error: (error as Error).message });
    }
    asking = false;
    soon();
  };
  const soon = () => {
    if (over || asking || timer !== undefined || !isNews(lab.getState(), interference.getState())) return;
    const calm = lab.getState().status === 'training' || about === subject();
    timer = setTimeout(() => void look(), calm ? Math.max(0, asked + EVERY - performance.now()) : 100);
  };
  const stop = lab.subscribe((now, before) => {
    if (now.waiting > before.waiting) interference.setState(NOTHING);
    // A stop is no time to wait.
    if (now.status !== before.status) {
      clearTimeout(timer);
      timer = undefined;
    }
    soon();
  });
  soon();
  return () => {
    over = true;
    stop();
    clearTimeout(timer);
    interference.setState(NOTHING);
  };
}
