import type { Snapshot } from '../../host/sweep/protocol';
import type { Entry, SweepSpec } from '../../sweep/types';
import type { Bytes, Claim, Undo } from '../types';

export type { Entry, Snapshot, SweepSpec };

/** A sweep that is kept. */
export interface SweepRecord {
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  created: number;
  updated: number;
  spec: SweepSpec;
  /** What it runs on; empty before its first entry. */
  backend: string;
  adapter: string;
  /** Trials that have begun, and of these those that have ended. */
  trials: number;
  ended: number;
  /** The best point's mean over its seeds, as last told; null before there is one. */
  best: number | null;
  /** As last heard of: one that says `running` may have been cut short. */
  status: 'running' | 'paused' | 'finished' | 'failed';
}

/** A sweep with all that it goes on from. */
export interface SweepData {
  record: SweepRecord;
  /** The whole journal, in order. */
  entries: Entry[];
  /** The newest one; null before the first. */
  snapshot: Snapshot | null;
}

/** Sweeps in the browser. Writes are whole or not at all, and in the order in which they are asked for. */
export interface SweepArchive {
  /** False when nothing outlives the page; `reason` then says why. */
  readonly persistent: boolean;
  readonly reason: string;

  /** A new sweep under the specification's name. @throws Error `invalid name: …` */
  create(spec: SweepSpec): Promise<SweepRecord>;
  /** Takes in a whole journal, which begins with its entry of type `sweep`. `best`: the best point's mean after it. */
  bring(name: string, entries: readonly Entry[], best?: number | null): Promise<SweepRecord>;
  /** Appends to the journal, all entries or none. `best`: the best point's mean after them; left out, as before. @throws ArchiveFullError */
  append(id: string, entries: readonly Entry[], best?: number | null): Promise<void>;
  /** Replaces the snapshot, whole or not at all. */
  snapshot(id: string, snapshot: Snapshot): Promise<void>;
  /** Keeps a finished trial's last state. */
  checkpoint(id: string, trial: number, bytes: Bytes): Promise<void>;
  /** Null when the trial has none. */
  checkpointOf(id: string, trial: number): Promise<Bytes | null>;
  status(id: string, status: SweepRecord['status']): Promise<void>;
  rename(id: string, name: string): Promise<void>;

  /** @throws Error when there is no such sweep, or its journal has a gap */
  load(id: string): Promise<SweepData>;
  /** Every sweep that is not deleted, newest first. */
  list(): Promise<SweepRecord[]>;
  /** Calls `listener` with `list()` now and after every change, by other tabs too. @returns stops that */
  watch(listener: (sweeps: SweepRecord[]) => void): () => void;

  /** Puts a sweep into the bin; the undo's token is its id. */
  remove(id: string): Promise<Undo>;
  undo(token: string): Promise<void>;
  /** What can still be undone, newest first. */
  undos(): Promise<Undo[]>;
  /** Deletes for good what was deleted at least `age` milliseconds ago (0: everything). */
  purge(age?: number): Promise<void>;

  /** The right to write to a sweep; null when another tab, or another part of this page, holds it. */
  claim(id: string): Promise<Claim | null>;
  /** Sweeps that are claimed, by this tab or another. */
  claimed(): Promise<string[]>;
  close(): void;
}
