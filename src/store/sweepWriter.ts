import type { Entry, Snapshot, SweepArchive, SweepRecord } from '../archive/sweeps/types';
import type { Bytes } from '../host/protocol';
import type { SweepEvent } from '../host/sweep/protocol';

type Item =
  | { kind: 'entries'; entries: Entry[]; best: number | null | undefined }
  | { kind: 'snapshot'; snapshot: Snapshot }
  | { kind: 'checkpoint'; trial: number; bytes: Bytes }
  | { kind: 'status'; status: SweepRecord['status'] };

/**
 * Writes a sweep as its events come: each at once, one after the other, so that a snapshot never comes before the entries that it rests
 * on. A write that fails stops the writing; what could not be written waits, in order, until it is tried again.
 */
export class SweepWriter {
  private items: Item[] = [];
  private busy: Promise<void> | null = null;
  private failure: Error | null = null;

  constructor(
    private readonly archive: SweepArchive,
    readonly id: string,
    private readonly trouble: (error: Error) => void,
  ) {}

  /** Takes in what the worker said. `best`: the best point's mean after it; left out, as before. */
  handle(event: SweepEvent, best?: number | null): void {
    if (event.type === 'entries') this.put({ kind: 'entries', entries: event.entries, best });
    else if (event.type === 'checkpoint') this.put({ kind: 'checkpoint', trial: event.trial, bytes: event.bytes });
    else if (event.type === 'snapshot') {
      // Of those that wait, only the newest counts.
      this.items = this.items.filter((item) => item.kind !== 'snapshot' || item === this.current);
      this.put({ kind: 'snapshot', snapshot: event.snapshot });
    }
  }

  /** Writes down what the sweep is doing. */
  status(status: SweepRecord['status']): void {
    this.put({ kind: 'status', status });
  }

  /** Entries that are not written yet, in order. */
  get unwritten(): Entry[] {
    return this.items.flatMap((item) => (item.kind === 'entries' ? item.entries : []));
  }

  /** Why writing stopped; null while it goes on. */
  get failed(): Error | null {
    return this.failure;
  }

  private get current(): Item | undefined {
    return this.busy ? this.items[0] : undefined;
  }

  private put(item: Item): void {
    this.items.push(item);
    if (!this.failure) this.start();
  }

  private start(): void {
    this.busy ??= this.run().finally(() => {
      this.busy = null;
    });
  }

  private async run(): Promise<void> {
    for (let item = this.items[0]; item; item = this.items[0]) {
      try {
        await this.write(item);
      } catch (error) {
        this.failure = error as Error;
        this.trouble(this.failure);
        return;
      }
      this.items.shift();
    }
  }

  private write(item: Item): Promise<void> {
    switch (item.kind) {
      case 'entries':
        return this.archive.append(this.id, item.entries, item.best);
      case 'snapshot':
        return this.archive.snapshot(this.id, item.snapshot);
      case 'checkpoint':
        return this.archive.checkpoint(this.id, item.trial, item.bytes);
      case 'status':
        return this.archive.status(this.id, item.status);
    }
  }

  /** Waits until what came so far is written, or writing has stopped. */
  async settled(): Promise<void> {
    while (this.busy) await this.busy;
  }

  /** Writes what waits, after a failure too. @throws what the failing write threw */
  async flush(): Promise<void> {
    await this.settled();
    this.failure = null;
    this.start();
    await this.settled();
    if (this.failed) throw this.failed;
  }
}
