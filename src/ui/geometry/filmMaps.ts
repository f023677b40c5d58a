import { type Analysis, analysis, type FilmMap, type FilmOptions, isCancelled } from '../../store/analysis';
import type { Frame } from '../../store/state';

/** A frame with its map. */
export interface Picture {
  frame: Frame;
  map: FilmMap;
  /** Step of the frame whose map this one goes on from and is turned to lie on; null for the first. */
  on: number | null;
}

/** What is to be drawn. */
export interface Wanted {
  /** All frames of the film, by step. */
  frames: readonly Frame[];
  /** The one looked at: it comes first. */
  shown: Frame | null;
  options: FilmOptions;
  /** Whether the other frames are drawn too, while nothing else is to be done. */
  fill: boolean;
}

interface Job {
  key: string;
  frame: Frame;
  urgent: boolean;
  done: number;
  stop: AbortController;
}

/** Maps and failures of one choice of options, by frame. */
interface Known {
  pictures: WeakMap<Frame, Picture>;
  faults: WeakMap<Frame, string>;
  /** Since something failed, only what is looked at is tried. */
  failed: boolean;
}

/** Choices of options whose maps are kept, so that going back to one is immediate. */
const KEPT = 8;

const related = (a: Frame, b: Frame) => a.source === b.source && a.run === b.run && a.width === b.width;

/**
 * The maps of a film, made one after another by the analysis worker: the frame looked at first, then outwards from it. Each goes on
 * from the nearest one that is there, so that all lie on each other.
 */
export class FilmMaps {
  private wanted: Wanted | null = null;
  private key = '';
  private readonly all = new Map<string, Known>();
  private job: Job | null = null;
  private latest: Picture | null = null;
  private list: readonly Picture[] = [];
  private readonly listeners = new Set<() => void>();
  private changes = 0;
  private reports = 0;

  constructor(private readonly worker: () => Pick<Analysis, 'nextFilmMap'>) {}

  /** Calls `listener` after every change. @returns stops that */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Grows with every change but progress. */
  version = (): number => this.changes;

  /** Grows with every change and with progress. */
  progress = (): number => this.changes + this.reports;

  /** Says what is to be drawn; null: nothing, and what is under way stops. */
  want(wanted: Wanted | null): void {
    this.wanted = wanted;
    const key = wanted ? JSON.stringify(wanted.options) : '';
    // Who comes back to a choice that failed wants to see it tried again.
    if (key !== this.key) Object.assign(this.all.get(key) ?? {}, { faults: new WeakMap(), failed: false });
    this.key = key;
    const shown = wanted?.shown ?? null;
    if (!shown || (this.latest && !related(this.latest.frame, shown))) this.latest = null;
    this.pump();
    this.changed();
  }

  /** The map of a frame by the options that are wanted; null as long as there is none. */
  at(frame: Frame): Picture | null {
    return this.all.get(this.key)?.pictures.get(frame) ?? null;
  }

  /** What can be shown: the map of the frame looked at, else the one that was there before. */
  current(): Picture | null {
    const shown = this.wanted?.shown;
    return shown ? (this.at(shown) ?? this.latest) : null;
  }

  /** The map under way, if the frame looked at has none yet: its step and the share done. */
  busy(): { step: number; done: number } | null {
    const { job, wanted } = this;
    if (!job || !wanted?.shown || this.at(wanted.shown)) return null;
    return { step: job.frame.step, done: job.done };
  }

  /** Why the frame looked at has no map. */
  fault(): string | null {
    const shown = this.wanted?.shown;
    return (shown && this.all.get(this.key)?.faults.get(shown)) || null;
  }

  /** Maps that are there, of the frames wanted; the same list as long as they are the same. */
  pictures(): readonly Picture[] {
    const found = (this.wanted?.frames ?? []).flatMap((f) => this.at(f) ?? []);
    const same = found.length === this.list.length && found.every((p, i) => p === this.list[i]);
    if (!same) this.list = found;
    return this.list;
  }

  private known(): Known {
    const found = this.all.get(this.key) ?? { pictures: new WeakMap(), faults: new WeakMap(), failed: false };
    this.all.delete(this.key);
    this.all.set(this.key, found);
    for (const key of [...this.all.keys()].slice(0, -KEPT)) this.all.delete(key);
    return found;
  }

  private pump(): void {
    const { wanted, job, key } = this;
    if (job) {
      const shown = wanted?.shown ?? null;
      const foreign = !shown || job.key !== key || !related(job.frame, shown);
      const inTheWay = !job.urgent && shown !== job.frame && shown !== null && !this.at(shown);
      if (!foreign && !inTheWay) return;
      this.job = null;
      job.stop.abort();
    }
    const next = this.next();
    if (next) void this.draw(next);
  }

  /** The frame to draw now: the one looked at, else the one nearest to it that has no map. */
  private next(): Frame | null {
    const { wanted } = this;
    if (!wanted?.shown) return null;
    const { pictures, faults, failed } = this.known();
    const open = (f: Frame) => !pictures.has(f) && !faults.has(f);
    if (open(wanted.shown)) return wanted.shown;
    if (!wanted.fill || failed) return null;
    const { frames } = wanted;
    const from = frames.indexOf(wanted.shown);
    return frames.filter(open).sort((a, b) => Math.abs(frames.indexOf(a) - from) - Math.abs(frames.indexOf(b) - from))[0] ?? null;
  }

  /** The map that a frame's goes on from. */
  private base(frame: Frame): Picture | null {
    const { latest } = this;
    const own = latest && this.at(latest.frame) === latest ? [latest] : [];
    const away = (p: Picture) => Math.abs(p.frame.step - frame.step);
    return [...this.pictures(), ...own].filter((p) => related(p.frame, frame)).sort((a, b) => away(a) - away(b))[0] ?? null;
  }

  private async draw(frame: Frame): Promise<void> {
    const { wanted, key } = this;
    if (!wanted) return;
    const known = this.known();
    const job: Job = { key, frame, urgent: frame === wanted.shown, done: 0, stop: new AbortController() };
    this.job = job;
    this.changed();
    const base = this.base(frame);
    const previous = base && { frame: base.frame, points: base.map.points, rows: base.map.rows };
    try {
      const map = await this.worker().nextFilmMap(previous, frame, wanted.options, {
        channel: 'film',
        signal: job.stop.signal,
        progress: (done) => {
          job.done = done;
          this.reports++;
          this.tell();
        },
      });
      const picture = { frame, map, on: base?.frame.step ?? null };
      known.pictures.set(frame, picture);
      if (this.job !== job) return;
      if (job.urgent) this.latest = picture;
    } catch (error) {
      if (this.job !== job) return;
      if (!isCancelled(error)) {
        known.faults.set(frame, (error as Error).message);
        known.failed = true;
      }
    }
    this.job = null;
    this.pump();
    this.changed();
  }

  private changed(): void {
    const shown = this.wanted?.shown;
    this.latest = (shown && this.at(shown)) || this.latest;
    this.changes++;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The page's film maps: the overview and the geometry view share them. */
export const filmMaps = new FilmMaps(analysis);
