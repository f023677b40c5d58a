import { createStore } from 'zustand/vanilla';
import type { Archive, Claim, RunData, RunRecord, Undo } from '../archive/archive';
import { chosen } from './changes';
import { onEngineEvent } from './engine';
import { experimentOf } from './experimentOf';
import { filmOf } from './film';
import { lab } from './lab';
import type { Experiment } from './lanes';
import { readLink, writeLink } from './link';
import { complain as say } from './look';
import { linkText, onOpen, open, type Resumption } from './opening';
import { Recorder } from './recorder';
import type { LabState, RunState } from './state';
import { Trace } from './trace';
import { play } from './transport';
import { DEFAULT_VIEW } from './view';

/** Kept runs, as the page shows them. */
export interface LibraryState {
  /** Null until the archive is open. */
  records: readonly RunRecord[] | null;
  /** The kept fleet that is on the page. */
  fleet: string | null;
  /** Kept runs, by id, that the page shows: in the order of its runs; none before the first step. */
  onPage: readonly string[];
  /** What can still be undone, newest first. */
  undos: readonly Undo[];
  usage: { used: number; quota: number } | null;
  /** Why runs do not outlive the page; empty when they do. */
  reason: string;
}

const NOTHING: LibraryState = { records: null, fleet: null, onPage: [], undos: [], usage: null, reason: '' };

/** The library's state. */
export const library = createStore<LibraryState>(() => NOTHING);

/** What this tab was doing, kept over a reload. */
export interface TabMemory {
  read(): string | null;
  write(text: string): void;
}

let archive: Archive | undefined;
let recorder: Recorder | undefined;
let stops: (() => void)[] = [];
let memory: TabMemory | undefined;

/** The open archive. @throws Error before `startLibrary` */
export function theArchive(): Archive {
  if (!archive) throw new Error('the archive is not open yet');
  return archive;
}

/** Link to the experiment alone: what its runs are kept under. */
export const experimentLink = (state: LabState): string => writeLink(state, DEFAULT_VIEW);

const remember = () => {
  const { fleet } = library.getState();
  const { playing } = lab.getState();
  memory?.write(fleet ? JSON.stringify({ fleet, playing, link: experimentLink(lab.getState()) }) : '');
};

function recordNext(
  resumption?: Resumption,
  known?: { records: RunRecord[]; claim: Awaited<ReturnType<Archive['claim']>> },
): void {
  void recorder?.end();
  const { runs } = lab.getState();
  library.setState({ fleet: resumption?.fleet ?? null, onPage: known?.records.map((r) => r.id) ?? [] });
  recorder = new Recorder(
    theArchive(),
    () => {
      const { lanes, runs: now, seeds, config, race } = lab.getState();
      const link = experimentLink(lab.getState());
      // Runs that are not raced get the next colour each time, so that they can be told apart later.
      const next = new Set((library.getState().records ?? []).map((r) => r.fleet)).size % 8;
      return {
        runs: now.map(({ lane, seed }) => {
          const { label, presets, config: own } = lanes[lane];
          const name = [label || chosen(presets, 'method')?.label, seeds > 1 || seed !== config.seed ? `seed ${seed}` : '']
            .filter(Boolean)
            .join(' · ');
          return {
            lane: race ? label : '',
            name,
            presets: [...presets],
            config: { ...own, seed },
            color: race ? lane : next,
            link,
          };
        }),
      };
    },
    known?.claim ?? null,
    known?.records ?? null,
    runs.length,
    {
      created: (records) => {
        library.setState({ fleet: records[0].fleet, onPage: records.map((r) => r.id) });
        remember();
      },
      trouble: say,
    },
    () => lab.getState().film.frames,
  );
  remember();
}

let pendingKnown: Parameters<typeof recordNext>[1];

/**
 * Opens the archive and keeps every fleet that trains from now on. Where this tab was in the middle of what `link` describes, goes on
 * with it.
 * @returns whether a fleet was taken up again, and what the user should know
 * @throws NewerArchiveError when a newer version of the program wrote the archive
 */
export async function startLibrary(
  tab: TabMemory,
  link: string,
  name?: string,
): Promise<{ resumed: boolean; notice: string | null }> {
  await stopLibrary();
  memory = tab;
  // The archive's libraries load beside the page, not before it.
  const { openArchive } = await import('../archive/archive');
  try {
    archive = await openArchive(name);
  } catch (error) {
    library.setState({ reason: `runs are not kept: ${(error as Error).message}` });
    throw error;
  }
  library.setState({ reason: archive.reason });
  stops = [
    archive.watch((records) => {
      library.setState({ records });
      refresh().catch((error: Error) => archive && say(`The archive does not answer: ${error.message}`));
    }),
    onOpen((resumption) => {
      recordNext(resumption, resumption?.fleet ? pendingKnown : undefined);
      pendingKnown = undefined;
    }),
    onEngineEvent((event) => recorder?.handle(event)),
    lab.subscribe(({ playing }, before) => playing !== before.playing && remember()),
  ];
  const last = lastFleet(tab);
  const { experiment, view, problems } = readLink(link);
  if (!last || last.link !== writeLink(experiment, DEFAULT_VIEW)) return { resumed: false, notice: archive.reason || null };
  try {
    // Before the fleet is opened, so that the engine sends the frames of the run that is looked at.
    lab.setState({ ...view, problems });
    await resumeFleet(last.fleet);
    if (last.playing) play();
    return { resumed: true, notice: null };
  } catch (error) {
    return { resumed: false, notice: `The last run of this tab could not be taken up again: ${(error as Error).message}` };
  }
}

/** What this tab trained before it was reloaded; null when it trained nothing that was kept. */
function lastFleet(tab: TabMemory): { fleet: string; playing: boolean; link: string } | null {
  try {
    const last = JSON.parse(tab.read() || 'null');
    return typeof last?.fleet === 'string' && typeof last.link === 'string' ? last : null;
  } catch {
    return null;
  }
}

/** Writes what is waiting and closes the archive. */
export async function stopLibrary(): Promise<void> {
  for (const stop of stops) stop();
  stops = [];
  await recorder?.end();
  recorder = undefined;
  archive?.close();
  archive = undefined;
  library.setState(NOTHING);
}

async function refresh(): Promise<void> {
  const own = archive;
  if (!own) return;
  const [undos, usage] = await Promise.all([own.undos(), own.usage()]);
  // The archive may have been closed meanwhile.
  if (archive === own) library.setState({ undos, usage });
}

/** A kept run's curves. */
export function runState({ record, steps, evaluations }: RunData, lane: number): RunState {
  const trace = new Trace(record.steps);
  for (const s of steps) trace.push(s);
  return { lane, seed: record.config.seed, trace, evaluations };
}

/** Why some runs of a fleet cannot go onto the page. */
export const NOT_TOGETHER =
  'its runs do not make up one experiment any more (some were deleted, or came without the others): branch one of them, or compare them';

/**
 * Goes on with a kept fleet where its last common checkpoint is, bit-identically, under its old ids.
 * @throws Error when another tab has it, or when it has no checkpoints
 */
export async function resumeFleet(fleet: string): Promise<void> {
  const own = theArchive();
  if (library.getState().fleet === fleet) throw new Error('this run is on the page already');
  const claim = await own.claim(fleet);
  if (!claim) throw new Error('it is open in another tab; close it there first');
  try {
    const found = await own.resumable(fleet);
    if (!found) throw new Error('it has no checkpoint to go on from');
    const records = found.runs.map((r) => r.record);
    const data = await Promise.all(records.map((r) => own.load(r.id)));
    const experiment = experimentOf(records);
    if (!experiment) throw new Error(NOT_TOGETHER);
    const perLane = experiment.seeds;
    // Without its film a run goes on all the same.
    const frames = await own.film(fleet).catch(() => []);
    pendingKnown = { records, claim };
    open(experiment, {
      fleet,
      checkpoints: found.runs.map((r) => r.bytes),
      runs: data.map((d, i) => runState(d, Math.floor(i / perLane))),
    });
    const { focus } = lab.getState();
    lab.setState({ film: filmOf(frames.filter((f) => f.run === focus && f.step <= found.step)) });
  } catch (error) {
    claim.release();
    throw error;
  }
}

/**
 * Puts kept runs onto the page and goes on with them: from checkpoints, or without any from the start. `known`: their records, in the order
 * of the runs, and the right to write to them.
 * @throws ConfigError when the experiment's lanes do not go together
 */
export function goOn(
  known: { records: RunRecord[]; claim: Claim | null },
  experiment: Experiment,
  resumption: Omit<Resumption, 'fleet'>,
): void {
  pendingKnown = known;
  try {
    open(experiment, { ...resumption, fleet: known.records[0].fleet });
  } finally {
    pendingKnown = undefined;
  }
  // What is shown is theirs, and training goes on from it.
  if (!resumption.checkpoints) lab.setState({ replay: false });
}

/** Takes the right to write to the fleet on the page from its recorder, for the one that comes next. */
export const takeClaim = (): Claim | null => recorder?.handOver() ?? null;

/** Link to the page as it is, for files that reopen it. */
export const pageLink = (): string => linkText(lab.getState());

/** Writes down what the fleet on the page has shown so far. */
export const keepNow = async (): Promise<void> => recorder?.write();

/** Keeps the fleet on the page no longer; training goes on. */
export async function detach(): Promise<void> {
  await recorder?.end();
  recorder = undefined;
  library.setState({ fleet: null, onPage: [] });
  remember();
}
