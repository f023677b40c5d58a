import type { Frame } from '../host/protocol';
import { decodeFrame, encodeFrame, frameSize } from './frameFile';
import { discard, type Parts, saving } from './parts';
import type { Archive } from './types';

/** Most bytes of a kept film, and fleets whose films are kept: the last ones. */
export const FILM_BOUNDS = { bytes: 8e6, fleets: 3 } as const;

/** A frame's file: `film-<fleet>-<time of writing>-<run>-<step>`. */
interface FrameName {
  name: string;
  fleet: string;
  time: number;
  run: number;
  step: number;
}

const pattern = /^film-(\w+)-([0-9a-z]+)-(\d+)-(\d+)$/;

/** What a file's name says; null for files that are no frames. */
export function frameName(name: string): FrameName | null {
  const found = pattern.exec(name);
  return found && { name, fleet: found[1], time: Number.parseInt(found[2], 36), run: Number(found[3]), step: Number(found[4]) };
}

/** As many of a film's frames, evenly thinned, as fit; the newest is among them. */
export function fitting(frames: readonly Frame[], most: number = FILM_BOUNDS.bytes): readonly Frame[] {
  let out = frames;
  while (out.reduce((sum, f) => sum + frameSize(f), 0) > most) {
    if (out.length === 1) return [];
    const { length } = out;
    out = out.filter((_, i) => (length - 1 - i) % 2 === 0);
  }
  return out;
}

type Films = Pick<Archive, 'keepFilm' | 'film'>;

/** Pools of fleets over their training. What is there already is not written again. */
export function films(parts: Parts): Films {
  const { vault, now } = parts;
  const all = async () => (await vault.names()).map(frameName).filter((f) => f !== null);

  /** Files of fleets before the last ones. */
  function old(names: readonly FrameName[], fleet: string): string[] {
    const last = new Map<string, number>();
    for (const f of names) last.set(f.fleet, Math.max(f.time, last.get(f.fleet) ?? 0));
    last.set(fleet, Number.POSITIVE_INFINITY);
    const kept = new Set(
      [...last]
        .sort(([, a], [, b]) => b - a)
        .slice(0, FILM_BOUNDS.fleets)
        .map(([f]) => f),
    );
    return names.filter((f) => !kept.has(f.fleet)).map((f) => f.name);
  }

  return {
    async keepFilm(fleet, frames) {
      const names = await all();
      const own = names.filter((f) => f.fleet === fleet);
      const wanted = fitting(frames);
      const same = (a: { run: number; step: number }, b: { run: number; step: number }) => a.run === b.run && a.step === b.step;
      const stale = own.filter((f) => !wanted.some((w) => same(f, w))).map((f) => f.name);
      // Room is made first: a film may be lost, a checkpoint may not.
      await discard(parts, [...stale, ...old(names, fleet)]);
      for (const frame of wanted) {
        if (own.some((f) => same(f, frame))) continue;
        const name = `film-${fleet}-${now().toString(36)}-${frame.run}-${frame.step}`;
        await saving(parts, `the pool of step ${frame.step}`, [], () => vault.write(name, encodeFrame(frame)));
      }
    },
    async film(fleet) {
      const own = (await all()).filter((f) => f.fleet === fleet).sort((a, b) => a.step - b.step || a.time - b.time);
      const frames: Frame[] = [];
      for (const { name, step } of own) {
        const bytes = await vault.read(name);
        const frame = bytes && decodeFrame(bytes);
        if (frame && frame.step === step && frame.step !== frames.at(-1)?.step) frames.push(frame);
      }
      return frames;
    },
  };
}
