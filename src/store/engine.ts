import type { ReadPublic } from '../host/base';
import type { Client } from '../host/client';
import type { Answers, Command, Event, Question } from '../host/protocol';
import { lab } from './lab';
import { reduceAll } from './state';

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

let around: Surroundings | undefined;
let client: Client | undefined;
let inbox: Event[] = [];
const listeners = new Set<(event: Event) => void>();
const turns = new Set<() => void>();

/** Tells `listener` every event of the present fleet, after the store took it in. @returns stops that */
export function onEngineEvent(listener: (event: Event) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells `listener` whenever the store has taken in what came since the last frame, and everyone was told. @returns stops that */
export function onTurn(listener: () => void): () => void {
  turns.add(listener);
  return () => turns.delete(listener);
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
  for (const listener of turns) listener();
}

/** Whether there is a worker. */
export const isRunning = (): boolean => client !== undefined;

/** Commands the engine; without a worker nothing happens. */
export const send = (command: Command): void => client?.send(command);

/** Between two frames of the focused run while it trains. */
const FRAME_SECONDS = 0.5;

/** Says to the engine which run's frames are wanted. */
export const watch = (run: number): void => send({ type: 'watch', run, seconds: FRAME_SECONDS });

/** Starts a worker, in place of the present one. */
export function startWorker(): void {
  client?.close();
  client = undefined;
  inbox = [];
  lab.setState({ waiting: 0 });
  let own: Client | undefined;
  own = around?.startClient((event) => receive(own, event));
  client = own;
  const { focus, secondsPerStep } = lab.getState();
  watch(focus);
  send({ type: 'pace', secondsPerStep });
}

/** Binds the store to a page, without a worker yet; whatever it was bound to ends. */
export function bind(surroundings: Surroundings): void {
  disconnect();
  around = surroundings;
}

/** Ends the worker. */
export function disconnect(): void {
  client?.close();
  client = undefined;
  around = undefined;
  inbox = [];
}

/** Asks for checkpoints of all runs now; they come as the event `kept`. */
export function keep(): void {
  send({ type: 'keep' });
}

/** Asks the engine. @throws Error with what stood in the way */
export async function ask<Q extends Question>(question: Q): Promise<Answers[Q['kind']]> {
  if (!client) throw new Error('no engine is running');
  return client.ask(question);
}

/** Hands a file to the user. */
export function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  around?.download(bytes, name);
}

/** Reads a shipped file; null where there is none. @throws Error when the page cannot be reached */
export const readShipped: ReadPublic = async (path) => (await around?.readPublic?.(path)) ?? null;
