import { tFactor } from './bands';

/** A row of numbers that grows; what `view` gave stays as it was. */
class Row {
  private data = new Float64Array(256);
  set(i: number, value: number): void {
    if (i >= this.data.length) {
      const wider = new Float64Array(2 * this.data.length);
      wider.set(this.data);
      this.data = wider;
    }
    this.data[i] = value;
  }
  view(length: number): Float64Array {
    return this.data.subarray(0, length);
  }
}

/** Exponential average of values that keep coming: it looks back over about `window` of them, takes each once, and goes on over gaps. */
export class RunningMean {
  private readonly out = new Row();
  private count = 0;
  private sum = 0;
  private weight = 0;

  /** `window` 0 or 1: the values as they are, with their gaps. */
  constructor(private readonly window: number) {}

  /** The averages of the first `count` values; `at(i)` is asked for the new ones only. NaN before the first finite value. */
  upTo(count: number, at: (i: number) => number): Float64Array {
    const fresh = 2 / (this.window + 1);
    for (; this.count < count; this.count++) {
      const value = at(this.count);
      if (this.window <= 1) {
        this.out.set(this.count, value);
        continue;
      }
      if (Number.isFinite(value)) {
        this.sum += fresh * (value - this.sum);
        this.weight += fresh * (1 - this.weight);
      }
      this.out.set(this.count, this.weight > 0 ? this.sum / this.weight : Number.NaN);
    }
    return this.out.view(count);
  }
}

/** Mean and 95 % Student t-interval over runs, entry by entry; NaN where no run (for the interval: fewer than two) has a value. */
export interface RowBand {
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** Runs with a value. */
  n: Float64Array;
}

/** The band over rows that keep growing: each entry is worked out once. */
export class RunningBand {
  private readonly mean = new Row();
  private readonly low = new Row();
  private readonly high = new Row();
  private readonly n = new Row();
  private count = 0;

  /** Over the entries that all rows have. */
  over(rows: readonly ArrayLike<number>[]): RowBand {
    const count = rows.length ? Math.min(...rows.map((r) => r.length)) : 0;
    for (; this.count < count; this.count++) {
      const i = this.count;
      let [n, sum, squares] = [0, 0, 0];
      for (const row of rows) if (Number.isFinite(row[i])) [n, sum] = [n + 1, sum + row[i]];
      const mean = sum / n;
      for (const row of rows) if (Number.isFinite(row[i])) squares += (row[i] - mean) ** 2;
      const half = n > 1 ? Math.sqrt(squares / (n - 1)) * tFactor(n, 0.95) : Number.NaN;
      this.mean.set(i, mean);
      this.low.set(i, mean - half);
      this.high.set(i, mean + half);
      this.n.set(i, n);
    }
    const [mean, low, high, n] = [this.mean, this.low, this.high, this.n].map((r) => r.view(count));
    return { mean, low, high, n };
  }
}
