import { decodeCheckpoint, encodeCheckpoint } from '../../engine/checkpoint';
import type { Start } from '../../engine/trainer';
import type { Backend } from '../../gpu/backend';
import { configOf } from '../../sweep/configs';
import { hasEnded } from '../../sweep/journal';
import { runningTrials } from '../../sweep/schedule';
import type { Sampler, SweepState, Trial } from '../../sweep/types';
import { baseCheckpoint, baseKey, type ReadPublic } from '../base';
import { fleetKind, runBytes } from '../fleetKind';
import { Fleet } from './places';
import type { Snapshot } from './protocol';

/** Points that a sampler is asked for beforehand, to see how large a fleet is worth opening. */
const LOOK_AHEAD = 256;

/** The sweep cannot go on here. */
export class SweepError extends Error {
  override name = 'SweepError';
}

/** What the fleets need from the sweep's surroundings. */
export interface RosterHost {
  readPublic: ReadPublic;
  say(line: string): void;
  progress(what: string, done: number): void;
  shouldStop(): boolean;
}

/** The fleets of a sweep: which trial is in which place, and where trials begin from. */
export class Roster {
  private readonly bases = new Map<string, Start>();
  private open: Fleet[] = [];

  constructor(
    private readonly backend: Backend,
    private readonly sampler: Sampler,
    private readonly host: RosterHost,
    private readonly state: () => SweepState,
  ) {}

  /** Fleets in the order in which they train. */
  get fleets(): readonly Fleet[] {
    return this.open;
  }

  /** The fleet that a running trial is in. */
  of(trial: number): Fleet {
    const found = this.open.find((f) => f.placeOf(trial) >= 0);
    if (!found) throw new Error(`trial ${trial} is in no fleet`);
    return found;
  }

  private config({ point, seed }: Trial) {
    const { spec, points } = this.state();
    return configOf(spec, points[point].values, seed);
  }

  /** Kind of fleet that a trial trains in. */
  kindOf = (trial: Trial): string => fleetKind(this.config(trial));

  /** Base checkpoint of a trial; null when a warm start was stopped. */
  private async base(trial: Trial): Promise<Start | null> {
    const config = this.config(trial);
    const key = baseKey(config);
    const known = this.bases.get(key);
    if (known) return known;
    const found = await baseCheckpoint(this.backend, config, {
      readPublic: this.host.readPublic,
      say: (line) => this.host.say(line),
      progress: (done) => {
        this.host.progress('Warm start', done);
        return !this.host.shouldStop();
      },
    });
    if (found) this.bases.set(key, found);
    return found;
  }

  /** Puts a trial into a free place, in a fleet opened if need be. @returns 'full' when there is none, 'stopped' at a warm start */
  async begin(trial: Trial): Promise<'begun' | 'full' | 'stopped'> {
    const start = await this.base(trial);
    if (!start) return 'stopped';
    const fleet = await this.room(trial, start);
    if (!fleet) return 'full';
    fleet.put(trial.trial, this.config(trial), start);
    return 'begun';
  }

  /** A fleet with a free place for a trial; null when its fleet or the memory is full. */
  private async room(trial: Trial, start: Start): Promise<Fleet | null> {
    const kind = this.kindOf(trial);
    const known = this.open.find((f) => f.kind === kind);
    if (known) return known.running < known.places.length ? known : null;
    const { memory, spec } = this.state();
    const bytes = runBytes(this.config(trial));
    const left = memory - this.open.reduce((sum, f) => sum + f.bytes, 0);
    if (this.open.length && left < bytes) return null;
    const most = Math.min(spec.places, this.stillToCome(kind), Math.floor(left / bytes));
    return this.add(trial, start, Math.max(1, most));
  }

  private async add(trial: Trial, start: Start, places: number): Promise<Fleet> {
    const compiling = (done: number) => this.host.progress('Compiling kernels', done);
    const fleet = await Fleet.open(this.backend, this.config(trial), start, places, compiling);
    this.open.push(fleet);
    return fleet;
  }

  /** Trials of a kind that may be under way at once: those that have not ended, and those to come as far as that is known. */
  private stillToCome(kind: string): number {
    const { spec, points, trials } = this.state();
    if (!['grid', 'random', 'sobol'].includes(spec.sampler.kind)) return spec.places;
    let count = trials.filter((t) => !hasEnded(t) && this.kindOf(t) === kind).length;
    const own = points.filter((p) => !p.byHand).length;
    for (let i = own; count < spec.places && i < own + LOOK_AHEAD; i++) {
      const values = this.sampler.next(i, []);
      if (!values) break;
      if (fleetKind(configOf(spec, values, spec.seeds[0])) === kind) count += spec.seeds.length;
    }
    return count;
  }

  /** Whether another trial might find a place. */
  get free(): boolean {
    return this.open.length === 0 || this.open.some((f) => f.running < f.places.length);
  }

  /** Takes a trial out. A fleet without trials gives its memory back: a snapshot could not tell how large it was. */
  drop(trial: number): void {
    const fleet = this.open.find((f) => f.placeOf(trial) >= 0);
    if (!fleet) return;
    fleet.drop(trial);
    if (fleet.running > 0) return;
    fleet.trainer.destroy();
    this.open = this.open.filter((f) => f !== fleet);
  }

  /** Before a round of `steps` steps: trials move together. */
  async settle(steps: number): Promise<void> {
    for (const fleet of this.open) {
      await fleet.close();
      fleet.left = steps;
    }
  }

  /** All running trials as they are, with the fleets that they are in. */
  async save(): Promise<Pick<Snapshot, 'fleets' | 'trials'>> {
    const trials: Snapshot['trials'] = [];
    for (const { trial, step } of runningTrials(this.state())) {
      const fleet = this.of(trial);
      const bytes = step === 0 ? null : encodeCheckpoint(await fleet.trainer.checkpoint(fleet.placeOf(trial)));
      trials.push({ trial, fleet: this.open.indexOf(fleet), bytes });
    }
    return { fleets: this.open.map((f) => ({ places: f.places.length, left: f.left })), trials };
  }

  /** Opens the fleets of a snapshot again and puts its trials back. @returns false when stopped at a warm start */
  async restore({ fleets, trials }: Snapshot): Promise<boolean> {
    this.destroy();
    for (const [i, { places, left }] of fleets.entries()) {
      let fleet: Fleet | undefined;
      for (const own of trials.filter((t) => t.fleet === i)) {
        const trial = this.state().trials[own.trial];
        const where = `the snapshot of trial ${own.trial}`;
        const start = own.bytes ? { checkpoint: decodeCheckpoint(own.bytes, where), where } : await this.base(trial);
        if (!start) return false;
        fleet ??= await this.add(trial, start, places);
        if (fleet.places.length < places)
          throw new SweepError(
            `the device has room for ${fleet.places.length} of the ${places} runs that this sweep trained side by side: free memory and open it again`,
          );
        fleet.put(own.trial, this.config(trial), start);
        fleet.left = left;
      }
    }
    return true;
  }

  destroy(): void {
    for (const { trainer } of this.open) trainer.destroy();
    this.open = [];
  }
}
