import type { StepMetrics } from '../host/protocol';

/** Weight of the newest step in smoothed curves: they look back over about ten steps. */
const FRESH = 0.18;

interface Column {
  raw: number[];
  smooth: number[];
  /** Running average and the weight it has gathered. */
  sum: number;
  weight: number;
  low: number;
  high: number;
}

const NONE: readonly number[] = [];

/** Metrics of one run by step. Grows in place: whoever draws it watches the store's `version`. */
export class Trace {
  readonly steps: number[] = [];
  private readonly columns = new Map<string, Column>();

  get length(): number {
    return this.steps.length;
  }
  get lastStep(): number {
    return this.steps.at(-1) ?? 0;
  }

  push({ step, metrics }: StepMetrics): void {
    const count = this.steps.push(step);
    for (const [name, value] of Object.entries(metrics)) {
      let c = this.columns.get(name);
      if (!c) {
        const gap = Array<number>(count - 1).fill(Number.NaN);
        c = { raw: gap, smooth: [...gap], sum: 0, weight: 0, low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
        this.columns.set(name, c);
      }
      if (value === null || !Number.isFinite(value)) {
        c.raw.push(Number.NaN);
        c.smooth.push(c.weight > 0 ? c.sum / c.weight : Number.NaN);
        continue;
      }
      c.sum += FRESH * (value - c.sum);
      c.weight += FRESH * (1 - c.weight);
      c.raw.push(value);
      c.smooth.push(c.sum / c.weight);
      c.low = Math.min(c.low, value);
      c.high = Math.max(c.high, value);
    }
  }

  /** One value per step; NaN where there is no data. */
  raw(name: string): readonly number[] {
    return this.columns.get(name)?.raw ?? NONE;
  }

  /** Exponential average of `raw`; carried over gaps. */
  smooth(name: string): readonly number[] {
    return this.columns.get(name)?.smooth ?? NONE;
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
    const out = new Trace();
    const names = [...this.columns.keys()];
    for (let i = 0; i < this.steps.length && this.steps[i] <= step; i++) {
      const metrics: Record<string, number | null> = {};
      for (const n of names) {
        const value = this.raw(n)[i];
        metrics[n] = Number.isNaN(value) ? null : value;
      }
      out.push({ step: this.steps[i], metrics, centroids: [], gradientCosine: [] });
    }
    return out;
  }
}
