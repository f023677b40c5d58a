import { createStore } from 'zustand/vanilla';
import { getValue, parseValue } from '../config/fields';
import { DEFAULT_PRESETS, fromUrlText, merged, nest, resolve, toUrlText } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { catalog } from '../host/catalog';
import type { Client } from '../host/client';
import type { Event } from '../host/protocol';
import { chosen, withPreset } from './changes';
import { BACKENDS, type BackendChoice, freshRun, type LabState, reduceAll } from './state';

/** What the store needs from the page. */
export interface Surroundings {
  startClient(onEvent: (event: Event) => void): Client;
  /** Calls `flush` once, soon: at the next animation frame. */
  schedule(flush: () => void): void;
  /** Hands a file to the user. */
  download(bytes: Uint8Array<ArrayBuffer>, name: string): void;
}

const start = resolve(DEFAULT_PRESETS);

/** The page's state. */
export const lab = createStore<LabState>(() => ({
  presets: DEFAULT_PRESETS,
  config: start,
  backend: 'auto',
  domains: catalog(start.tasks),
  problems: [],
  waiting: 0,
  version: 0,
  previous: null,
  ...freshRun(),
}));

let around: Surroundings | undefined;
let client: Client | undefined;
let inbox: Event[] = [];

function receive(from: Client | undefined, event: Event): void {
  if (from !== client || !around) return;
  if (inbox.push(event) === 1) around.schedule(flush);
}

/** Takes in what has come since the last frame. */
function flush(): void {
  const events = inbox;
  inbox = [];
  lab.setState(reduceAll(lab.getState(), events));
  for (const event of events) if (event.type === 'checkpoint') around?.download(event.bytes, checkpointName(event.step));
  const { playSoon, run, waiting } = lab.getState();
  if (playSoon && run && waiting === 0) play();
}

function startWorker(): void {
  client?.close();
  client = undefined;
  inbox = [];
  lab.setState({ waiting: 0 });
  let own: Client | undefined;
  own = around?.startClient((event) => receive(own, event));
  client = own;
}

/** Binds the store to a page and opens the first run; `link` is the URL's fragment, `backend` one of BACKENDS. */
export function connect(surroundings: Surroundings, link: string, backend = 'auto'): void {
  disconnect();
  around = surroundings;
  const known = BACKENDS.find((b) => b === backend);
  lab.setState({ previous: null, backend: known ?? 'auto' });
  openLink(link);
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

/** Opens what a link describes; its faulty parts go to `problems`. */
export function openLink(link: string): void {
  try {
    open(fromUrlText(link));
  } catch (error) {
    open({ presets: DEFAULT_PRESETS, config: start, problems: [(error as Error).message] });
  }
}

/** The link text of the present configuration. */
export const linkText = ({ presets, config }: LabState): string => toUrlText(presets, config);

/** Begins the run anew; what was trained stays behind as the previous run. */
function open(change: {
  presets?: readonly string[];
  config?: Config;
  problems?: readonly string[];
  backend?: BackendChoice;
}): void {
  const old = lab.getState();
  const broken = old.status === 'failed' || old.error?.fatal;
  if (!client || broken) startWorker();
  const { waiting } = lab.getState();
  const { trace, presets, config, previous } = old;
  lab.setState({
    ...freshRun(),
    ...change,
    domains: catalog((change.config ?? config).tasks),
    waiting: waiting + 1,
    version: old.version + 1,
    previous: trace.length > 0 ? { trace, presets, config } : previous,
  });
  const now = lab.getState();
  client?.send({ type: 'open', config: now.config, backend: now.backend });
}

/** The same configuration from its start: same seed, same weights. */
export const reset = (): void => open({});

/** Begins the run anew on another backend. */
export const chooseBackend = (backend: BackendChoice): void => open({ backend });

/** @throws ConfigError when the user's own values do not fit the preset */
export function choosePreset(name: string): void {
  const { presets, config } = lab.getState();
  if (!presets.includes(name)) open(withPreset(presets, config, name));
}

/** @throws ConfigError naming value and bounds */
export function setSeed(text: string): void {
  const { config } = lab.getState();
  const seed = parseValue('seed', text.trim()) as number;
  if (seed !== config.seed) open({ config: merged(config, { seed }) });
}

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

/** Trains; a finished run trains again from its start. */
export function play(): void {
  if (lab.getState().status === 'finished') reset();
  const { run, waiting, status } = lab.getState();
  if (status === 'failed') return;
  const ready = run !== null && waiting === 0;
  lab.setState({ playSoon: !ready });
  if (ready) client?.send({ type: 'play' });
}

/** Stops training at the next submission. */
export function pause(): void {
  lab.setState(({ status }) => ({ playSoon: false, pauseSoon: status === 'training' }));
  client?.send({ type: 'pause' });
}

/** Training, or about to be. */
export const isPlaying = ({ status, playSoon }: LabState): boolean => status === 'training' || playSoon;

/** What the space bar does. */
export const playOrPause = (): void => (isPlaying(lab.getState()) ? pause() : play());

/** One training step; a run in progress stops for it. */
export function step(): void {
  if (lab.getState().status === 'training') client?.send({ type: 'pause' });
  client?.send({ type: 'step' });
}

/** Measures held-out accuracy now; training goes on afterwards. */
export function evaluate(): void {
  client?.send({ type: 'evaluate' });
}

/** Asks for the checkpoint, which is then downloaded. */
export function save(): void {
  client?.send({ type: 'save' });
}

function checkpointName(at: number): string {
  const { presets, config } = lab.getState();
  const names = (['size', 'method'] as const).map((kind) => chosen(presets, kind)?.name ?? 'custom');
  return `${['mcpo-lab', ...names, `seed${config.seed}`, `step${at}`].join('-')}.safetensors`;
}

/** Puts the charts' shared cursor on a step; null takes it away. */
export function setCursor(cursor: number | null): void {
  if (lab.getState().cursor !== cursor) lab.setState({ cursor });
}

/** Hides the complaints about the link. */
export const dismissProblems = (): void => lab.setState({ problems: [] });
/** Hides one notice. */
export const dismissNotice = (text: string): void =>
  lab.setState(({ notices }) => ({ notices: notices.filter((n) => n !== text) }));
/** Hides the error. */
export const dismissError = (): void => lab.setState({ error: null });
