import type { Config } from '../../config/schema';
import { type Start, Trainer } from '../../engine/trainer';
import { type Backend, DeviceError } from '../../gpu/backend';
import { principalComponents } from '../../math/pca';
import type { TrialMap } from '../../sweep/types';
import { DOMAINS } from '../../tasks/registry';
import { fleetKind, runBytes } from '../fleetKind';

/** Rollouts of a trial's map at most. */
const MAP_ROWS = 160;

/** A fleet whose places trials come to and leave. */
export class Fleet {
  /** Trial in each place. */
  readonly places: (number | null)[];
  /** Steps that its trials have still to do in this round. */
  left = 0;

  private constructor(
    readonly kind: string,
    /** Bytes of all places. */
    readonly bytes: number,
    readonly trainer: Trainer,
  ) {
    this.places = trainer.configs.map(() => null);
  }

  /** `places` for runs of a configuration's kind, or as many as the device has room for; at least one. */
  static async open(
    backend: Backend,
    config: Config,
    start: Start,
    places: number,
    compiling?: (done: number) => void,
  ): Promise<Fleet> {
    const bytes = runBytes(config);
    for (let count = places; ; count = Math.floor(count / 2)) {
      const configs = Array.from({ length: count }, () => config);
      try {
        const trainer = await Trainer.create(backend, configs, [start], compiling);
        return new Fleet(fleetKind(config), bytes * count, trainer);
      } catch (error) {
        if (!(error instanceof DeviceError) || count === 1) throw error;
      }
    }
  }

  get running(): number {
    return this.places.filter((t) => t !== null).length;
  }
  /** Runs up to the last place that is taken: those that a submission trains. */
  get reach(): number {
    return this.places.findLastIndex((t) => t !== null) + 1;
  }
  placeOf(trial: number): number {
    return this.places.indexOf(trial);
  }

  put(trial: number, config: Config, start: Start): void {
    const place = this.places.indexOf(null);
    this.trainer.place(place, config, start);
    this.places[place] = trial;
  }

  drop(trial: number): void {
    const place = this.placeOf(trial);
    if (place >= 0) this.places[place] = null;
  }

  /** Moves trials from the end into free places, so that no submission trains an empty one. */
  async close(): Promise<void> {
    while (this.reach > this.running) {
      const from = this.reach - 1;
      const [trial, config] = [this.places[from] as number, this.trainer.configs[from]];
      const checkpoint = await this.trainer.checkpoint(from);
      this.places[from] = null;
      this.put(trial, config, { checkpoint, where: `trial ${trial}` });
    }
  }

  /** Where the last pool of a trial lies; null for one without an embedding. */
  async map(trial: number): Promise<TrialMap | null> {
    const place = this.placeOf(trial);
    if (!(this.trainer.configs[place].contrast.lambda > 0)) return null;
    const { embeddings, width, domain, reward } = await this.trainer.pool(place);
    const n = domain.length;
    if (!embeddings || n < 2) return null;
    const stride = Math.max(1, Math.ceil(n / MAP_ROWS));
    const rows = Array.from({ length: Math.floor((n - 1) / stride) + 1 }, (_, i) => i * stride);
    const { points } = principalComponents(embeddings, width);
    // Adding 0 makes −0 plain.
    const short = (x: number) => Number(x.toFixed(3)) + 0;
    return {
      x: rows.map((i) => short(points[2 * i])),
      y: rows.map((i) => short(points[2 * i + 1])),
      domain: rows.map((i) => Math.min(domain[i], DOMAINS.length - 1)),
      correct: rows.map((i) => reward[i] > 0),
    };
  }
}
