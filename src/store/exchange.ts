import { nearestPresets } from '../archive/exchange/cliRecord';
import {
  type Cell,
  type Dropped,
  embedInPng,
  embedInSvg,
  type NamedFile,
  openFile,
  runsCsv,
  runsJsonLines,
  runsParquet,
  tableCsv,
} from '../archive/exchange/exchange';
import type { Bytes, RunData, RunRecord } from '../archive/types';
import { differences } from '../config/resolve';
import { VERSION } from '../host/version';
import { download } from './engine';
import { experimentOf } from './experimentOf';
import { slug } from './fileName';
import { attempt, commonSteps, showRuns } from './kept';
import { lab } from './lab';
import { keepNow, library, pageLink, resumeFleet, theArchive } from './library';
import { readLink } from './link';
import { complain, select, setOption, show } from './look';
import { open, openLink } from './opening';
import { busyWith, compare, runsView, tell } from './runsView';
import { viewOf } from './state';

/** Forms in which runs are exported. */
export const RUN_FORMATS = { jsonl: runsJsonLines, csv: runsCsv, parquet: runsParquet } as const;
/** One of them. */
export type RunFormat = keyof typeof RUN_FORMATS;

/** Most steps of all runs together inside a figure; of more, every so many go in. */
export const MAX_FIGURE_STEPS = 5000;

const hand = async (blob: Blob, name: string) => download(new Uint8Array(await blob.arrayBuffer()), name);
const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Everything measured of some kept runs, the last steps of those on the page included. */
async function load(ids: readonly string[]): Promise<RunData[]> {
  await keepNow();
  return Promise.all(ids.map(async (id) => theArchive().load(id)));
}

/** Hands kept runs to the user as one file. */
export async function exportRuns(ids: readonly string[], format: RunFormat): Promise<void> {
  await busyWith(`Writing ${plural(ids.length, 'run')}`, async () => {
    const runs = await load(ids);
    const [{ record }] = runs;
    const name = runs.length === 1 ? `${slug(record.name)}-step${record.step}` : plural(runs.length, 'run').replace(' ', '-');
    await hand(await RUN_FORMATS[format](runs), `mcpo-lab-${name}.${format}`);
  });
}

/** Hands the newest checkpoint of each run to the user, a file for each. @throws Error naming a run that has none */
export async function exportCheckpoints(ids: readonly string[]): Promise<void> {
  const records = library.getState().records ?? [];
  for (const { id, name } of records.filter((r) => ids.includes(r.id))) {
    const found = await theArchive().checkpoint(id);
    if (!found) throw new Error(`"${name}" has no checkpoint`);
    download(found.bytes, `mcpo-lab-${slug(name)}-step${found.step}.safetensors`);
  }
}

/** A table as CSV. */
export type Table = { columns: readonly string[]; rows: readonly (readonly Cell[])[] };

/** A figure's picture, as `src/charts/figure.ts` makes it. */
export type Picture = { svg: string } | { png: Bytes };

/** Steps that a figure has no room for are left out evenly; the last one stays. */
export function thinned(runs: readonly RunData[], most = MAX_FIGURE_STEPS): RunData[] {
  const every = Math.ceil(runs.reduce((sum, r) => sum + r.steps.length, 0) / most);
  return every <= 1
    ? [...runs]
    : runs.map((r) => ({ ...r, steps: r.steps.filter((_, i) => (r.steps.length - 1 - i) % every === 0) }));
}

/** Hands a picture to the user with its data, the page's link and the runs that it shows inside; `runs`: kept ones, those on the page when left out. */
export async function saveFigure(picture: Picture, title: string, data: Table, runs?: readonly string[]): Promise<void> {
  const ids = runs ?? library.getState().onPage;
  const figure = { version: VERSION, link: pageLink(), title, data, runs: thinned(ids.length ? await load(ids) : []) };
  if ('svg' in picture) await hand(await embedInSvg(picture.svg, figure), `mcpo-lab-${slug(title)}.svg`);
  else await hand(await embedInPng(new Blob([picture.png]), figure), `mcpo-lab-${slug(title)}.png`);
}

/** Hands a figure's data to the user. */
export const saveTable = async (title: string, table: Table): Promise<void> =>
  hand(await tableCsv(table), `mcpo-lab-${slug(title)}.csv`);

/** Whether a run lies in the archive with all that a file has of it. */
async function isKept(run: RunData, record: RunRecord | undefined): Promise<boolean> {
  const last = run.steps.at(-1);
  if (!record || record.step < run.record.step || differences(record.config, run.record.config).length) return false;
  const { steps, evaluations } = await theArchive().load(record.id);
  const own = last && steps.find((s) => s.step === last.step);
  return evaluations.length >= run.evaluations.length && JSON.stringify(own) === JSON.stringify(last);
}

/** Takes runs into the archive; those that are there already are left as they are. @returns them in the same order */
async function bring(runs: readonly RunData[]): Promise<{ records: RunRecord[]; fresh: number }> {
  await keepNow();
  const live = new Map((await theArchive().list()).map((r) => [r.id, r]));
  const known: (RunRecord | null)[] = [];
  for (const run of runs) {
    const record = live.get(run.record.id);
    known.push((await isKept(run, record)) && record ? record : null);
  }
  const fresh = await theArchive().bring(runs.filter((_, i) => !known[i]));
  const rest = [...fresh];
  return { records: known.map((r) => r ?? (rest.shift() as RunRecord)), fresh: fresh.length };
}

/** Files one after another: a run that two of them hold is taken in once. */
async function takeRuns(files: readonly { name: string; runs: readonly RunData[] }[], from: string): Promise<void> {
  const ids = new Set<string>();
  let fresh = 0;
  let there = 0;
  for (const { runs } of files) {
    const found = await bring(runs);
    for (const { id } of found.records) ids.add(id);
    fresh += found.fresh;
    there += found.records.length - found.fresh;
  }
  runsView.setState({ selected: ids });
  compare([...ids]);
  show('runs');
  const words = [
    ...(fresh ? [`${plural(fresh, 'run')} taken in from ${from}`] : []),
    ...(there ? [`${fresh ? there : `${plural(there, 'run')} of ${from}`} ${there === 1 ? 'was' : 'were'} here already`] : []),
  ];
  tell(words.join('; '));
}

type Kind<K extends Dropped['kind']> = Extract<Dropped, { kind: K }>;

function openCheckpoint({ bytes, config, step }: Kind<'checkpoint'>, name: string): void {
  open({ presets: nearestPresets(config), config, race: null, seeds: 1 }, { checkpoints: [bytes] });
  if (lab.getState().view === 'runs') show('overview');
  complain(
    step === null
      ? `${name}: training starts from these weights. Reset goes back to the shipped ones.`
      : `${name}: the run goes on at step ${step}, exactly where it was saved. A checkpoint holds no curves of the steps before.`,
  );
}

/** The runs of a figure under the ids that they have in the archive; where they cannot be kept, that is told and they stay as they are. */
async function kept(runs: readonly RunData[], name: string): Promise<RunData[]> {
  let out = [...runs];
  await attempt(`The runs in ${name} could not be kept`, async () => {
    const { records } = await bring(runs);
    out = runs.map((r, i) => ({ ...r, record: { ...r.record, id: records[i].id, fleet: records[i].fleet } }));
  });
  return out;
}

/** Puts runs with the configuration of `link` on the page: trained on where the archive can, shown where it cannot. */
async function reopen(runs: readonly RunData[], from: string): Promise<void> {
  const ids = runs.map((r) => r.record.id);
  if (ids.join() === library.getState().onPage.join()) return;
  const [{ fleet }] = runs.map((r) => r.record);
  const live = (library.getState().records ? await theArchive().list() : []).filter((r) => r.fleet === fleet);
  const whole = live.length === ids.length && live.every((r) => ids.includes(r.id));
  if (whole && (await commonSteps(live)).length) await resumeFleet(fleet);
  else showRuns(runs, from);
}

async function openFigure({ figure }: Kind<'figure'>, name: string): Promise<void> {
  const { link, title } = figure;
  const { view, problems } = readLink(link);
  const runs = figure.runs.length ? await kept(figure.runs, name) : [];
  const before = viewOf(lab.getState());
  const { embed, hidden } = before;
  // Before the fleet: the engine is told which run is in focus.
  lab.setState({ ...view, embed, hidden });
  try {
    const own = runs.map((r) => ({ ...r, record: { ...r.record, link } }));
    if (view.view === 'runs') compare(runs.map((r) => r.record.id));
    else if (own.length && experimentOf(own.map((r) => r.record))) await reopen(own, `"${title}" from ${name}`);
    else openLink(link);
  } catch (error) {
    lab.setState(before);
    throw error;
  }
  lab.setState({ embed, hidden, problems });
}

function openPool({ frame }: Kind<'pool'>, name: string): void {
  lab.setState({ file: frame });
  select(null);
  setOption('geometry.source', 'file');
  if (lab.getState().view !== 'rollouts') show('geometry');
  tell(`${name}: ${plural(frame.n, 'rollout')} of ${plural(frame.domains.length, 'domain')}`);
}

/**
 * Takes in what people drop on the page or pick: runs go into the archive and lie side by side; of checkpoints and figures the first
 * goes onto the page; a pool is explored. What a file has wrong is told in one sentence and stops none of the others.
 * @returns whether all of them could be used
 */
export async function takeFiles(files: readonly NamedFile[]): Promise<boolean> {
  let good = true;
  const found: { name: string; what: Dropped }[] = [];
  for (const file of files)
    try {
      found.push({ name: file.name, what: await busyWith(`Reading ${file.name}`, () => openFile(file)) });
    } catch (error) {
      complain((error as Error).message);
      good = false;
    }
  const runs = found.flatMap(({ name, what }) => (what.kind === 'runs' ? [{ name, runs: what.runs }] : []));
  const from = runs.length > 1 ? plural(runs.length, 'file') : runs[0]?.name;
  if (from) good = (await attempt(`${from} could not be taken in`, () => takeRuns(runs, from))) && good;
  let opened = '';
  for (const { name, what } of found) {
    if (what.kind === 'runs') continue;
    if (what.kind !== 'pool' && opened) {
      complain(`${name} was not opened: the page shows one at a time, now ${opened}. Drop it alone to open it.`);
      good = false;
      continue;
    }
    if (what.kind !== 'pool') opened = name;
    good =
      (await attempt(`${name} could not be opened`, async () => {
        if (what.kind === 'figure') await openFigure(what, name);
        else if (what.kind === 'checkpoint') openCheckpoint(what, name);
        else openPool(what, name);
      })) && good;
  }
  return good;
}
