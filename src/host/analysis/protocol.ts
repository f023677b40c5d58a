/** What the page and the analysis worker say to each other. */
import type { DistributionOptions, Distributions } from './distributions';
import type { FilmMap, FilmOptions } from './film';
import type { Inspection } from './inspect';
import type { LeaveOut, LeaveOutMode } from './leaveOut';
import type { LogitChangeOptions, LogitChanges } from './logitChange';
import type { Neighbourhood } from './neighbourhood';
import type { Projection, ProjectOptions } from './projection';
import type { Prototypes } from './prototypes';
import type { Rows } from './rows';
import type { SimilarityMap } from './similarityView';
import type { Summary, SummaryOptions } from './summaries';
import type { ContrastOptions } from './terms';

/** How a frame is drawn: `prototypes` shows those of its prompts as the extra points. */
export type FrameOptions = Omit<ProjectOptions, 'extra'> & { prototypes?: boolean };

/** A picture of a frame. */
export type FramePicture = Projection & { prototypes: (Omit<Prototypes, 'vectors'> & { points: Float32Array }) | null };

/** The picture before, as it travels beside its frame. */
export interface PreviousMap {
  points: Float32Array;
  rows?: Uint32Array | null;
}

/** What each job takes beside its frames, and what it gives. */
export interface Jobs {
  project: { options: FrameOptions; result: FramePicture };
  film: { options: FilmOptions; result: FilmMap[] };
  /** Frames: the one before, if there is one, then the new one. */
  nextFilmMap: { options: { film: FilmOptions; previous: PreviousMap | null }; result: FilmMap };
  similarity: { options: ContrastOptions; result: SimilarityMap };
  distributions: { options: DistributionOptions; result: Distributions };
  inspect: { options: { row: number; contrast: ContrastOptions }; result: Inspection };
  leaveOut: {
    options: { anchor: number; rows: readonly number[]; mode: LeaveOutMode; contrast: ContrastOptions };
    result: LeaveOut;
  };
  /** Frames: before and after of each outcome, one outcome after another. */
  logitChange: { options: LogitChangeOptions; result: LogitChanges };
  neighbours: { options: { row: number; k: number }; result: Neighbourhood };
  summary: { options: SummaryOptions; result: Summary };
}

export type JobName = keyof Jobs;

/** A job to do, with frames by the numbers they were sent under. */
export type Run = { [N in JobName]: { type: 'run'; id: number; job: N; frames: number[]; options: Jobs[N]['options'] } }[JobName];

/** Page to worker. Frames travel once and are referred to by number until forgotten. */
export type ToWorker =
  | { type: 'frame'; frame: number; rows: Rows }
  | { type: 'forget'; frame: number }
  | Run
  | { type: 'cancel'; id: number };

/** Worker to page. */
export type FromWorker =
  | { type: 'progress'; id: number; done: number }
  | { type: 'done'; id: number; result: Jobs[JobName]['result'] }
  | { type: 'failed'; id: number; text: string };
