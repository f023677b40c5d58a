/** The worker's end: keeps frames, works on several requests in turns, so that a click is answered while a t-SNE goes on. */
import type { Steps } from '../../math/steps';
import { jobSteps, TermsCache } from './jobs';
import type { FromWorker, JobName, Jobs, ToWorker } from './protocol';
import type { Rows } from './rows';

/** Milliseconds of a turn, and least between two reports of progress. */
const TURN = 12;
const REPORT = 80;

interface Task {
  steps: Steps<Jobs[JobName]['result']>;
  reported: number;
}

/** How the server reaches its surroundings. */
export interface Surroundings {
  post(message: FromWorker, transfer: ArrayBuffer[]): void;
  /** Lets messages in. */
  pause(): Promise<void>;
  now(): number;
}

/** Buffers of the typed arrays in a result, each once: they are handed over, not copied. */
export function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (value && typeof value === 'object') for (const part of Object.values(value)) buffersOf(part, found);
  return [...found];
}

/** Handles the page's messages. */
export class Server {
  private readonly frames = new Map<number, Rows>();
  private readonly tasks = new Map<number, Task>();
  private readonly cache = new TermsCache();
  private busy = false;

  constructor(private readonly around: Surroundings) {}

  handle(message: ToWorker): void {
    switch (message.type) {
      case 'frame':
        this.frames.set(message.frame, message.rows);
        return;
      case 'forget': {
        const rows = this.frames.get(message.frame);
        if (rows) this.cache.forget(rows);
        this.frames.delete(message.frame);
        return;
      }
      case 'cancel':
        this.tasks.delete(message.id);
        return;
      case 'run': {
        const frames = message.frames.flatMap((frame) => this.frames.get(frame) ?? []);
        this.tasks.set(message.id, { steps: jobSteps(message, frames, this.cache), reported: this.around.now() });
        if (!this.busy) void this.work();
      }
    }
  }

  private async work(): Promise<void> {
    this.busy = true;
    await this.around.pause();
    while (this.tasks.size) {
      for (const [id, task] of [...this.tasks]) if (this.tasks.has(id)) this.turn(id, task);
      await this.around.pause();
    }
    this.busy = false;
  }

  private turn(id: number, task: Task): void {
    const { now, post } = this.around;
    const end = now() + TURN;
    try {
      for (;;) {
        const { done, value } = task.steps.next();
        if (done) {
          this.tasks.delete(id);
          post({ type: 'done', id, result: value }, buffersOf(value));
          return;
        }
        if (now() < end) continue;
        if (now() - task.reported >= REPORT) {
          task.reported = now();
          post({ type: 'progress', id, done: value }, []);
        }
        return;
      }
    } catch (error) {
      this.tasks.delete(id);
      post({ type: 'failed', id, text: error instanceof Error ? error.message : String(error) }, []);
    }
  }
}
