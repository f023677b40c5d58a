import type { SweepArchive, SweepRecord } from '../archive/sweeps/types';
import type { Claim } from '../archive/types';
import type { SweepClient } from '../host/sweep/client';
import type { SweepEvent } from '../host/sweep/protocol';
import type { Journal } from '../sweep/journal';
import type { Order } from '../sweep/types';
import { readSweepMemory, type SweepSurroundings } from './sweepPage';
import { NO_SWEEP, sweepNotice, sweeps } from './sweepState';
import type { SweepWriter } from './sweepWriter';

/** The sweep on the page, with what moves and keeps it. */
export interface OpenSweep {
  id: string;
  journal: Journal;
  writer: SweepWriter;
  /** Null: another tab has it, it is only looked at. */
  claim: Claim | null;
  /** Null while nothing trains it. */
  client: SweepClient | null;
  /** What was asked for while nothing trained it. */
  orders: Order[];
  /** Paused, or about to be. */
  pausing: boolean;
}

/** What this page holds of sweeps; `current` is what the state shows. */
export const tab: {
  around: SweepSurroundings | null;
  archive: Promise<SweepArchive> | null;
  current: OpenSweep | null;
  unwatch(): void;
  /** Why sweeps do not outlive the page; empty when they do. */
  reason: string;
} = { around: null, archive: null, current: null, unwatch: () => {}, reason: '' };

/** The state without a sweep; what holds for all of them is said all the same. */
export const noSweep = () => ({ ...NO_SWEEP, notices: tab.reason ? [tab.reason] : [] });

/** What this tab was doing when it was reloaded. */
export const remembered = () => tab.around && readSweepMemory(tab.around);
/** Notes what this tab is doing, for a reload. */
export const remember = (id: string | null, running: boolean): void =>
  tab.around?.memory.write(id ? JSON.stringify({ id, running }) : '');

/** What was deleted is gone for good after a day. */
const BIN_AGE = 86_400_000;

/** A sweep that says `running` but that no tab holds was cut short. */
async function honest(archive: SweepArchive, list: readonly SweepRecord[]): Promise<SweepRecord[]> {
  const held = list.some((r) => r.status === 'running') ? new Set(await archive.claimed()) : new Set<string>();
  return list.map((r) => (r.status === 'running' && !held.has(r.id) ? { ...r, status: 'paused' } : r));
}

/** The archive of sweeps; opened when it is first asked for. @throws Error when the page is not there */
export function sweepArchive(): Promise<SweepArchive> {
  const { around } = tab;
  if (!around) throw new Error('there is no page to show sweeps on');
  tab.archive ??= (async () => {
    const { openSweeps } = await import('../archive/sweeps/sweeps');
    const archive = await openSweeps(around.archive);
    tab.reason = archive.reason;
    if (tab.reason) sweepNotice(tab.reason);
    tab.unwatch = archive.watch((list) => {
      honest(archive, list).then(
        (shown) => tab.around === around && sweeps.setState({ list: shown }),
        () => undefined,
      );
    });
    // What cannot be cleared away now is another time.
    await archive.purge(BIN_AGE).catch(() => undefined);
    return archive;
  })();
  return tab.archive;
}

/** A worker of this page; after `close` it is not heard any more. */
export async function startWorker(onEvent: (event: SweepEvent) => void): Promise<SweepClient> {
  const { around } = tab;
  if (!around) throw new Error('there is no page to run sweeps on');
  let open = true;
  const hear = (event: SweepEvent) => open && onEvent(event);
  const start = around.startClient ?? (await workerOf(around.baseUrl));
  const client = start(hear);
  return {
    send: (command) => client.send(command),
    close() {
      open = false;
      client.close();
    },
  };
}

async function workerOf(baseUrl: string) {
  const { startSweepClient } = await import('../host/sweep/client');
  return (onEvent: (event: SweepEvent) => void) => startSweepClient(baseUrl, onEvent);
}

/** Ends the worker. */
export function stopClient(sweep: OpenSweep): void {
  sweep.client?.close();
  sweep.client = null;
}

/** Takes the sweep off the page, whether or not all of it could be kept. */
export async function leave(): Promise<void> {
  const { current } = tab;
  if (!current) return;
  const { status } = sweeps.getState();
  const worked = status === 'running' || status === 'preparing';
  tab.current = null;
  stopClient(current);
  sweeps.setState(({ version }) => ({ ...noSweep(), version: version + 1 }));
  if (current.claim && worked) current.writer.status('paused');
  await current.writer.settled();
  current.claim?.release();
}

/** The same. @throws Error, with the sweep left on the page, when it could not be kept whole */
export async function closeCurrent(): Promise<void> {
  const { current } = tab;
  if (current?.writer.failed)
    await current.writer.flush().catch((error: Error) => {
      throw new Error(
        `the sweep on the page is not kept whole yet (${error.message}): export it, or make room and press Play, first`,
      );
    });
  await leave();
}
