import { cautions } from '../config/resolve';
import type { Config } from '../config/schema';
import { decodeCheckpoint, encodeCheckpoint } from '../engine/checkpoint';
import type { Start, Trainer } from '../engine/trainer';
import type { Backend } from '../gpu/backend';
import { STATE } from '../kernels/state';
import { checkMixes } from '../tasks/registry';
import { answer } from './answers';
import { baseCheckpoint, baseKey, type ReadPublic } from './base';
import { emptyNote, trainingLoop } from './loop';
import { openTrainer } from './openTrainer';
import type { Bytes, Command, Event, Question, Status } from './protocol';

/** What a session needs from its surroundings: a worker's, or a test's. */
export interface SessionDevices {
  /** @throws Error when the named backend is not to be had; `auto` falls back and says so. */
  open(choice: 'auto' | 'webgpu' | 'cpu', say: (line: string) => void): Promise<Backend>;
  readPublic: ReadPublic;
  /** Seconds, from any start. */
  now(): number;
}

/** Between two checkpoints kept against a lost device, a crash or a reload. */
const KEEP_SECONDS = 5;
const SUBMISSION_SECONDS = 0.15;

/**
 * A fleet of runs behind a message port: takes commands, emits events, holds no page or worker object, so tests drive it directly.
 * A new `open` ends the fleet before it; errors are told and leave the last checkpoints intact.
 */
export class Session {
  private trainer: Trainer | undefined;
  private backend: Backend | undefined;
  private configs: Config[] | undefined;
  /** Number of the newest command; of the newest that stops training; of the newest `open`. */
  private newest = 0;
  private interruptedBy = 0;
  private openedBy = 0;
  /** The command that started the loop under way. */
  private startedBy = 0;
  private looping: Promise<void> | undefined;
  private queue: Promise<void> = Promise.resolve();
  private saved: { checkpoints: Bytes[]; step: number } | undefined;
  private keepWanted = false;
  /** Questions that came while the loop was under way. */
  private asked: { id: number; question: Question }[] = [];
  private secondsPerStep = 0;
  private watched: { run: number | null; seconds: number } = { run: null, seconds: 0 };
  private framedAt = Number.NEGATIVE_INFINITY;
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
    if (command.type === 'pace') {
      this.secondsPerStep = command.secondsPerStep;
      return Promise.resolve();
    }
    const number = ++this.newest;
    if (command.type === 'pause' || command.type === 'evaluate') this.interruptedBy = number;
    if (command.type === 'open') this.interruptedBy = this.openedBy = number;
    const moves = ['open', 'play', 'pause', 'step'].includes(command.type);
    if (moves) this.playing = command.type === 'play';
    this.queue = this.queue.then(() => this.act(command, number)).catch((error: unknown) => this.fail(error, moves));
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
      case 'keep':
        if (this.looping) this.keepWanted = true;
        else await this.announce();
        break;
      case 'watch':
        this.watched = command;
        this.framedAt = Number.NEGATIVE_INFINITY;
        if (!this.looping) await this.frame();
        break;
      case 'ask':
        this.asked.push(command);
        if (!this.looping) await this.answerAll();
    }
  }

  /** Waits for a loop that an earlier command has told to stop. */
  private async settled(): Promise<void> {
    if (this.interruptedBy > this.startedBy) await this.looping;
  }

  private status(status: Status): void {
    this.emit({ type: 'status', status });
  }

  private async open({ configs, backend, checkpoints }: Extract<Command, { type: 'open' }>, number: number): Promise<void> {
    this.trainer?.destroy();
    this.trainer = undefined;
    this.saved = undefined;
    this.configs = configs;
    this.status('preparing');
    const say = (text: string) => this.emit({ type: 'notice', text });
    configs.forEach(checkMixes);
    new Set(configs.flatMap(cautions)).forEach(say);
    const usable = this.backend && (backend === 'auto' || backend === this.backend.kind);
    if (!usable) {
      this.backend?.destroy();
      this.backend = undefined;
      this.backend = await this.devices.open(backend, say);
      this.watch(this.backend);
    }
    const device = this.backend as Backend;
    const starts = checkpoints ? this.resumed(checkpoints) : await this.fresh(device, configs, number);
    if (!starts) return;
    // After a fall-back the GPU stays open for runs that fit it.
    const trainer = await openTrainer(device, configs, starts, {
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
      steps: configs[0].steps,
      runs: configs.length,
      parameters: trainer.parameters.size,
      flopsPerStep: trainer.flopsPerStep,
    });
    this.status(trainer.stepsDone >= configs[0].steps ? 'finished' : 'paused');
  }

  /** Starts from a file's bytes. @throws Error naming what is wrong with which checkpoint, or that their steps differ */
  private resumed(checkpoints: Bytes[]): Start[] {
    const starts = checkpoints.map((bytes, i): Start => {
      const where = checkpoints.length > 1 ? `checkpoint ${i}` : 'the checkpoint';
      return { checkpoint: decodeCheckpoint(bytes, where), where };
    });
    const steps = starts.map((s) => s.checkpoint.training?.state[STATE.step] ?? 0);
    const odd = steps.findIndex((s) => s !== steps[0]);
    if (odd > 0)
      throw new Error(`checkpoint ${odd} is of step ${steps[odd]}, checkpoint 0 of step ${steps[0]}: a fleet trains in step`);
    if (starts.every((s) => s.checkpoint.training)) this.saved = { checkpoints, step: steps[0] };
    return starts;
  }

  /** Base checkpoints, each made or read once; undefined when a newer `open` came. */
  private async fresh(device: Backend, configs: readonly Config[], number: number): Promise<Start[] | undefined> {
    const found = new Map<string, Start>();
    for (const config of configs) {
      const key = baseKey(config);
      if (found.has(key)) continue;
      const base = await baseCheckpoint(device, config, {
        readPublic: this.devices.readPublic,
        say: (text) => this.emit({ type: 'notice', text }),
        progress: (done) => {
          this.emit({ type: 'progress', what: 'Warm start', done });
          return this.openedBy === number;
        },
      });
      if (!base) return undefined;
      found.set(key, base);
    }
    return configs.map((config) => found.get(baseKey(config)) as Start);
  }

  /**
   * A lost device costs at most the steps since the last checkpoint: the run is reopened from it on a new device, or on the CPU when
   * it came no further since the loss before, and trains on if it was training.
   */
  private watch(backend: Backend): void {
    void backend.lost.then((reason) => {
      if (this.backend !== backend) return;
      this.backend = undefined;
      const { configs, saved, playing } = this;
      const at = saved?.step ?? 0;
      const choice = this.lostAt === at ? 'cpu' : 'auto';
      this.lostAt = at;
      this.emit({
        type: 'notice',
        text: `The GPU was lost (${reason}). ${saved ? `Going on from step ${saved.step}.` : 'Starting the run again.'}`,
      });
      if (!configs) return;
      void this.handle({ type: 'open', configs, backend: choice, ...(saved ? { checkpoints: saved.checkpoints } : {}) });
      if (playing) void this.handle({ type: 'play' });
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
    let kept = now();
    let told = false;
    await trainingLoop(
      trainer,
      { steps: target, evalEvery: target === config.steps ? config.eval.every : null, submissionSeconds: SUBMISSION_SECONDS },
      {
        now,
        shouldStop,
        pace: () => this.secondsPerStep,
        onSteps: async (steps, stepsPerSecond) => {
          this.emit({ type: 'steps', steps, stepsPerSecond });
          const empty = steps.map(emptyNote).find((note) => note !== undefined);
          // One notice a fleet: the page counts the skipped updates.
          if (empty && !told) this.emit({ type: 'notice', text: `Dynamic sampling: ${empty}.` });
          told ||= empty !== undefined;
          if (now() - this.framedAt > this.watched.seconds) await this.frame();
          await this.answerAll();
          if (this.keepWanted || now() - kept > KEEP_SECONDS) {
            kept = now();
            await this.announce();
          }
        },
        onEvaluating: (done) => this.emit({ type: 'progress', what: 'Held-out evaluation', done }),
        onEval: async (step, results) => {
          this.emit({ type: 'evaluation', step, results });
          await this.announce();
        },
      },
    );
    if (this.openedBy > this.startedBy) return;
    await this.frame();
    await this.answerAll();
    await this.announce();
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
      if (results) this.emit({ type: 'evaluation', step, results });
    } finally {
      this.status(step >= this.trainer.configs[0].steps ? 'finished' : 'paused');
    }
  }

  /** Keeps every run as it is now and tells the page; when the device no longer answers, tells what was kept last. */
  private async announce(): Promise<void> {
    this.keepWanted = false;
    const { trainer } = this;
    if (!trainer) return;
    try {
      const step = trainer.stepsDone;
      const checkpoints: Bytes[] = [];
      for (const run of trainer.configs.keys()) checkpoints.push(encodeCheckpoint(await trainer.checkpoint(run)));
      this.saved = { checkpoints, step };
    } catch (error) {
      if (!this.saved) throw error;
    }
    this.emit({ type: 'kept', ...this.saved });
  }

  /** The watched run's pool. */
  private async frame(): Promise<void> {
    const { run } = this.watched;
    if (run === null || !this.trainer?.configs[run]) return;
    const frame = await this.trainer.frame(run);
    this.framedAt = this.devices.now();
    if (frame) this.emit({ type: 'frame', frame });
  }

  private async answerAll(): Promise<void> {
    const asked = this.asked;
    this.asked = [];
    for (const { id, question } of asked) {
      try {
        if (!this.trainer) throw new Error('no run is open');
        this.emit({ type: 'answer', id, answer: await answer(this.trainer, question) });
      } catch (error) {
        this.emit({ type: 'refusal', id, text: (error as Error).message });
      }
    }
  }

  private fail(error: unknown, fatal: boolean): void {
    this.emit({ type: 'error', text: error instanceof Error ? error.message : String(error), fatal });
    if (fatal) this.status('failed');
  }
}
