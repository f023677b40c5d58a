/** The page's end of the worker: requests in the making, by channel. */
import type { FromWorker, JobName, Jobs, Run, ToWorker } from './protocol';
import { type Rows, rowsOf } from './rows';

/** How one request is made. */
export interface Call {
  /** Told the share done, 0 to 1, a few times a second. */
  progress?: (done: number) => void;
  /** Stops the request: its promise rejects with `Cancelled`. */
  signal?: AbortSignal;
  /**
   * Requests of one channel are done one after another, and of those that wait only the last is kept. The method's name when left out.
   */
  channel?: string;
}

/** A request was stopped by its signal, or replaced by a newer one of its channel while it waited. `name` is AbortError. */
export class Cancelled extends Error {
  override readonly name = 'AbortError';
}

/** A worker as the client sees it. */
export interface Port {
  post(message: ToWorker): void;
  close(): void;
}

/** Opens a worker: `hear` gets its messages, `fail` its end. */
export type OpenPort = (hear: (message: FromWorker) => void, fail: (text: string) => void) => Port;

/** Frames that the worker keeps at most, beside those of a running request. */
const KEPT = 8;

/** What is asked for. */
export type Body = Run extends infer R ? (R extends Run ? Omit<R, 'type' | 'id' | 'frames'> : never) : never;

interface Request {
  body: Body;
  frames: readonly Rows[];
  call: Call;
  channel: string;
  resolve(result: Jobs[JobName]['result']): void;
  reject(error: Error): void;
  /** Takes its listener off the signal. */
  release(): void;
}

/** Numbers frames, queues requests by channel, and settles their promises. */
export class Requests {
  private port: Port | null = null;
  private next = 0;
  private readonly running = new Map<number, Request>();
  private readonly active = new Map<string, number>();
  private readonly waiting = new Map<string, Request>();
  private readonly numbers = new WeakMap<Rows, number>();
  /** Frames that the worker holds, the one used last at the end. */
  private held: number[] = [];

  constructor(private readonly open: OpenPort) {}

  make(body: Body, frames: readonly Rows[], call: Call): Promise<Jobs[JobName]['result']> {
    return new Promise((resolve, reject) => {
      const { signal, channel = body.job } = call;
      if (signal?.aborted) return reject(new Cancelled('The analysis was stopped.'));
      const stop = () => this.stop(request);
      const release = () => signal?.removeEventListener('abort', stop);
      const request: Request = { body, frames, call, channel, resolve, reject, release };
      signal?.addEventListener('abort', stop);
      if (!this.active.has(channel)) return this.start(request);
      const older = this.waiting.get(channel);
      this.waiting.set(channel, request);
      if (older) settle(older, new Cancelled('A newer request took the place of this one.'));
    });
  }

  close(): void {
    this.end('The analysis was closed.', Cancelled);
  }

  private start(request: Request): void {
    const id = this.next++;
    this.running.set(id, request);
    this.active.set(request.channel, id);
    try {
      this.port ??= this.open(
        (message) => this.hear(message),
        (text) => this.end(`The analysis stopped: ${text}.`, Error),
      );
      const frames = request.frames.map((frame) => this.send(frame));
      this.port.post({ ...request.body, type: 'run', id, frames } as Run);
      for (const frame of this.held.splice(0, Math.max(0, this.held.length - KEPT))) this.port.post({ type: 'forget', frame });
    } catch (error) {
      this.finish(id, error as Error);
    }
  }

  /** Number of a frame that the worker holds from now on. */
  private send(frame: Rows): number {
    let number = this.numbers.get(frame);
    if (number === undefined) {
      number = this.next++;
      this.numbers.set(frame, number);
    }
    if (!this.held.includes(number)) this.port?.post({ type: 'frame', frame: number, rows: rowsOf(frame) });
    this.held = [...this.held.filter((held) => held !== number), number];
    return number;
  }

  private hear(message: FromWorker): void {
    const request = this.running.get(message.id);
    if (!request) return;
    if (message.type === 'progress') request.call.progress?.(message.done);
    else if (message.type === 'failed') this.finish(message.id, new Error(message.text));
    else this.finish(message.id, message.result);
  }

  /** Settles a running request and starts the one that waits for its channel. */
  private finish(id: number, outcome: Jobs[JobName]['result'] | Error): void {
    const request = this.running.get(id);
    if (!request) return;
    this.running.delete(id);
    this.active.delete(request.channel);
    const next = this.waiting.get(request.channel);
    this.waiting.delete(request.channel);
    settle(request, outcome);
    if (next) this.start(next);
  }

  private stop(request: Request): void {
    const stopped = new Cancelled('The analysis was stopped.');
    if (this.waiting.get(request.channel) === request) {
      this.waiting.delete(request.channel);
      settle(request, stopped);
      return;
    }
    for (const [id, running] of this.running)
      if (running === request) {
        this.port?.post({ type: 'cancel', id });
        this.finish(id, stopped);
        return;
      }
  }

  private end(text: string, Kind: typeof Error | typeof Cancelled): void {
    this.port?.close();
    this.port = null;
    this.held = [];
    const all = [...this.running.values(), ...this.waiting.values()];
    this.running.clear();
    this.active.clear();
    this.waiting.clear();
    for (const request of all) settle(request, new Kind(text));
  }
}

function settle(request: Request, outcome: Jobs[JobName]['result'] | Error): void {
  request.release();
  if (outcome instanceof Error) request.reject(outcome);
  else request.resolve(outcome);
}

/** Whether an error only says that a request was stopped or replaced. */
export const isCancelled = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
