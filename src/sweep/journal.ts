import { reportOf } from './objective';
import type { Entry, Standing, SweepSpec, SweepState, Trial } from './types';

/** A journal's contents do not follow from each other. */
export class JournalError extends Error {
  override name = 'JournalError';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const ENDED: readonly Trial['state'][] = ['finished', 'pruned', 'stopped', 'failed'];
/** Whether a trial will not go on. */
export const hasEnded = ({ state }: Pick<Trial, 'state'>): boolean => ENDED.includes(state);

/**
 * A journal read so far. The state's lists grow in place, but a trial that changed is a new object, so that what is made of it can be kept
 * by the object.
 */
export class Journal {
  private current: Mutable<SweepState> | undefined;
  private entries = 0;
  private ends = 0;

  constructor(entries: readonly Entry[] = []) {
    this.push(entries);
  }

  /** @throws JournalError before the first entry */
  get state(): SweepState {
    if (!this.current) throw new JournalError('the journal is empty: it begins with an entry of type sweep');
    return this.current;
  }
  get empty(): boolean {
    return this.current === undefined;
  }
  /** Entries read. */
  get length(): number {
    return this.entries;
  }

  /** @throws JournalError naming the entry, from 1, that does not follow */
  push(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.entries++;
      if (entry.type === 'sweep') this.begin(entry);
      else this.apply(entry, this.state as Mutable<SweepState>);
    }
  }

  private fault(what: string): JournalError {
    return new JournalError(`entry ${this.entries} of the journal: ${what}`);
  }

  private begin({ spec, backend, adapter, memory, version }: Extract<Entry, { type: 'sweep' }>): void {
    if (this.current) throw this.fault('a second sweep begins (one to a journal)');
    const { budget } = spec;
    const counts = { rounds: -1, seconds: 0, stopped: false };
    this.current = { spec, budget, backend, adapter, memory, version, points: [], trials: [], ...counts, queue: [] };
  }

  private trial(state: SweepState, number: number): Trial {
    const found = state.trials[number];
    if (!found) throw this.fault(`there is no trial ${number} (${state.trials.length} so far)`);
    return found;
  }

  private change(state: SweepState, number: number, change: Partial<Trial>): void {
    (state.trials as Trial[])[number] = { ...this.trial(state, number), ...change };
  }

  private apply(entry: Exclude<Entry, { type: 'sweep' }>, state: Mutable<SweepState>): void {
    switch (entry.type) {
      case 'point': {
        const { type: _, ...own } = entry;
        const { point } = own;
        if (point !== state.points.length) throw this.fault(`point ${point} follows point ${state.points.length - 1}`);
        (state.points as (typeof own)[]).push(own);
        if (own.byHand) state.queue = state.queue.slice(1);
        const { seeds } = state.spec;
        for (const seed of seeds)
          (state.trials as Trial[]).push({
            trial: state.trials.length,
            point,
            seed,
            state: 'waiting',
            step: 0,
            value: null,
            why: '',
            ended: null,
            curves: {},
            evaluations: [],
            map: null,
          });
        break;
      }
      case 'trial': {
        const { trial, point, seed } = entry;
        const own = this.trial(state, trial);
        if (own.state !== 'waiting')
          throw this.fault(`trial ${trial} begins ${own.state === 'running' ? 'a second time' : `though it is ${own.state}`}`);
        if (own.point !== point || own.seed !== seed)
          throw this.fault(`trial ${trial} is of point ${point} and seed ${seed} (point ${own.point}, seed ${own.seed})`);
        this.change(state, trial, { state: 'running' });
        break;
      }
      case 'steps': {
        const { trial, from, metrics } = entry;
        const { step, state: now, curves: known } = this.trial(state, trial);
        if (now !== 'running') throw this.fault(`trial ${trial} takes steps while it is ${now}`);
        if (from !== step + 1) throw this.fault(`step ${from} of trial ${trial} follows step ${step}`);
        const curves: Record<string, readonly (number | null)[]> = { ...known };
        let count = 0;
        for (const [name, values] of Object.entries(metrics)) {
          const curve = (curves[name] ??= []) as (number | null)[];
          while (curve.length < step) curve.push(null);
          for (const value of values) curve.push(value);
          count = values.length;
        }
        this.change(state, trial, { step: step + count, curves });
        break;
      }
      case 'evaluation': {
        const { trial, step, result } = entry;
        this.change(state, trial, { evaluations: [...this.trial(state, trial).evaluations, { step, result }] });
        break;
      }
      case 'map': {
        const { trial, x, y, domain, correct } = entry;
        this.change(state, trial, { map: { x, y, domain, correct } });
        break;
      }
      case 'end': {
        const { trial, state: end, value, why } = entry;
        if (hasEnded(this.trial(state, trial))) throw this.fault(`trial ${trial} ends a second time`);
        this.change(state, trial, { state: end, value, why, ended: this.ends++ });
        break;
      }
      case 'order': {
        const { order } = entry;
        if (order.kind === 'budget') state.budget = order.budget;
        else if (order.kind === 'add') state.queue = [...state.queue, ...order.points];
        // Whoever asks for more wants the sweep to go on.
        if (order.kind !== 'stopTrial') state.stopped = order.kind === 'stop';
        break;
      }
      case 'round':
        state.rounds = entry.round;
        state.seconds = entry.seconds;
    }
  }
}

/** Reports of a trial after each round; made once for each state of it. */
const reportsOf = (() => {
  const made = new WeakMap<Trial, readonly (readonly [number, number])[]>();
  return (spec: SweepSpec, trial: Trial) => {
    const known = made.get(trial);
    if (known) return known;
    const reports: (readonly [number, number])[] = [];
    const ends = hasEnded(trial) && trial.step % spec.report !== 0 ? [trial.step] : [];
    const steps = Array.from({ length: Math.floor(trial.step / spec.report) }, (_, i) => (i + 1) * spec.report);
    for (const step of [...steps, ...ends]) {
      const value = reportOf(spec.objective, trial, step);
      if (value !== null) reports.push([step, value]);
    }
    made.set(trial, reports);
    return reports;
  };
})();

/** The trials of each point, in the order of the seeds. */
export const trialsOf = (state: SweepState, point: number): readonly Trial[] => {
  const { length } = state.spec.seeds;
  return state.trials.slice(point * length, (point + 1) * length);
};

/** What samplers and pruners see of every point. */
export function standingsOf(state: SweepState): Standing[] {
  return state.points.map(({ point, values }) => {
    const trials = trialsOf(state, point);
    const known = trials.flatMap((t) => (t.state === 'finished' && t.value !== null ? [t.value] : []));
    const has = (s: Trial['state']) => trials.some((t) => t.state === s);
    // A seed that ended without a value would hold the point at its last step.
    const counts = (t: Trial) => t.step > 0 && t.state !== 'failed' && t.state !== 'stopped';
    const standing = !trials.every(hasEnded) ? 'running' : has('pruned') ? 'pruned' : has('stopped') ? 'stopped' : 'finished';
    return {
      point,
      values,
      state: standing === 'finished' && !known.length ? 'failed' : standing,
      value: known.length ? known.reduce((a, b) => a + b, 0) / known.length : null,
      reports: new Map(trials.filter(counts).map((t) => [t.seed, reportsOf(state.spec, t)])),
    };
  });
}
