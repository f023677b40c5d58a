import type { StepMetrics } from '../host/protocol';

/** Weight of the newest step in smoothed curves: they look back over about ten steps. */
const FRESH = 0.18;
/** Steps that a trace has room for at first. */
const ROOM = 256;

/** A growing row of numbers; `view` is as long as what was put in. */
class Numbers {
  private data: Float64Array;
  constructor(room: number) {
    this.data = new Float64Array(room).fill(Number.NaN);
  }
  set(i: number, value: number): void {
    if (i >= this.data.length) {
      const wider = new Float64Array(2 * this.data.length).fill(Number.NaN);
      wider.set(this.data);
      this.data = wider;
    }
    this.data[i] = value;
  }
  view(length: number): Float64Array {
    return this.data.subarray(0, length);
  }
}

interface Column {
  raw: Numbers;
  smooth: Numbers;
  /** Running average and the weight it has gathered. */
  sum: number;
  weight: number;
  low: number;
  high: number;
}

const NONE = new Float64Array(0);

/** Metrics of one run by step. Grows in place: whoever draws it watches the store's `version`. */
export class Trace {
  private count = 0;
  private readonly room: number;
  private readonly stepNumbers: Numbers;
  private readonly columns = new Map<string, Column>();

  /** `steps`: how many are expected; room for them is taken at once, so memory stays flat while they come. */
  constructor(steps = ROOM) {
    this.room = Math.max(1, Math.min(steps, 100_000));
    this.stepNumbers = new Numbers(this.room);
  }

  get length(): number {
    return this.count;
  }
  /** Step of each entry, ascending. */
  get steps(): Float64Array {
    return this.stepNumbers.view(this.count);
  }
  get lastStep(): number {
    return this.steps.at(-1) ?? 0;
  }
  /** Names of the metrics so far. */
  get names(): string[] {
    return [...this.columns.keys()];
  }

  push({ step, metrics, centroids, gradientCosine }: StepMetrics): void {
    const i = this.count++;
    this.stepNumbers.set(i, step);
    for (const c of this.columns.values()) c.smooth.set(i, c.weight > 0 ? c.sum / c.weight : Number.NaN);
    for (const [name, value] of Object.entries(metrics)) this.put(i, name, value);
    centroids.forEach((row, a) => {
      row.forEach((value, b) => {
        if (b > a) this.put(i, `centroid/${a}-${b}`, value);
      });
    });
    gradientCosine.forEach((row, a) => {
      row.forEach((value, b) => {
        if (b > a) this.put(i, `cosine/${a}-${b}`, value);
      });
    });
  }

  private put(i: number, name: string, value: number | null): void {
    let c = this.columns.get(name);
    if (!c) {
      const [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      c = { raw: new Numbers(this.room), smooth: new Numbers(this.room), sum: 0, weight: 0, low, high };
      this.columns.set(name, c);
    }
    if (value === null || !Number.isFinite(value)) {
      c.raw.set(i, Number.NaN);
      return;
    }
    c.sum += FRESH * (value - c.sum);
    c.weight += FRESH * (1 - c.weight);
    c.raw.set(i, value);
    c.smooth.set(i, c.sum / c.weight);
    c.low = Math.min(c.low, value);
    c.high = Math.max(c.high, value);
  }

  /** One value per step; NaN where there is no data. */
  raw(name: string): Float64Array {
    return this.columns.get(name)?.raw.view(this.count) ?? NONE;
  }

  /** Exponential average of `raw`; carried over gaps. */
  smooth(name: string): Float64Array {
    return this.columns.get(name)?.smooth.view(this.count) ?? NONE;
  }

  /** Value at the last step; null where there is no data. */
  last(name: string): number | null {
    const value = this.raw(name).at(-1);
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  /** Smallest and largest value of some columns; null without data. */
  extent(names: readonly string[]): [number, number] | null {
    const found = names.flatMap((n) => this.columns.get(n) ?? []).filter((c) => c.low <= c.high);
    return found.length ? [Math.min(...found.map((c) => c.low)), Math.max(...found.map((c) => c.high))] : null;
  }

  /** A copy without the steps after `step`. */
  upTo(step: number): Trace {
    const out = new Trace(this.room);
    for (let i = 0; i < this.count && this.steps[i] <= step; i++) {
      const metrics: Record<string, number | null> = {};
      for (const n of this.columns.keys()) {
        const value = this.raw(n)[i];
        metrics[n] = Number.isNaN(value) ? null : value;
      }
      out.push({ step: this.steps[i], metrics, centroids: [], gradientCosine: [] });
    }
    return out;
  }
}
