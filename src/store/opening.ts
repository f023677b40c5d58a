import { catalog } from '../host/catalog';
import type { Bytes } from '../host/protocol';
import { bind, isRunning, type Surroundings, send, startWorker, watch } from './engine';
import { lab } from './lab';
import { type Experiment, runConfigs } from './lanes';
import { readLink, writeLink } from './link';
import { BACKENDS, type BackendChoice, focused, focusedLane, freshFleet, type LabState, type RunState, viewOf } from './state';

/** Binds the store to a page and opens what the link describes; `link` is the URL's fragment, `backend` one of BACKENDS; null opens nothing yet. */
export function connect(surroundings: Surroundings, link: string | null, backend = 'auto'): void {
  bind(surroundings);
  const known = BACKENDS.find((b) => b === backend);
  lab.setState({ ...freshFleet(lab.getState()), previous: null, file: null, backend: known ?? 'auto' });
  if (link !== null) openLink(link);
  if (!known) {
    const problem = `unknown backend: ${backend} (one of ${BACKENDS.join(', ')})`;
    lab.setState(({ problems }) => ({ problems: [...problems, problem] }));
  }
}

/** Opens what a link describes; its faulty parts go to `problems`. Training goes on where only the view differs. */
export function openLink(link: string): void {
  const { experiment, view, problems } = readLink(link);
  const old = lab.getState();
  const same = isRunning() && old.status !== 'failed' && writeLink(experiment, view) === writeLink(old, view);
  if (same) {
    focusRun(view.focus);
    lab.setState({ ...view, problems });
    return;
  }
  lab.setState({ ...view, problems });
  if (view.focus !== old.focus) watch(view.focus);
  open(experiment);
}

/** Looks where a link says, at what is on the page now. */
export function lookAsIn(link: string): void {
  const { view } = readLink(link);
  const { runs } = lab.getState();
  const focus = Math.min(view.focus, runs.length - 1);
  focusRun(focus);
  lab.setState({ ...view, focus });
}

/** The link to what is on the page. */
export const linkText = (state: LabState): string => writeLink(state, viewOf(state));

/** What a fleet goes on from. */
export interface Resumption {
  /** One per run, all of one step; left out: training begins at the start, and `runs` are shown until it does. */
  checkpoints?: Bytes[];
  /** What was measured up to there; left out: nothing. */
  runs?: readonly RunState[];
  /** The kept fleet that goes on; left out: a new one. */
  fleet?: string;
}

const openings = new Set<(resumption?: Resumption) => void>();

/** Tells `listener` whenever an experiment is opened, before the engine hears of it. @returns stops that */
export function onOpen(listener: (resumption?: Resumption) => void): () => void {
  openings.add(listener);
  return () => openings.delete(listener);
}

/**
 * Begins anew with some part of the experiment changed; what was trained stays behind as the previous run.
 * @throws ConfigError, with nothing changed, when the parts do not go together
 */
export function open(change: Partial<Experiment> & { backend?: BackendChoice } = {}, resumption?: Resumption): void {
  const old = lab.getState();
  const experiment: Experiment = {
    presets: change.presets ?? old.presets,
    config: change.config ?? old.config,
    race: change.race === undefined ? old.race : change.race,
    seeds: change.seeds ?? old.seeds,
  };
  const fresh = freshFleet(experiment);
  const broken = old.status === 'failed' || old.error?.fatal;
  /** Play pressed while the page was still opening its first experiment holds for that one. */
  const playSoon = !isRunning() && old.playSoon;
  if (!isRunning() || broken) startWorker();
  const { waiting } = lab.getState();
  const { trace } = focused(old);
  const { presets, config } = focusedLane(old);
  const runs = resumption?.runs ?? fresh.runs;
  lab.setState({
    ...fresh,
    ...experiment,
    playSoon,
    playing: playSoon,
    runs,
    step: runs[0].trace.lastStep,
    replay: resumption !== undefined && !resumption.checkpoints,
    backend: change.backend ?? old.backend,
    focus: Math.min(lab.getState().focus, runs.length - 1),
    domains: catalog(experiment.config.tasks),
    waiting: waiting + 1,
    version: old.version + 1,
    previous: trace.length > 0 ? { trace, presets, config } : old.previous,
  });
  for (const listener of openings) listener(resumption);
  const { backend, focus } = lab.getState();
  if (focus !== old.focus) watch(focus);
  send({
    type: 'open',
    configs: runConfigs(fresh.lanes, experiment.seeds).map((r) => r.config),
    backend,
    ...(resumption?.checkpoints ? { checkpoints: resumption.checkpoints } : {}),
  });
}

/** The same experiment from its start: same seed, same weights. */
export const reset = (): void => open();

/** Begins anew on another backend. */
export const chooseBackend = (backend: BackendChoice): void => open({ backend });

/** Shows this run in the single-run views. */
export function focusRun(focus: number): void {
  const { focus: old, film } = lab.getState();
  if (focus === old) return;
  lab.setState({ focus, selected: null, film: { ...film, frames: [] } });
  watch(focus);
}
