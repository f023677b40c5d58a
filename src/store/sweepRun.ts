import type { SweepArchive } from '../archive/sweeps/types';
import type { SweepEvent } from '../host/sweep/protocol';
import { bestGroup, groupsOf } from '../sweep/analysis/groups';
import { TABLE } from '../sweep/exchange/found';
import { Journal } from '../sweep/journal';
import type { Order, SweepSpec, SweepState } from '../sweep/types';
import { lab } from './lab';
import { dismissToast, tell } from './runsView';
import { onBindSweeps, type SweepSurroundings } from './sweepPage';
import { type SweepRecord, sweepError, sweepNotice, sweeps } from './sweepState';
import {
  closeCurrent,
  leave,
  noSweep,
  type OpenSweep,
  remember,
  remembered,
  startWorker,
  stopClient,
  sweepArchive,
  tab,
} from './sweepTab';
import { SweepWriter } from './sweepWriter';
import { isPlaying, pause } from './transport';

let turn: Promise<void> = Promise.resolve();

/** Does one thing after the other; what goes wrong is told, after what was to be done. */
export function inTurn(what: string, work: () => Promise<void>): Promise<void> {
  turn = turn.then(work).catch((error: Error) => sweepError(`${what}: ${error.message}`));
  return turn;
}

/** The best point's mean, by the rule of all pictures; null before there is one. */
export const bestOf = (state: SweepState): number | null => bestGroup(groupsOf(state))?.mean ?? null;

const elsewhere = ({ name }: Pick<SweepRecord, 'name'>) => new Error(`"${name}" is open in another tab; close it there first`);

/** Trains one thing at a time, unless people ask for both. */
function pauseLab(): void {
  if (isPlaying(lab.getState())) pause();
}

function receive(sweep: OpenSweep, event: SweepEvent): void {
  if (sweep !== tab.current) return;
  if (event.type === 'entries')
    try {
      sweep.journal.push(event.entries);
    } catch (error) {
      fail(sweep, (error as Error).message);
      return;
    }
  const counts = event.type === 'entries' && event.entries.some((e) => e.type === 'end' || e.type === 'trial');
  sweep.writer.handle(event, counts ? bestOf(sweep.journal.state) : undefined);
  switch (event.type) {
    case 'entries':
      sweeps.setState(({ version }) => ({ journal: sweep.journal.state, version: version + 1 }));
      break;
    case 'status':
      setStatus(sweep, event.status);
      break;
    case 'progress':
      sweeps.setState({ progress: { what: event.what, done: event.done } });
      break;
    case 'pace':
      sweeps.setState({ pace: { stepsPerSecond: event.stepsPerSecond, places: event.places } });
      break;
    case 'notice':
      sweepNotice(event.text);
      break;
    case 'error':
      sweepError(event.text);
  }
}

type Status = Extract<SweepEvent, { type: 'status' }>['status'];

function setStatus(sweep: OpenSweep, status: Status): void {
  const works = status === 'preparing' || status === 'running';
  sweeps.setState({ status, progress: null, ...(works ? {} : { pace: null, pausing: false }) });
  sweep.writer.status(status === 'preparing' ? 'running' : status);
  remember(sweep.id, works && !sweep.pausing);
  if (status === 'finished' || status === 'failed') stopClient(sweep);
}

function fail(sweep: OpenSweep, text: string): void {
  sweepError(text);
  setStatus(sweep, 'failed');
}

/** What could not be written waits, and so does the sweep. */
function unwritable(id: string, error: Error): void {
  if (tab.current?.id !== id) return;
  pauseSweep();
  sweepError(
    `The sweep waits, for it can no longer be kept: ${error.message}. Nothing is lost yet: export it, or make room and press Play.`,
  );
}

const writerFor = (archive: SweepArchive, id: string) => new SweepWriter(archive, id, (error) => unwritable(id, error));

/** Puts a sweep onto the page in the place of what is there. */
async function put(next: Omit<OpenSweep, 'client' | 'orders' | 'pausing'>, status: Status): Promise<OpenSweep> {
  const { status: before, list, id } = sweeps.getState();
  await closeCurrent();
  const sweep: OpenSweep = { ...next, client: null, orders: [], pausing: status !== 'preparing' };
  tab.current = sweep;
  const journal = sweep.journal.empty ? null : sweep.journal.state;
  sweeps.setState(({ version }) => ({ ...noSweep(), id: sweep.id, journal, version: version + 1, status }));
  remember(sweep.id, status === 'preparing');
  const name = list?.find((r) => r.id === id)?.name;
  if (before === 'running' || before === 'preparing')
    sweepNotice(`"${name ?? 'The sweep before'}" is paused; it goes on when it is opened and played.`);
  return sweep;
}

/** Starts the worker on a sweep that is on the page, from where its journal ends. */
async function train(sweep: OpenSweep): Promise<void> {
  const { record, entries, snapshot } = await (await sweepArchive()).load(sweep.id);
  sweep.journal = new Journal(entries);
  sweeps.setState(({ version }) => ({
    journal: sweep.journal.empty ? null : sweep.journal.state,
    version: version + 1,
    status: 'preparing',
    progress: null,
    error: null,
  }));
  const backend = record.backend === 'webgpu' || record.backend === 'cpu' ? record.backend : lab.getState().backend;
  sweep.client = await startWorker((event) => receive(sweep, event));
  sweep.client.send({ type: 'run', spec: record.spec, backend, past: entries, snapshot });
  for (const order of sweep.orders.splice(0)) sweep.client.send({ type: 'order', order });
  if (sweep.pausing) sweep.client.send({ type: 'pause' });
}

/** Keeps a new sweep and starts it; training in the lab is paused. What goes wrong is told by the state's `error`. */
export const startSweep = (spec: SweepSpec): Promise<void> =>
  inTurn('The sweep could not be started', async () => {
    const archive = await sweepArchive();
    pauseLab();
    const { id } = await archive.create(spec);
    const claim = await archive.claim(id);
    await train(await put({ id, journal: new Journal(), writer: writerFor(archive, id), claim }, 'preparing'));
  });

/** Puts a kept sweep onto the page. @throws Error when another tab trains it */
async function openKept(id: string, running: boolean): Promise<OpenSweep> {
  const archive = await sweepArchive();
  const claim = await archive.claim(id);
  try {
    const { record, entries } = await archive.load(id);
    if (!claim && record.status !== 'finished') throw elsewhere(record);
    const status = running ? 'preparing' : record.status === 'running' ? 'paused' : record.status;
    const sweep = await put({ id, journal: new Journal(entries), writer: writerFor(archive, id), claim }, status);
    if (claim && record.status === 'running' && !running) sweep.writer.status('paused');
    return sweep;
  } catch (error) {
    claim?.release();
    throw error;
  }
}

/** Puts a kept sweep onto the page, unless it is there. */
export async function showKept(id: string): Promise<void> {
  if (tab.current?.id !== id) await openKept(id, false);
}

/** Shows a kept sweep; it goes on when `playSweep` is called. */
export const openSweep = (id: string): Promise<void> =>
  inTurn('The sweep could not be opened', async () => {
    await showKept(id);
  });

/** Takes the sweep off the page; one that runs is paused. */
export const leaveSweep = (): Promise<void> =>
  inTurn('The sweep could not be put away', async () => {
    await closeCurrent();
    remember(null, false);
  });

/** Stops training at the next submission. */
export function pauseSweep(): void {
  const { current } = tab;
  if (!current) return;
  current.pausing = true;
  const { status } = sweeps.getState();
  sweeps.setState({ pausing: status === 'running' || status === 'preparing' });
  remember(current.id, false);
  current.client?.send({ type: 'pause' });
}

/** Whether a sweep is no more than a table, and says so. */
function isTable({ journal }: OpenSweep): boolean {
  const is = !journal.empty && journal.state.backend === TABLE;
  if (is) sweepNotice('This sweep was taken in as a table of its trials: it can be looked at, but not trained on.');
  return is;
}

/** Goes on; what could not be written before is written first. */
export function playSweep(): void {
  const { current } = tab;
  const { status } = sweeps.getState();
  if (!current || isTable(current) || (status === 'finished' && !current.orders.length)) return;
  current.pausing = false;
  sweeps.setState({ pausing: false });
  void inTurn('The sweep could not go on', async () => {
    if (tab.current !== current || current.pausing) return;
    const archive = await sweepArchive();
    current.claim ??= await archive.claim(current.id);
    if (!current.claim) throw elsewhere((await archive.load(current.id)).record);
    await current.writer.flush();
    sweeps.setState(({ notices }) => ({ error: null, notices: notices.filter((n) => n !== LATER) }));
    pauseLab();
    remember(current.id, !current.pausing);
    if (current.client) current.client.send({ type: 'play' });
    else await train(current);
  });
}

const LATER = 'What was asked for takes effect when the sweep goes on.';

/** Asks for something that takes effect between two rounds; a sweep that has finished goes on for it. */
export function orderSweep(order: Order): void {
  const { current } = tab;
  if (!current || isTable(current)) return;
  const { status } = sweeps.getState();
  const ends = order.kind === 'stop' || order.kind === 'stopTrial';
  if (current.client) {
    current.client.send({ type: 'order', order });
    if (current.pausing && !ends) sweepNotice(LATER);
    // Those under way end between two rounds, so it has to move.
    if (order.kind === 'stop' && current.pausing) playSweep();
    return;
  }
  if (status === 'finished' && ends) return;
  current.orders.push(order);
  if (status === 'finished' || order.kind === 'stop') playSweep();
  else sweepNotice(LATER);
}

/** Puts a sweep into the bin; the word of it offers to take it back. */
export const deleteSweep = (id: string): Promise<void> =>
  inTurn('The sweep could not be deleted', async () => {
    const archive = await sweepArchive();
    if (tab.current?.id === id) {
      await leave();
      remember(null, false);
    }
    const claim = await archive.claim(id);
    if (!claim) throw elsewhere((await archive.load(id)).record);
    try {
      const { what } = await archive.remove(id);
      tell(`${what[0].toUpperCase()}${what.slice(1)}`, undoDeleteSweep);
    } finally {
      claim.release();
    }
  });

/** Brings the sweep back that was deleted last. */
export const undoDeleteSweep = (): Promise<void> =>
  inTurn('The sweep could not be brought back', async () => {
    const archive = await sweepArchive();
    const [last] = await archive.undos();
    if (!last) throw new Error('there is none that could be');
    await archive.undo(last.token);
    dismissToast();
  });

/** Gives a sweep another name. */
export const renameSweep = (id: string, name: string): Promise<void> =>
  inTurn('The sweep could not be renamed', async () => (await sweepArchive()).rename(id, name.trim()));

/** Deletes for good what lies in the bin. */
export const purgeSweeps = (): Promise<void> =>
  inTurn('The bin could not be emptied', async () => (await sweepArchive()).purge());

/** Takes the sweeps off the page before, and reads those of this one; goes on with what this tab was doing. */
async function bind(around: SweepSurroundings | null): Promise<void> {
  await leave();
  tab.unwatch();
  tab.unwatch = () => {};
  (await tab.archive?.catch(() => null))?.close();
  tab.archive = null;
  tab.around = around;
  tab.reason = '';
  sweeps.setState({ ...noSweep(), list: null });
  if (!around) return;
  await sweepArchive();
  const last = remembered();
  if (!last) return;
  try {
    const sweep = await openKept(last.id, last.running);
    if (last.running) await train(sweep);
  } catch (error) {
    remember(null, false);
    throw error;
  }
}

onBindSweeps((around) => void inTurn('The last sweep of this tab could not be taken up again', () => bind(around)));
