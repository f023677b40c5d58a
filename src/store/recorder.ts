import type { Archive, Claim, RunRecord } from '../archive/archive';
import type { Bytes, EvalResult, Event, Frame, StepMetrics } from '../host/protocol';

/** Between two writes of steps while training, milliseconds. */
const WRITE_EVERY = 1000;

/** What a fleet writes down about itself when its first step is done. */
export interface Beginning {
  /** Backend and adapter are filled in. */
  runs: Parameters<Archive['create']>[0];
}

interface Pending {
  /** By run. */
  steps: StepMetrics[][];
  evaluations: { step: number; results: EvalResult[] }[];
  /** `frames`: the film as it was then. */
  kept: { step: number; checkpoints: Bytes[]; frames: readonly Frame[] } | null;
}

const nothing = (runs: number): Pending => ({ steps: Array.from({ length: runs }, () => []), evaluations: [], kept: null });

/**
 * Writes one fleet into the archive as its events come: steps once a second, checkpoints when they are announced. Writes follow each
 * other; training never waits for them. The fleet's records are made with its first step, so that runs that were never trained leave
 * nothing behind.
 */
export class Recorder {
  private pending: Pending;
  private writing: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private records: readonly RunRecord[] | null;
  private device = { backend: '', adapter: '' };
  private over = false;
  private filming = true;

  constructor(
    private readonly archive: Archive,
    private readonly begin: () => Beginning,
    private claim: Claim | null,
    /** Records to go on with; null: made with the first step. */
    records: readonly RunRecord[] | null,
    private readonly runs: number,
    private readonly tell: { created(records: readonly RunRecord[]): void; trouble(text: string): void },
    /** The focused run's film now; kept with the checkpoints. */
    private readonly film: () => readonly Frame[] = () => [],
  ) {
    this.records = records;
    this.pending = nothing(runs);
  }

  /** Takes in what the engine said. */
  handle(event: Event): void {
    if (this.over) return;
    switch (event.type) {
      case 'opened':
        this.device = { backend: event.backend, adapter: event.adapter };
        break;
      case 'steps':
        event.steps.forEach((steps, run) => {
          this.pending.steps[run]?.push(...steps);
        });
        this.timer ??= setTimeout(() => void this.write(), WRITE_EVERY);
        break;
      case 'evaluation':
        this.pending.evaluations.push({ step: event.step, results: event.results });
        if (this.records) void this.write();
        break;
      case 'kept':
        this.pending.kept = { step: event.step, checkpoints: event.checkpoints, frames: this.film() };
        void this.write();
        break;
      case 'status':
        // Before the records are made it waits for them, or for nothing where no step was trained.
        if (event.status !== 'preparing') void this.write(event.status);
    }
  }

  /** Writes what is waiting, after what is being written. */
  write(status?: string): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeNow(status)).catch((error: unknown) => this.fail(error));
    return this.writing;
  }

  private async writeNow(status?: string): Promise<void> {
    const { steps, evaluations, kept } = this.pending;
    const trained = steps.some((s) => s.length > 0);
    if (!this.records && !trained) return;
    this.pending = nothing(this.runs);
    if (!this.records) {
      const { runs } = this.begin();
      this.records = await this.archive.create(runs.map((r) => ({ ...r, ...this.device, status: 'training' })));
      this.claim = await this.archive.claim(this.records[0].fleet);
      this.tell.created(this.records);
    }
    const records = this.records;
    if (trained)
      await this.archive.appendAll(records.map(({ id }, run) => ({ id, steps: steps[run] })).filter((e) => e.steps.length > 0));
    for (const { step, results } of evaluations)
      for (const [run, { id }] of records.entries()) await this.archive.evaluation(id, step, results[run]);
    if (kept)
      await this.archive.keepAll(
        kept.step,
        records.map(({ id }, run) => ({ id, bytes: kept.checkpoints[run] })),
      );
    if (kept) await this.keepFilm(records[0].fleet, kept.frames);
    if (status) for (const { id } of records) await this.archive.update(id, { status });
  }

  /** A film that cannot be kept ends with the page; everything else goes on being kept. */
  private async keepFilm(fleet: string, frames: readonly Frame[]): Promise<void> {
    if (!this.filming || frames.length === 0) return;
    try {
      await this.archive.keepFilm(fleet, frames);
    } catch (error) {
      this.filming = false;
      const why = (error as Error).name === 'ArchiveFullError' ? 'storage is full' : (error as Error).message;
      this.tell.trouble(`The film of rollouts over training will not outlive this page: ${why}. Nothing else is lost.`);
    }
  }

  /** Full storage ends the recording, not the training; anything else is told and the next write tries again. */
  private fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if ((error as Error).name === 'ArchiveFullError') {
      this.over = true;
      this.tell.trouble(`Training goes on, but is no longer kept: ${text}`);
    } else this.tell.trouble(`This run could not be kept: ${text}`);
  }

  /** Gives the right to write to the fleet to whoever goes on with it; what comes from now on is not written. */
  handOver(): Claim | null {
    const { claim } = this;
    this.claim = null;
    this.over = true;
    return claim;
  }

  /** Writes what is waiting and lets other tabs have the fleet. */
  async end(): Promise<void> {
    await this.write();
    this.over = true;
    this.claim?.release();
    this.claim = null;
  }
}
