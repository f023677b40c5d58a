import { Journal } from '../../sweep/journal';
import type { Entry, SweepState } from '../../sweep/types';

/** What was made again is not what the journal holds. */
export class ReplayError extends Error {
  override name = 'ReplayError';
}

type Curves = Record<string, (number | null)[]>;
type StepsEntry = Extract<Entry, { type: 'steps' }>;

const sameText = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * A sweep's journal while it is written. A sweep that goes on from a snapshot makes again what was written after it: that is compared with
 * what the journal holds and not written twice, so that nothing measured is ever lost or changed.
 */
export class Ledger {
  private readonly journal: Journal;
  /** What was written after the snapshot, in order: all but steps, whose grouping depends on the machine's pace. */
  private readonly expected: Entry[];
  private readonly steps = new Map<number, Curves>();
  private written: number;
  private since: number;
  private pending: Entry[] = [];

  /** @param from entries that the snapshot rests on */
  constructor(past: readonly Entry[], from: number) {
    this.journal = new Journal(past.slice(0, from));
    this.written = past.length;
    this.since = from - 1 - past.slice(0, from).findLastIndex((e) => e.type === 'round');
    const later = past.slice(from);
    this.expected = later.filter((e) => e.type !== 'steps');
    for (const e of later) if (e.type === 'steps') this.expectSteps(e);
  }

  private expectSteps({ trial, metrics }: StepsEntry): void {
    const curves = this.steps.get(trial) ?? {};
    for (const [name, values] of Object.entries(metrics)) for (const value of values) (curves[name] ??= []).push(value);
    this.steps.set(trial, curves);
  }

  get state(): SweepState {
    return this.journal.state;
  }
  get empty(): boolean {
    return this.journal.empty;
  }
  /** Whether the journal still holds more than has been made again. */
  get replaying(): boolean {
    return this.expected.length > 0 || this.steps.size > 0;
  }
  /** Entries since the last round was written down. */
  get sinceRound(): number {
    return this.since;
  }
  /** Entries that the journal has, those included that `take` has not handed out yet. */
  get length(): number {
    return this.written;
  }

  /** Steps of a trial that the journal holds beyond those made again; 0 when there are none. */
  stepsAhead(trial: number): number {
    return Math.max(0, ...Object.values(this.steps.get(trial) ?? {}).map((values) => values.length));
  }
  /** Whether no trial has such steps. */
  get stepsMade(): boolean {
    return this.steps.size === 0;
  }

  /** The next entry that the journal holds already, if it is of this type. */
  ahead<T extends Entry['type']>(type: T): Extract<Entry, { type: T }> | undefined {
    const [next] = this.expected;
    return next?.type === type ? (next as Extract<Entry, { type: T }>) : undefined;
  }

  /** Adds what was decided or measured. @throws ReplayError when the journal holds something else at this point */
  add(entry: Entry): void {
    this.since = entry.type === 'round' ? 0 : this.since + 1;
    if (entry.type === 'steps') {
      const rest = this.unknown(entry);
      this.journal.push([entry]);
      if (rest) this.put(rest);
      return;
    }
    const next = this.expected.shift();
    // The clock is the one thing that is not made again.
    const known = next?.type === 'round' && entry.type === 'round' ? { ...entry, seconds: next.seconds } : entry;
    if (next && !sameText(next, known))
      throw new ReplayError(
        `made again, the sweep differs from its journal: ${JSON.stringify(known).slice(0, 200)} instead of ${JSON.stringify(next).slice(0, 200)} (was the journal changed, or written by another version or device?)`,
      );
    this.journal.push([known]);
    if (!next) this.put(entry);
  }

  /** The part of some steps that the journal does not hold yet. */
  private unknown(entry: StepsEntry): StepsEntry | undefined {
    const curves = this.steps.get(entry.trial);
    if (!curves) return entry;
    let count = 0;
    let held = 0;
    let left = 0;
    for (const [name, values] of Object.entries(entry.metrics)) {
      const known = curves[name] ?? [];
      count = values.length;
      held = Math.min(count, known.length);
      for (let i = 0; i < held; i++)
        if (!Object.is(known[i], values[i]))
          throw new ReplayError(
            `made again, step ${entry.from + i} of trial ${entry.trial} has ${name} ${values[i]} instead of ${known[i]} (was the journal changed, or written by another version or device?)`,
          );
      curves[name] = known.slice(held);
      left = curves[name].length;
    }
    if (left === 0) this.steps.delete(entry.trial);
    if (held === count) return undefined;
    const metrics = Object.fromEntries(Object.entries(entry.metrics).map(([name, values]) => [name, values.slice(held)]));
    return { ...entry, from: entry.from + held, metrics };
  }

  private put(entry: Entry): void {
    this.pending.push(entry);
    this.written++;
  }

  /** What is to be written now. */
  take(): Entry[] {
    const out = this.pending;
    this.pending = [];
    return out;
  }
}
