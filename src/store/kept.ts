import type { Claim, RunData, RunPatch, RunRecord } from '../archive/types';
import { experimentOf } from './experimentOf';
import { detach, library, NOT_TOGETHER, resumeFleet, runState, theArchive } from './library';
import { writeLink } from './link';
import { complain } from './look';
import { open } from './opening';
import { dismissToast, runsView, tell } from './runsView';
import type { RunState } from './state';
import { DEFAULT_VIEW } from './view';

/** Kept runs of a fleet, by their places. */
export const fleetRuns = (fleet: string): RunRecord[] =>
  (library.getState().records ?? []).filter((r) => r.fleet === fleet).sort((a, b) => a.place - b.place);

const sentence = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}`;
const quoted = (runs: readonly { name: string }[]) =>
  runs.length === 1 ? `"${runs[0].name}"` : `"${runs[0].name}" and ${runs.length - 1} more`;

/** Does something; what goes wrong is told, with what was to be done. @returns whether it went well */
export async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    complain(`${what}: ${(error as Error).message}`);
    return false;
  }
}

/** Steps at which every run has a checkpoint, ascending. */
export async function commonSteps(runs: readonly RunRecord[]): Promise<number[]> {
  const all = await Promise.all(runs.map((r) => theArchive().checkpoints(r.id)));
  return (all[0] ?? []).map((c) => c.step).filter((step) => all.every((own) => own.some((c) => c.step === step)));
}

/**
 * Shows runs as they were measured; the engine stands at the start of their experiment, and training replaces what is shown.
 * @throws Error when they make up no experiment
 */
export function showRuns(runs: readonly RunData[], from: string): void {
  const experiment = experimentOf(runs.map((r) => r.record));
  if (!experiment) throw new Error(NOT_TOGETHER);
  open(experiment, { runs: runs.map((r, i) => runState(r, Math.floor(i / experiment.seeds))) });
  library.setState({ onPage: runs.map((r) => r.record.id) });
  const last = Math.max(...runs.map((r) => r.record.step));
  complain(`${from}: steps 1 to ${last} as they were measured. There is no checkpoint to go on from; Play trains them again.`);
}

/**
 * Puts a kept fleet on the page: goes on from its last checkpoint, or shows its curves where there is none.
 * @throws Error when another tab has it, or it cannot be put together
 */
export async function openFleet(fleet: string): Promise<void> {
  if (library.getState().fleet === fleet) return;
  const runs = fleetRuns(fleet);
  if (!runs.length) throw new Error('it was deleted');
  if ((await commonSteps(runs)).length) await resumeFleet(fleet);
  else showRuns(await Promise.all(runs.map((r) => theArchive().load(r.id))), quoted(runs));
}

/** Does something to runs that no other tab may have meanwhile. @throws Error naming the run that one has */
export async function claiming<T>(runs: readonly RunRecord[], work: () => Promise<T>): Promise<T> {
  const claims: Claim[] = [];
  try {
    for (const fleet of new Set(runs.map((r) => r.fleet))) {
      if (fleet === library.getState().fleet) continue;
      const claim = await theArchive().claim(fleet);
      if (!claim)
        throw new Error(`${quoted(runs.filter((r) => r.fleet === fleet))} is open in another tab; close it there first`);
      claims.push(claim);
    }
    return await work();
  } finally {
    for (const claim of claims) claim.release();
  }
}

/**
 * Takes a kept fleet that is not on the page back to a step; with `step` of a checkpoint it can go on from there.
 * @throws Error with nothing changed when another tab has it
 */
export async function rollbackKept(fleet: string, step: number): Promise<void> {
  const runs = fleetRuns(fleet);
  const archive = theArchive();
  const tokens: string[] = [];
  const back = async () => {
    for (const token of tokens.splice(0).reverse()) await archive.undo(token);
  };
  await claiming(runs, async () => {
    try {
      for (const { id } of runs) tokens.push((await archive.rollback(id, step)).token);
    } catch (error) {
      await back();
      throw error;
    }
  });
  tell(`Took ${quoted(runs)} back to step ${step}`, async () => {
    await claiming(runs, back);
    dismissToast();
  });
}

/** Begins a new run from a kept run's checkpoint, alone on the page; the old run stays as it is. */
export async function branchKept({ id, name, presets, config }: RunRecord, step: number): Promise<void> {
  const experiment = { presets, config, race: null, seeds: 1 };
  const record = await theArchive().branch(id, step, {
    lane: '',
    name: `${name}, from step ${step}`.slice(0, 200),
    link: writeLink(experiment, DEFAULT_VIEW),
  });
  await resumeFleet(record.fleet);
  tell(`"${record.name}" is on the page; "${name}" stays as it is`);
}

/** Puts runs into the bin. @throws Error when another tab has one of them */
export async function removeRuns(ids: readonly string[]): Promise<void> {
  const runs = (library.getState().records ?? []).filter((r) => ids.includes(r.id));
  if (!runs.length) return;
  const { token, what } = await claiming(runs, () => theArchive().remove(runs.map((r) => r.id)));
  const { selected, compared } = runsView.getState();
  const gone = new Set(ids);
  runsView.setState({
    selected: new Set([...selected].filter((id) => !gone.has(id))),
    compared: compared.filter((id) => !gone.has(id)),
  });
  tell(sentence(what), () => undo(token));
}

/** Takes something back. @throws Error when that can no longer be done */
export async function undo(token: string): Promise<void> {
  await theArchive().undo(token);
  dismissToast();
  // Undone by another tab or not: the list is what the archive says.
  library.setState({ undos: await theArchive().undos() });
}

/** Takes the last thing back that can be. */
export async function undoLast(): Promise<void> {
  const [last] = library.getState().undos;
  if (last) await undo(last.token);
}

/** Deletes for good what lies in the bin; a run on the page that lies there is kept no longer. */
export async function purge(): Promise<void> {
  const { fleet, records, onPage } = library.getState();
  if (fleet && onPage.some((id) => !records?.some((r) => r.id === id))) {
    await detach();
    complain('The run on the page was deleted for good: its training goes on, but is not kept.');
  }
  await theArchive().purge();
  dismissToast();
  library.setState({ undos: await theArchive().undos(), usage: await theArchive().usage() });
}

/** Changes what people write about a run. @throws Error naming value and bound */
export const describe = (id: string, patch: RunPatch): Promise<void> => theArchive().update(id, patch);

/** Asks the browser never to clear what is kept. */
export async function keepForGood(): Promise<void> {
  const agreed = await theArchive().requestPersistence();
  tell(
    agreed
      ? 'The browser will not clear kept runs by itself'
      : 'The browser did not agree: it may clear kept runs when its disk gets full. Export what you need.',
  );
}

/** Fleets that other tabs have open. */
export async function heldElsewhere(): Promise<Set<string>> {
  const held = await theArchive().claimed();
  const own = library.getState().fleet;
  return new Set(held.filter((fleet) => fleet !== own));
}

/** A kept run's curves. @throws Error when it was deleted for good */
export const loadRun = async (id: string): Promise<RunState> => runState(await theArchive().load(id), 0);
