import type { Config, EvalResult, Frame, StepMetrics } from '../host/protocol';

export type { Config, EvalResult, Frame, StepMetrics };

/** Bytes of a checkpoint file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A run: one training from one configuration and one seed. */
export interface RunRecord {
  id: string;
  /** Runs that trained side by side share it. */
  fleet: string;
  /** Place in its fleet, 0 first. */
  place: number;
  /** What differs from the other runs of the fleet, e.g. `MCPO-GRPO`. */
  lane: string;
  name: string;
  /** Index of a colour. */
  color: number;
  notes: string;
  tags: string[];
  presets: string[];
  config: Config;
  /** Link to the experiment that it was part of, race and seeds included; empty where there was none. */
  link: string;
  backend: string;
  adapter: string;
  /** Of the program that trained it. */
  version: string;
  /** Milliseconds since 1970. */
  created: number;
  updated: number;
  /** Steps kept, and steps to train. */
  step: number;
  steps: number;
  /** What the run was doing when last heard of, in the caller's words. */
  status: string;
  /** The run and step that this one branched off. */
  parent?: { run: string; step: number };
  /** When it was put into the bin. */
  deleted?: number;
  /** `reward/mean` of the last step; `heldOut/average`, `heldOut/best` of its evaluations; null where there is none. */
  summary: Record<string, number | null>;
}

/** What a new run starts with; what is left out is made up: fleet, place, name (the lane's), colour (the place). */
export type NewRun = Pick<RunRecord, 'lane' | 'presets' | 'config'> &
  Partial<
    Pick<
      RunRecord,
      'fleet' | 'place' | 'name' | 'color' | 'notes' | 'tags' | 'link' | 'backend' | 'adapter' | 'version' | 'status' | 'parent'
    >
  >;

/** What may be changed about a run. */
export type RunPatch = Partial<Pick<RunRecord, 'name' | 'color' | 'notes' | 'tags' | 'backend' | 'adapter' | 'status'>>;

/** Held-out accuracy after a number of steps. */
export interface Evaluation {
  step: number;
  result: EvalResult;
}

/** A run with everything measured, as it is exported and imported. */
export interface RunData {
  record: RunRecord;
  /** Ascending by step. */
  steps: StepMetrics[];
  evaluations: Evaluation[];
}

/** A checkpoint that is kept. `bytes`: its size. */
export interface CheckpointInfo {
  step: number;
  bytes: number;
}

/** Something that can be taken back until it is purged. */
export interface Undo {
  token: string;
  /** What was done, as a sentence: `deleted "GRPO"`. */
  what: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** The right to write to the runs of a fleet; lasts until it is released or the page closes. */
export interface Claim {
  fleet: string;
  release(): void;
}

/** Runs and their checkpoints in the browser. Writes are whole or not at all. */
export interface Archive {
  /** False when nothing outlives the page; `reason` then says why. */
  readonly persistent: boolean;
  readonly reason: string;

  /** Runs of one call share a fleet unless they say otherwise. */
  create(runs: readonly NewRun[]): Promise<RunRecord[]>;
  update(id: string, patch: RunPatch): Promise<void>;
  /** Steps ascending. From the first one on, whatever the run has (steps, evaluations, checkpoints) is replaced. */
  append(id: string, steps: readonly StepMetrics[]): Promise<void>;
  /** The same for many runs, all or none. */
  appendAll(entries: readonly { id: string; steps: readonly StepMetrics[] }[]): Promise<void>;
  evaluation(id: string, step: number, result: EvalResult): Promise<void>;

  /** Keeps a checkpoint: the newest, and a history that thins out backwards. */
  keep(id: string, step: number, bytes: Bytes): Promise<void>;
  /** The same for the runs of a fleet, all or none, so that they can go on together. */
  keepAll(step: number, entries: readonly { id: string; bytes: Bytes }[]): Promise<void>;
  /** Ascending by step. */
  checkpoints(id: string): Promise<CheckpointInfo[]>;
  /** The checkpoint of a step, or the newest that is whole; null when there is none. */
  checkpoint(id: string, step?: number): Promise<{ step: number; bytes: Bytes } | null>;
  /** The newest step at which every run of the fleet has a whole checkpoint, with those in the order of the places; null without one. */
  resumable(fleet: string): Promise<{ step: number; runs: { record: RunRecord; bytes: Bytes }[] } | null>;

  /**
   * Keeps a fleet's film in place of what was kept of it: thinned to at most 8 MB, and of the last three fleets only.
   * @throws ArchiveFullError when storage is full; runs and checkpoints are as they were
   */
  keepFilm(fleet: string, frames: readonly Frame[]): Promise<void>;
  /** What is kept of a fleet's film, ascending by step; damaged frames are left out. */
  film(fleet: string): Promise<Frame[]>;

  load(id: string): Promise<RunData & { checkpoints: CheckpointInfo[] }>;
  /** The last steps, at most `most`, and what checkpoints there are: without reading the whole run. */
  glance(id: string, most: number): Promise<{ steps: StepMetrics[]; checkpoints: CheckpointInfo[] }>;
  /** Every run that is not deleted: newest first, the runs of a fleet together by their places. */
  list(): Promise<RunRecord[]>;
  /** Calls `listener` with `list()` now and after every change, by other tabs too. @returns stops that */
  watch(listener: (runs: RunRecord[]) => void): () => void;

  /** Drops steps, evaluations and checkpoints after `step`. */
  rollback(id: string, step: number): Promise<Undo>;
  /** A new run that has the old one's history up to `step`, and its checkpoint there if it has one. */
  branch(id: string, step: number, change?: Partial<NewRun>): Promise<RunRecord>;
  /** Takes runs in from files. A run keeps its id unless the archive knows it already. */
  bring(runs: readonly RunData[]): Promise<RunRecord[]>;

  /** Puts runs into the bin. */
  remove(ids: readonly string[]): Promise<Undo>;
  undo(token: string): Promise<void>;
  /** What can still be undone, newest first. */
  undos(): Promise<Undo[]>;
  /** Deletes for good what was deleted or rolled back at least `age` milliseconds ago (0: everything), and files that nothing refers to. */
  purge(age?: number): Promise<void>;

  /** Null when another tab, or another part of this page, holds it. */
  claim(fleet: string): Promise<Claim | null>;
  /** Fleets that are claimed, by this tab or another. */
  claimed(): Promise<string[]>;
  /** Bytes of the whole site; null where the browser does not say. */
  usage(): Promise<{ used: number; quota: number } | null>;
  /** Asks the browser never to clear this site's data by itself. @returns whether it agreed */
  requestPersistence(): Promise<boolean>;
  close(): void;
}
