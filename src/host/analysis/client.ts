import type { DistributionOptions, Distributions } from './distributions';
import type { FilmMap, FilmOptions } from './film';
import type { Inspection } from './inspect';
import type { LeaveOut, LeaveOutMode } from './leaveOut';
import type { LogitChangeOptions, LogitChanges } from './logitChange';
import type { Neighbourhood } from './neighbourhood';
import type { FrameOptions, FramePicture, FromWorker, JobName, Jobs, PreviousMap } from './protocol';
import { type Body, type Call, type OpenPort, Requests } from './requests';
import type { Rows } from './rows';
import { type Cell, cellOf, type Picture, poolCells, type SimilarityMap } from './similarityView';
import type { Summary, SummaryOptions } from './summaries';
import type { ContrastOptions } from './terms';

export { type Call, Cancelled, isCancelled, type OpenPort, type Port } from './requests';

/** The similarity matrix with read-outs on the page's side. */
export interface SimilarityView extends SimilarityMap {
  /** The cell at two places; null outside. */
  cell(anchor: number, partner: number): Cell | null;
  /** Places [from, to) of rows and columns as a picture with a side of at most `most`. */
  zoom(rows: readonly [number, number], columns: readonly [number, number], most: number): Picture;
}

/** Computations about frames, off the main thread. Every promise rejects with an Error whose message is a sentence. */
export interface Analysis {
  project(frame: Rows, options: FrameOptions, call?: Call): Promise<FramePicture>;
  filmOf(frames: readonly Rows[], options: FilmOptions, call?: Call): Promise<FilmMap[]>;
  nextFilmMap(previous: ({ frame: Rows } & PreviousMap) | null, frame: Rows, options: FilmOptions, call?: Call): Promise<FilmMap>;
  similarity(frame: Rows, options: ContrastOptions, call?: Call): Promise<SimilarityView>;
  distributions(frame: Rows, options: DistributionOptions, call?: Call): Promise<Distributions>;
  inspect(frame: Rows, row: number, options: ContrastOptions, call?: Call): Promise<Inspection>;
  leaveOut(
    frame: Rows,
    anchor: number,
    rows: readonly number[],
    mode: LeaveOutMode,
    options: ContrastOptions,
    call?: Call,
  ): Promise<LeaveOut>;
  /** What steps do to every logit; `frames`: before and after of each outcome. */
  logitChange(frames: readonly Rows[], options: LogitChangeOptions, call?: Call): Promise<LogitChanges>;
  neighbours(frame: Rows, row: number, k: number, call?: Call): Promise<Neighbourhood>;
  summary(frame: Rows, options?: SummaryOptions, call?: Call): Promise<Summary>;
  /** Ends the worker; what is under way rejects with `Cancelled`. */
  close(): void;
}

/** The worker of this page, started by the first request. */
export function startAnalysis(): Analysis {
  return analysisOver((hear, fail) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'analysis' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => hear(data));
    worker.addEventListener('error', (event) => fail(event.message || 'its program could not be loaded'));
    return { post: (message) => worker.postMessage(message), close: () => worker.terminate() };
  });
}

/** The same over any port; after a failure the next request opens another. */
export function analysisOver(open: OpenPort): Analysis {
  const requests = new Requests(open);
  const one = <N extends JobName>(job: N, frames: readonly Rows[], options: Jobs[N]['options'], call: Call = {}) =>
    requests.make({ job, options } as Body, frames, call) as Promise<Jobs[N]['result']>;
  return {
    project: (frame, options, call) => one('project', [frame], options, call),
    filmOf: (frames, options, call) => one('film', frames, options, call),
    nextFilmMap: (previous, frame, film, call) => {
      const { points, rows = null } = previous ?? {};
      return one(
        'nextFilmMap',
        previous ? [previous.frame, frame] : [frame],
        { film, previous: points ? { points, rows } : null },
        call,
      );
    },
    async similarity(frame, options, call) {
      const map = await one('similarity', [frame], options, call);
      return {
        ...map,
        cell: (anchor, partner) => cellOf(map, anchor, partner),
        zoom: (rows, columns, most) => poolCells(map.matrix, map.n, rows, columns, most),
      };
    },
    distributions: (frame, options, call) => one('distributions', [frame], options, call),
    inspect: (frame, row, contrast, call) => one('inspect', [frame], { row, contrast }, call),
    leaveOut: (frame, anchor, rows, mode, contrast, call) => one('leaveOut', [frame], { anchor, rows, mode, contrast }, call),
    logitChange: (frames, options, call) => one('logitChange', frames, options, call),
    neighbours: (frame, row, k, call) => one('neighbours', [frame], { row, k }, call),
    summary: (frame, options = {}, call = {}) => one('summary', [frame], options, call),
    close: () => requests.close(),
  };
}
