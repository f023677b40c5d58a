import { cautions } from '../config/resolve';
import type { Config } from '../config/schema';
import { decodeCheckpoint, encodeCheckpoint } from '../engine/checkpoint';
import type { Trainer } from '../engine/trainer';
import type { Backend } from '../gpu/backend';
import { STATE } from '../kernels/state';
import { checkMixes } from '../tasks/registry';
import { baseCheckpoint, type ReadPublic } from './base';
import { emptyNote, trainingLoop } from './loop';
import { openTrainer } from './openTrainer';
import { painter } from './picture';
import type { Command, Event, Status } from './protocol';

/** What a session needs from its surroundings: a worker's, or a test's. */
export interface SessionDevices {
  /** @throws Error when the named backend is not to be had; `auto` falls back and says so. */
  open(choice: 'auto' | 'webgpu' | 'cpu', say: (line: string) => void): Promise<Backend>;
  readPublic: ReadPublic;
  /** Seconds, from any start. */
  now(): number;
}

/** Between two pictures of the pool while training. */
const PICTURE_SECONDS = 0.4;
/** Between two checkpoints kept against a lost device. */
const KEEP_SECONDS = 5;
const SUBMISSION_SECONDS = 0.15;

/**
 * One run behind a message port: takes commands, emits events, holds no page or worker object, so tests drive it directly.
 * A new `open` ends the run before it; errors are told and leave the last checkpoint intact.
 */
export class Session {
  private trainer: Trainer | undefined;
  private backend: Backend | undefined;
  private config: Config | undefined;
  private paint = painter();
  /** Number of the newest command; of the newest that stops training; of the newest `open`. */
  private newest = 0;
  private interruptedBy = 0;
  private openedBy = 0;
  /** The command that started the loop under way. */
  private startedBy = 0;
  private looping: Promise<void> | undefined;
  private queue: Promise<void> = Promise.resolve();
  private saved: { bytes: Uint8Array<ArrayBuffer>; step: number } | undefined;
  private saveWanted = false;
  /** `play` was the last word on training: what a lost device must not end. */
  private playing = false;
  /** Step to which the last loss of a device threw the run back. */
  private lostAt: number | undefined;

  constructor(
    private readonly devices: SessionDevices,
    private readonly emit: (event: Event) => void,
  ) {}

  /** Commands act in order; `pause`, `evaluate` and a new `open` interrupt what is under way at its next submission. */
  handle(command: Command): Promise<void> {
    const number = ++this.newest;
    if (command.type === 'pause' || command.type === 'evaluate') this.interruptedBy = number;
    if (command.type === 'open') this.interruptedBy = this.openedBy = number;
    if (command.type !== 'evaluate' && command.type !== 'save') this.playing = command.type === 'play';
    this.queue = this.queue
      .then(() => this.act(command, number))
      .catch((error: unknown) => this.fail(error, !['save', 'evaluate'].includes(command.type)));
    return this.queue;
  }

  private async act(command: Command, number: number): Promise<void> {
    switch (command.type) {
      case 'open':
        await this.looping;
        await this.open(command, number);
        break;
      case 'play':
        await this.settled();
        if (this.trainer && !this.looping) this.start(this.trainer.configs[0].steps, number);
        break;
      case 'pause':
        await this.looping;
        break;
      case 'step':
        await this.looping;
        if (this.trainer && this.trainer.stepsDone < this.trainer.configs[0].steps) {
          this.start(this.trainer.stepsDone + 1, number);
          await this.looping;
        }
        break;
      case 'evaluate': {
        const resume = this.looping !== undefined;
        await this.looping;
        await this.evaluate(number);
        if (resume && this.trainer && this.interruptedBy === number) this.start(this.trainer.configs[0].steps, number);
        break;
      }
      case 'save':
        if (this.looping) this.saveWanted = true;
        else await this.save();
    }
  }

  /** Waits for a loop that an earlier command has told to stop. */
  private async settled(): Promise<void> {
    if (this.interruptedBy > this.startedBy) await this.looping;
  }

  private status(status: Status): void {
    this.emit({ type: 'status', status });
  }

  private async open({ config, backend, checkpoint }: Extract<Command, { type: 'open' }>, number: number): Promise<void> {
    this.trainer?.destroy();
    this.trainer = undefined;
    this.saved = undefined;
    this.paint = painter();
    this.config = config;
    this.status('preparing');
    checkMixes(config);
    const say = (text: string) => this.emit({ type: 'notice', text });
    cautions(config).forEach(say);
    const usable = this.backend && (backend === 'auto' || backend === this.backend.kind);
    if (!usable) {
      this.backend?.destroy();
      this.backend = undefined;
      this.backend = await this.devices.open(backend, say);
      this.watch(this.backend);
    }
    const device = this.backend as Backend;
    const given = checkpoint && decodeCheckpoint(checkpoint, 'the checkpoint');
    if (checkpoint && given?.training) this.saved = { bytes: checkpoint, step: given.training.state[STATE.step] };
    const start = given
      ? { checkpoint: given, where: 'the checkpoint' }
      : await baseCheckpoint(device, config, {
          readPublic: this.devices.readPublic,
          say,
          progress: (done) => {
            this.emit({ type: 'progress', what: 'Warm start', done });
            return this.openedBy === number;
          },
        });
    if (!start) return;
    // After a fall-back the GPU stays open for runs that fit it.
    const trainer = await openTrainer(device, [config], [start], {
      fallBack: backend === 'auto',
      say,
      compiling: (done) => this.emit({ type: 'progress', what: 'Compiling kernels', done }),
    });
    this.trainer = trainer;
    this.emit({
      type: 'opened',
      backend: trainer.backend.kind,
      adapter: trainer.backend.adapter,
      step: trainer.stepsDone,
      steps: config.steps,
      parameters: trainer.parameters.size,
      flopsPerStep: trainer.flopsPerStep,
    });
    this.status(trainer.stepsDone >= config.steps ? 'finished' : 'paused');
  }

  /**
   * A lost device costs at most the steps since the last checkpoint: the run is reopened from it on a new device, or on the CPU when
   * it came no further since the loss before, and trains on if it was training.
   */
  private watch(backend: Backend): void {
    void backend.lost.then((reason) => {
      if (this.backend !== backend) return;
      this.backend = undefined;
      const { config, saved, playing } = this;
      const at = saved?.step ?? 0;
      const choice = this.lostAt === at ? 'cpu' : 'auto';
      this.lostAt = at;
      this.emit({
        type: 'notice',
        text: `The GPU was lost (${reason}). ${saved ? `Going on from step ${saved.step}.` : 'Starting the run again.'}`,
      });
      if (config) void this.handle({ type: 'open', config, backend: choice, ...(saved ? { checkpoint: saved.bytes } : {}) });
      if (config && playing) void this.handle({ type: 'play' });
    });
  }

  private start(target: number, number: number): void {
    const trainer = this.trainer as Trainer;
    if (trainer.stepsDone >= trainer.configs[0].steps) {
      this.status('finished');
      return;
    }
    this.startedBy = number;
    this.status('training');
    this.looping = this.loop(trainer, target, () => this.interruptedBy > number)
      .catch((error: unknown) => this.fail(error, true))
      .finally(() => {
        this.looping = undefined;
      });
  }

  private async loop(trainer: Trainer, target: number, shouldStop: () => boolean): Promise<void> {
    const [config] = trainer.configs;
    const { now } = this.devices;
    let painted = Number.NEGATIVE_INFINITY;
    let kept = now();
    let told = false;
    const paint = async () => {
      painted = now();
      this.emit({ type: 'picture', step: trainer.stepsDone, ...(await this.paint(trainer)) });
    };
    await trainingLoop(
      trainer,
      { steps: target, evalEvery: target === config.steps ? config.eval.every : null, submissionSeconds: SUBMISSION_SECONDS },
      {
        now,
        shouldStop,
        onSteps: async ([steps], stepsPerSecond) => {
          this.emit({ type: 'steps', steps, stepsPerSecond });
          const empty = emptyNote(steps);
          // One notice a run: the page counts the skipped updates.
          if (empty && !told) this.emit({ type: 'notice', text: `Dynamic sampling: ${empty}.` });
          told ||= empty !== undefined;
          if (now() - painted > PICTURE_SECONDS) await paint();
          if (now() - kept > KEEP_SECONDS) {
            kept = now();
            await this.keep();
          }
          if (this.saveWanted) await this.save();
        },
        onEvaluating: (done) => this.emit({ type: 'progress', what: 'Held-out evaluation', done }),
        onEval: async (step, [result]) => {
          this.emit({ type: 'evaluation', step, result });
          await this.keep();
        },
      },
    );
    if (this.openedBy > this.startedBy) return;
    await paint();
    await this.keep();
    this.status(trainer.stepsDone >= config.steps ? 'finished' : 'paused');
  }

  private async evaluate(number: number): Promise<void> {
    if (!this.trainer) return;
    this.status('evaluating');
    const step = this.trainer.stepsDone;
    try {
      const results = await this.trainer.evaluate((done) => {
        this.emit({ type: 'progress', what: 'Held-out evaluation', done });
        return this.interruptedBy === number;
      });
      if (results) this.emit({ type: 'evaluation', step, result: results[0] });
    } finally {
      this.status(step >= this.trainer.configs[0].steps ? 'finished' : 'paused');
    }
  }

  private async keep(): Promise<void> {
    if (!this.trainer) return;
    this.saved = { bytes: encodeCheckpoint(await this.trainer.checkpoint()), step: this.trainer.stepsDone };
  }

  /** The run as it is, or, when the device no longer answers, as it was last kept. */
  private async save(): Promise<void> {
    this.saveWanted = false;
    await this.keep().catch((error: unknown) => {
      if (!this.saved) throw error;
    });
    if (this.saved) this.emit({ type: 'checkpoint', ...this.saved });
  }

  private fail(error: unknown, fatal: boolean): void {
    this.emit({ type: 'error', text: error instanceof Error ? error.message : String(error), fatal });
    if (fatal) this.status('failed');
  }
}
