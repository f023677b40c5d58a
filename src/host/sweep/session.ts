import type { Backend } from '../../gpu/backend';
import type { Order } from '../../sweep/types';
import type { SessionDevices } from '../session';
import type { SweepCommand, SweepEvent } from './protocol';
import { SweepRunner } from './runner';

/** Seconds between snapshots, and of one submission: it bounds how long a pause or an order waits. */
const KEEP_SECONDS = 5;
const SUBMISSION_SECONDS = 0.5;
/** Device memory that a sweep's fleets take at most: the page does not know how much there is. */
const MEMORY = 2 ** 30;

/** A sweep behind a message port, as `Session` is for a fleet: holds no worker object, so tests drive it directly. */
export class SweepSession {
  private runner: SweepRunner | undefined;
  private backend: Backend | undefined;
  private waiting: Order[] = [];
  private paused = false;
  /** Number of the newest `run`: an older one stops. */
  private newest = 0;
  private looping: Promise<void> = Promise.resolve();

  constructor(
    private readonly devices: SessionDevices,
    private readonly emit: (event: SweepEvent) => void,
    private readonly today: () => number,
  ) {}

  /** Commands act in order. @returns when what the command began is under way, or has ended for `run` and `play` */
  handle(command: SweepCommand): Promise<void> {
    switch (command.type) {
      case 'pause':
        this.paused = true;
        return this.looping;
      case 'order':
        this.waiting.push(command.order);
        return this.queue(() => this.take());
      case 'play':
        this.paused = false;
        return this.queue(() => this.loop());
      case 'run': {
        const number = ++this.newest;
        this.paused = false;
        this.waiting = [];
        return this.queue(() => this.open(command, number));
      }
    }
  }

  private queue(work: () => Promise<void>): Promise<void> {
    this.looping = this.looping.then(work).catch((error: unknown) => {
      this.emit({ type: 'error', text: error instanceof Error ? error.message : String(error) });
      this.emit({ type: 'status', status: 'failed' });
    });
    return this.looping;
  }

  private async open({ spec, backend, past, snapshot }: Extract<SweepCommand, { type: 'run' }>, number: number): Promise<void> {
    if (number !== this.newest) return;
    this.runner?.destroy();
    this.runner = undefined;
    this.emit({ type: 'status', status: 'preparing' });
    const say = (text: string) => this.emit({ type: 'notice', text });
    // A sweep goes on where it was begun, whatever is asked for.
    const [first] = past;
    const wanted = first?.type === 'sweep' ? (first.backend === 'cpu' ? 'cpu' : 'webgpu') : backend;
    if (!this.backend || (wanted !== 'auto' && wanted !== this.backend.kind)) {
      this.backend?.destroy();
      this.backend = undefined;
      const opened = await this.devices.open(wanted, say);
      this.backend = opened;
      void opened.lost.then((reason) => {
        if (this.backend === opened) this.lose(reason);
      });
    }
    const { now, readPublic } = this.devices;
    this.runner = new SweepRunner(this.backend, spec, past, snapshot, {
      readPublic,
      write: (entries) => this.emit({ type: 'entries', entries }),
      snapshot: (taken) => this.emit({ type: 'snapshot', snapshot: taken }),
      checkpoint: (trial, bytes) => this.emit({ type: 'checkpoint', trial, bytes }),
      say,
      progress: (what, done) => this.emit({ type: 'progress', what, done }),
      pace: (stepsPerSecond, places) => this.emit({ type: 'pace', stepsPerSecond, places }),
      shouldStop: () => this.paused || number !== this.newest,
      orders: () => this.waiting.splice(0),
      now,
      today: this.today,
      keepEvery: KEEP_SECONDS,
      submissionSeconds: SUBMISSION_SECONDS,
      memory: MEMORY,
    });
    await this.loop();
  }

  /** Acts on orders: between two submissions, or at once while paused. A sweep that is stopped while paused comes to its end. */
  private async take(): Promise<void> {
    if (this.paused) await this.runner?.note();
    if (this.paused && !this.runner?.stopped) return;
    this.paused = false;
    await this.loop();
  }

  private async loop(): Promise<void> {
    const { runner } = this;
    if (!runner) return;
    this.emit({ type: 'status', status: 'running' });
    const end = await runner.run();
    if (this.runner === runner) this.emit({ type: 'status', status: end });
  }

  /** What is written goes on from its snapshot when the sweep is opened again. */
  private lose(reason: string): void {
    this.backend = undefined;
    this.runner = undefined;
    this.emit({ type: 'error', text: `The GPU was lost (${reason}). Open the sweep again: it goes on from where it was kept.` });
    this.emit({ type: 'status', status: 'failed' });
  }
}
