import { breathe } from '../../engine/breathe';
import { encodeCheckpoint } from '../../engine/checkpoint';
import type { StepMetrics } from '../../engine/metricsRing';
import type { Backend } from '../../gpu/backend';
import { recorded } from '../../sweep/metrics';
import { trialValue } from '../../sweep/objective';
import { makePruner } from '../../sweep/pruners/make';
import { makeSampler } from '../../sweep/samplers/make';
import { effects, evaluatesRounds, nextPoint, prunings, runningTrials, stepsOf } from '../../sweep/schedule';
import type { Entry, Order, Pruner, Sampler, SweepSpec, SweepState, Trial } from '../../sweep/types';
import type { ReadPublic } from '../base';
import type { Bytes } from '../protocol';
import { VERSION } from '../version';
import { Ledger } from './ledger';
import type { Fleet } from './places';
import type { Snapshot } from './protocol';
import { Roster, SweepError } from './roster';

/** What a sweep needs from its surroundings, and tells them; it waits for what a hook returns. */
export interface SweepHost {
  readPublic: ReadPublic;
  /** Appends to the journal, in order; when it returns, the entries are kept. */
  write(entries: Entry[]): void | Promise<void>;
  snapshot(snapshot: Snapshot): void | Promise<void>;
  /** The last state of a trial that has finished, as a checkpoint file. */
  checkpoint(trial: number, bytes: Bytes): void | Promise<void>;
  say(line: string): void;
  /** Share of `what` done, 0 to 1. */
  progress(what: string, done: number): void;
  /** Trial-steps a second, and trials side by side. */
  pace(stepsPerSecond: number, places: number): void;
  /** Asked between submissions. */
  shouldStop(): boolean;
  /** Orders that came since the last call. */
  orders(): Order[];
  /** Seconds, from any start. */
  now(): number;
  /** Milliseconds since 1970. */
  today(): number;
  /** Seconds between snapshots, and of one submission. */
  keepEvery: number;
  submissionSeconds: number;
  /** Bytes of device memory that fleets may take. */
  memory: number;
}

const evaluated = ({ step, evaluations }: Trial): boolean => evaluations.some((e) => e.step === step);

/** Numbers that JSON can hold. */
const finite = (x: number | null): number | null => (x !== null && Number.isFinite(x) ? x : null);

/**
 * Trains a sweep: fills fleets with trials, advances them by rounds, and lets sampler and pruner decide between rounds. All it decides
 * follows from the journal, so a sweep that was killed at any moment goes on to the same end.
 */
export class SweepRunner {
  private readonly ledger: Ledger;
  private readonly sampler: Sampler;
  private readonly pruner: Pruner;
  private readonly metrics: readonly string[];
  private readonly roster: Roster;
  private restored: Snapshot | null;
  private stride = 1;
  private keptAt: number;
  private trainedFrom: number;
  /** Seconds of training since the last round, before the last pause. */
  private paused = 0;
  private deciding = false;

  /**
   * @param past the whole journal so far; empty for a new sweep
   * @param snapshot the newest one; without it everything is made again
   * @throws SweepError when the journal is of another sweep or device
   */
  constructor(
    private readonly backend: Backend,
    readonly spec: SweepSpec,
    past: readonly Entry[],
    snapshot: Snapshot | null,
    private readonly host: SweepHost,
  ) {
    const [first] = past;
    if (first) {
      if (first.type !== 'sweep') throw new SweepError(`the journal begins with an entry of type ${first.type} (sweep)`);
      if (JSON.stringify(first.spec) !== JSON.stringify(spec))
        throw new SweepError('the journal is of another sweep: its specification differs');
      if (first.backend !== backend.kind || first.adapter !== backend.adapter)
        throw new SweepError(
          `this sweep was begun on ${first.adapter} (${first.backend}), here is ${backend.adapter} (${backend.kind}): its numbers would not be the same`,
        );
    }
    const usable = snapshot && snapshot.entries <= past.length ? snapshot : null;
    this.ledger = new Ledger(past, usable?.entries ?? 0);
    this.restored = usable;
    this.sampler = makeSampler(spec);
    this.pruner = makePruner(spec);
    this.roster = new Roster(backend, this.sampler, host, () => this.state);
    this.metrics = recorded(spec);
    this.keptAt = this.trainedFrom = host.now();
  }

  get state(): SweepState {
    return this.ledger.state;
  }

  /** Whether it was asked to end. */
  get stopped(): boolean {
    return !this.ledger.empty && this.state.stopped;
  }

  /** Trains on. @returns whether the sweep is at its end, or was stopped by `shouldStop`: then the same call goes on */
  async run(): Promise<'finished' | 'paused'> {
    const { host, ledger } = this;
    this.trainedFrom = host.now();
    if (ledger.empty) {
      const { kind, adapter } = this.backend;
      const first = {
        type: 'sweep',
        spec: this.spec,
        version: VERSION,
        backend: kind,
        adapter,
        memory: host.memory,
        at: host.today(),
      } as const;
      const known = ledger.ahead('sweep');
      ledger.add(known ?? first);
    }
    if (this.restored && !(await this.roster.restore(this.restored))) return 'paused';
    this.restored = null;
    while (true) {
      await this.write();
      if (host.shouldStop()) {
        this.paused += host.now() - this.trainedFrom;
        await this.keep();
        await this.write();
        return 'paused';
      }
      // Decisions that a stop has interrupted are finished first.
      if (!this.deciding) this.orders();
      const due = runningTrials(this.state).filter((t) => t.step >= stepsOf(this.state, t));
      const fleet = this.roster.fleets.find((f) => f.left > 0 && f.running > 0);
      const unmeasured = fleet ? [] : this.unmeasured();
      if (due.length) await this.finish(due);
      else if (fleet) await this.advance(fleet);
      else if (unmeasured.length) await this.evaluate(unmeasured);
      else if (!(await this.decide())) return 'finished';
      if (!due.length && host.now() - this.keptAt >= host.keepEvery) await this.keep();
      await breathe();
    }
  }

  private async write(): Promise<void> {
    const entries = this.ledger.take();
    if (entries.length) await this.host.write(entries);
  }

  /** Trains a fleet by one submission, at most to the end of the round or of one of its trials. */
  private async advance(fleet: Fleet): Promise<void> {
    const { host } = this;
    const trials = runningTrials(this.state).filter((t) => fleet.placeOf(t.trial) >= 0);
    const nearest = Math.min(...trials.map((t) => stepsOf(this.state, t) - t.step));
    // What is made again halts where the journal does: an order may have come there.
    const ahead = trials.map((t) => this.ledger.stepsAhead(t.trial)).filter((n) => n > 0);
    const count = Math.min(this.stride, fleet.trainer.maxStride, fleet.left, nearest, ...ahead);
    const start = host.now();
    const measured = await fleet.trainer.step(count, fleet.reach);
    const seconds = Math.max(1e-6, host.now() - start);
    this.stride = Math.max(1, Math.min(2 * this.stride, Math.floor((host.submissionSeconds * count) / seconds)));
    fleet.left -= count;
    for (const { trial, step } of trials) this.ledger.add(this.stepsEntry(trial, step, measured[fleet.placeOf(trial)]));
    host.pace((trials.length * count) / seconds, trials.length);
  }

  private stepsEntry(trial: number, step: number, measured: readonly StepMetrics[]): Entry {
    const metrics = Object.fromEntries(this.metrics.map((name) => [name, measured.map((m) => finite(m.metrics[name] ?? null))]));
    return { type: 'steps', trial, from: step + 1, metrics };
  }

  /** Held-out accuracy of trials of one fleet where they are, unless it is known; false when stopped meanwhile. */
  private async evaluate(trials: readonly Trial[]): Promise<boolean> {
    const own = trials.filter((t) => !evaluated(t));
    if (!own.length) return true;
    const fleet = this.roster.of(own[0].trial);
    const results = await fleet.trainer.evaluateRuns(
      own.map((t) => fleet.placeOf(t.trial)),
      (done) => {
        this.host.progress('Evaluating trials', done);
        return !this.host.shouldStop();
      },
    );
    results?.forEach((result, i) => this.ledger.add({ type: 'evaluation', trial: own[i].trial, step: own[i].step, result }));
    return results !== null;
  }

  /** Those of some trials that are in the same fleet as the first. */
  private together(trials: readonly Trial[]): Trial[] {
    const fleet = this.roster.of(trials[0].trial);
    return trials.filter((t) => fleet.placeOf(t.trial) >= 0);
  }

  /** Evaluates trials that have done their steps, and ends them: fleet by fleet, so that orders can come between. */
  private async finish(all: readonly Trial[]): Promise<void> {
    const due = this.together(all);
    if (!(await this.evaluate(due))) return;
    for (const { trial, step } of due) {
      const fleet = this.roster.of(trial);
      const map = await fleet.map(trial);
      if (map) this.ledger.add({ type: 'map', trial, ...map });
      const value = trialValue(this.spec, this.state.trials[trial], step);
      const why = value === null ? `it has no value of ${this.spec.objective.metric}` : '';
      const bytes = encodeCheckpoint(await fleet.trainer.checkpoint(fleet.placeOf(trial)));
      await this.host.checkpoint(trial, bytes);
      this.end({ type: 'end', trial, state: value === null ? 'failed' : 'finished', step, value, why });
    }
  }

  private end(entry: Entry): void {
    this.ledger.add(entry);
    if (entry.type === 'end') this.roster.drop(entry.trial);
  }

  /** After a round: trials of one fleet whose held-out accuracy decisions ask for, and that is not known. */
  private unmeasured(): Trial[] {
    if (!evaluatesRounds(this.spec)) return [];
    const open = runningTrials(this.state).filter((t) => t.step > 0 && !evaluated(t));
    return open.length ? this.together(open) : [];
  }

  /** Between two rounds: orders, pruning, new trials. @returns false when nothing is left to train */
  private async decide(): Promise<boolean> {
    const { ledger, host } = this;
    if (!this.deciding) {
      this.deciding = true;
      for (const entry of prunings(this.state, this.pruner)) this.end(entry);
    }
    if (!(await this.begin())) return true;
    const idle = runningTrials(this.state).length === 0;
    if (!idle || ledger.sinceRound > 0) {
      const now = host.now();
      ledger.add({
        type: 'round',
        round: this.state.rounds + 1,
        seconds: this.state.seconds + this.paused + now - this.trainedFrom,
      });
      this.trainedFrom = now;
      this.paused = 0;
    }
    await this.roster.settle(this.spec.report);
    this.deciding = false;
    if (!idle) return true;
    this.destroy();
    await this.keep();
    return false;
  }

  /** Writes down what was asked for and does it. */
  private take(order: Order): void {
    this.ledger.add({ type: 'order', order });
    for (const entry of effects(this.state, order)) this.end(entry);
  }

  /** Orders act between two submissions. What was ordered before is done again where the journal has it. */
  private orders(): void {
    const { ledger } = this;
    // Whoever ends has made all the steps that the journal has of it.
    const made = (order: Order) =>
      order.kind === 'stopTrial' ? ledger.stepsAhead(order.trial) === 0 : order.kind !== 'stop' || ledger.stepsMade;
    for (let next = ledger.ahead('order'); next && made(next.order); next = ledger.ahead('order')) this.take(next.order);
    if (!ledger.replaying) for (const order of this.host.orders()) this.take(order);
  }

  /** Takes orders while the sweep is paused, so that they are written down; those that cannot be taken yet wait for `run`. */
  async note(): Promise<void> {
    if (this.ledger.empty || this.restored || this.deciding) return;
    this.orders();
    await this.write();
  }

  /** Fills free places, trial by trial; another point is asked for when none waits. @returns false when stopped meanwhile, at a warm start */
  private async begin(): Promise<boolean> {
    while (true) {
      const full = new Set<string>();
      for (const trial of this.state.trials.filter((t) => t.state === 'waiting')) {
        const kind = this.roster.kindOf(trial);
        const found = full.has(kind) ? 'full' : await this.roster.begin(trial);
        if (found === 'stopped') return false;
        if (found === 'full') full.add(kind);
        else this.ledger.add({ type: 'trial', trial: trial.trial, point: trial.point, seed: trial.seed });
      }
      const point = full.size === 0 && this.roster.free ? nextPoint(this.state, this.sampler) : null;
      if (!point) return true;
      this.ledger.add(point);
    }
  }

  /** Keeps all running trials as they are, unless some are due or the journal is still being made again. */
  private async keep(): Promise<void> {
    if (this.deciding || this.ledger.replaying || runningTrials(this.state).some((t) => t.step >= stepsOf(this.state, t))) return;
    await this.write();
    await this.host.snapshot({ entries: this.ledger.length, ...(await this.roster.save()) });
    this.keptAt = this.host.now();
  }

  destroy(): void {
    this.roster.destroy();
  }
}
