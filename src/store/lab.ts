import { createStore } from 'zustand/vanilla';
import { getValue, parseValue } from '../config/fields';
import { merged, nest, resolve } from '../config/resolve';
import type { Layer } from '../config/schema';
import type { ReadPublic } from '../host/base';
import { catalog, vocabulary } from '../host/catalog';
import type { Client } from '../host/client';
import type { Answers, Bytes, Event, Question } from '../host/protocol';
import { chosen, withAblation, withPreset } from './changes';
import { type Experiment, lanesOf, parseRace, type Race, runConfigs } from './lanes';
import { defaultExperiment, readLink, writeLink } from './link';
import {
  BACKENDS,
  type BackendChoice,
  focused,
  focusedLane,
  freshFleet,
  type LabState,
  type RunState,
  reduceAll,
  viewOf,
} from './state';
import { DEFAULT_VIEW } from './view';

/** What the store needs from the page. */
export interface Surroundings {
  startClient(onEvent: (event: Event) => void): Client;
  /** Calls `flush` once, soon: at the next animation frame. */
  schedule(flush: () => void): void;
  /** Hands a file to the user. */
  download(bytes: Uint8Array<ArrayBuffer>, name: string): void;
  /** Reads a shipped file; left out: nothing is shipped. */
  readPublic?: ReadPublic;
}

const start = defaultExperiment();

/** The page's state. */
export const lab = createStore<LabState>(() => ({
  ...start,
  ...DEFAULT_VIEW,
  backend: 'auto',
  domains: catalog(start.config.tasks),
  vocabulary,
  problems: [],
  waiting: 0,
  version: 0,
  secondsPerStep: 0,
  previous: null,
  file: null,
  ...freshFleet(start),
}));

let around: Surroundings | undefined;
let client: Client | undefined;
let inbox: Event[] = [];
const listeners = new Set<(event: Event) => void>();

/** Tells `listener` every event of the present fleet, after the store took it in. @returns stops that */
export function onEngineEvent(listener: (event: Event) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function receive(from: Client | undefined, event: Event): void {
  if (from !== client || !around) return;
  if (inbox.push(event) === 1) around.schedule(flush);
}

/** Takes in what has come since the last frame. */
function flush(): void {
  const events = inbox;
  inbox = [];
  // Until an asked-for fleet begins, events are those of the fleet before.
  let stale = lab.getState().waiting;
  const current = events.filter((event) => {
    if (event.type === 'status' && event.status === 'preparing') stale = Math.max(0, stale - 1);
    return stale === 0;
  });
  lab.setState(reduceAll(lab.getState(), events));
  for (const event of current) for (const listener of listeners) listener(event);
  const { playSoon, fleet, waiting } = lab.getState();
  if (playSoon && fleet && waiting === 0) play();
}

/** Between two frames of the focused run while it trains. */
const FRAME_SECONDS = 0.5;

function startWorker(): void {
  client?.close();
  client = undefined;
  inbox = [];
  lab.setState({ waiting: 0 });
  let own: Client | undefined;
  own = around?.startClient((event) => receive(own, event));
  client = own;
  const { focus, secondsPerStep } = lab.getState();
  client?.send({ type: 'watch', run: focus, seconds: FRAME_SECONDS });
  client?.send({ type: 'pace', secondsPerStep });
}

/** Binds the store to a page and opens what the link describes; `link` is the URL's fragment, `backend` one of BACKENDS; null opens nothing yet. */
export function connect(surroundings: Surroundings, link: string | null, backend = 'auto'): void {
  disconnect();
  around = surroundings;
  const known = BACKENDS.find((b) => b === backend);
  lab.setState({ ...freshFleet(lab.getState()), previous: null, file: null, backend: known ?? 'auto' });
  if (link !== null) openLink(link);
  if (!known) {
    const problem = `unknown backend: ${backend} (one of ${BACKENDS.join(', ')})`;
    lab.setState(({ problems }) => ({ problems: [...problems, problem] }));
  }
}

/** Ends the worker. */
export function disconnect(): void {
  client?.close();
  client = undefined;
  around = undefined;
  inbox = [];
}

/** Opens what a link describes; its faulty parts go to `problems`. Training goes on where only the view differs. */
export function openLink(link: string): void {
  const { experiment, view, problems } = readLink(link);
  const old = lab.getState();
  const same = client && old.status !== 'failed' && writeLink(experiment, view) === writeLink(old, view);
  if (same) {
    focusRun(view.focus);
    lab.setState({ ...view, problems });
    return;
  }
  lab.setState({ ...view, problems });
  if (view.focus !== old.focus) client?.send({ type: 'watch', run: view.focus, seconds: FRAME_SECONDS });
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
  const playSoon = !client && old.playSoon;
  if (!client || broken) startWorker();
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
  if (focus !== old.focus) client?.send({ type: 'watch', run: focus, seconds: FRAME_SECONDS });
  client?.send({
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

/** @throws ConfigError when the user's own values do not fit the preset */
export function choosePreset(name: string): void {
  const { presets, config, race } = lab.getState();
  const next = withPreset(presets, config, name);
  // A race of methods that does not hold the chosen method is over.
  const over =
    race?.kind === 'methods' && !race.names.includes(name) && next.presets.some((p) => p === name && chosen([p], 'method'));
  if (!presets.includes(name) || over) open({ ...next, ...(over ? { race: null } : {}) });
}

/** Switches an ablation on or off. @throws ConfigError when the user's own values do not fit it */
export function toggleAblation(name: string): void {
  const { presets, config } = lab.getState();
  open(withAblation(presets, config, name));
}

/** @throws ConfigError naming value and bounds */
export const setSeed = (text: string): void => setField('seed', text);

/** Gives one field a value, from its text. @throws ConfigError naming value and bounds */
export function setField(path: string, text: string): void {
  const { config } = lab.getState();
  const value = parseValue(path, text.trim());
  if (value !== getValue(config, path)) open({ config: merged(config, nest(path, value) as Layer) });
}

/** Gives one field back what the presets say. @throws ConfigError when that does not fit the other fields */
export function resetField(path: string): void {
  const { presets } = lab.getState();
  setField(path, String(getValue(resolve(presets), path)));
}

/** Back to the presets; the seed stays. */
export function dropChanges(): void {
  const { presets, config } = lab.getState();
  open({ config: merged(resolve(presets), { seed: config.seed }) });
}

/** Races methods or a field's values; null ends the race. @throws ConfigError when the lanes do not go together */
export function setRace(race: Race | null): void {
  if (race) parseRace(race.kind === 'methods' ? race.names.join(',') : `${race.path}:${race.values.join(',')}`);
  open({ race });
}

/** Seeds of each lane. @throws ConfigError when that makes too many runs */
export const setSeeds = (seeds: number): void => open({ seeds });

/** Shows this run in the single-run views. */
export function focusRun(focus: number): void {
  const { focus: old, film } = lab.getState();
  if (focus === old) return;
  lab.setState({ focus, selected: null, film: { ...film, frames: [] } });
  client?.send({ type: 'watch', run: focus, seconds: FRAME_SECONDS });
}

/** Trains; a finished experiment trains again from its start. */
export function play(): void {
  if (lab.getState().status === 'finished') reset();
  const { fleet, waiting, status } = lab.getState();
  if (status === 'failed') return;
  const ready = fleet !== null && waiting === 0;
  lab.setState({ playSoon: !ready, playing: true });
  if (ready) client?.send({ type: 'play' });
}

/** Stops training at the next submission. */
export function pause(): void {
  lab.setState(({ status }) => ({ playSoon: false, playing: false, pauseSoon: status === 'training' }));
  client?.send({ type: 'pause' });
}

/** Training, or about to be. */
export const isPlaying = ({ status, playSoon }: LabState): boolean => status === 'training' || playSoon;

/** What the space bar does. */
export const playOrPause = (): void => (isPlaying(lab.getState()) ? pause() : play());

/** One training step; a training in progress stops for it. */
export function step(): void {
  if (lab.getState().status === 'training') client?.send({ type: 'pause' });
  lab.setState({ playing: false });
  client?.send({ type: 'step' });
}

/** At least this many seconds per step; 0 for as fast as it goes. */
export function setPace(secondsPerStep: number): void {
  lab.setState({ secondsPerStep });
  client?.send({ type: 'pace', secondsPerStep });
}

/** Measures held-out accuracy now; training goes on afterwards. */
export function evaluate(): void {
  client?.send({ type: 'evaluate' });
}

/** Asks for checkpoints of all runs now; they come as the event `kept`. */
export function keep(): void {
  client?.send({ type: 'keep' });
}

/** Asks the engine. @throws Error with what stood in the way */
export async function ask<Q extends Question>(question: Q): Promise<Answers[Q['kind']]> {
  if (!client) throw new Error('no engine is running');
  return client.ask(question);
}

/** Downloads the focused run's checkpoint; what goes wrong shows as an error. */
export async function save(): Promise<void> {
  const { focus } = lab.getState();
  try {
    const { bytes, step: at } = await ask({ kind: 'checkpoint', run: focus });
    const { lanes, runs } = lab.getState();
    const { presets, config } = lanes[runs[focus].lane];
    const names = (['size', 'method'] as const).map((kind) => chosen(presets, kind)?.name ?? 'custom');
    const seed = runs[focus].seed ?? config.seed;
    around?.download(bytes, `${['mcpo-lab', ...names, `seed${seed}`, `step${at}`].join('-')}.safetensors`);
  } catch (error) {
    lab.setState({ error: { text: `The checkpoint could not be saved: ${(error as Error).message}`, fatal: false } });
  }
}

/** Hands a file to the user. */
export function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  around?.download(bytes, name);
}

/** Reads a shipped file; null where there is none. @throws Error when the page cannot be reached */
export const readShipped: ReadPublic = async (path) => (await around?.readPublic?.(path)) ?? null;

/** Whether a race of this experiment would go together; the reason why not. */
export function raceProblem(change: Partial<Experiment>): string | null {
  try {
    lanesOf({ ...lab.getState(), ...change });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
