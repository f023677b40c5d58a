import type { Frame } from '../host/protocol';

/** Most frames kept: beyond, every other one is dropped and the stride doubles, so memory stays flat. */
export const MAX_FRAMES = 40;

/** Frames of one run over its training, evenly spread; the newest is always there. */
export interface Film {
  frames: readonly Frame[];
  /** Least steps between two kept frames. */
  stride: number;
}

export const EMPTY_FILM: Film = { frames: [], stride: 1 };

/**
 * The film with one frame more. A frame of another run, or of an earlier step, begins anew from there. `at`: the step that is looked at;
 * the frame that shows it is not thinned out.
 */
export function addFrame({ frames, stride }: Film, frame: Frame, at: number | null = null): Film {
  const kept = frames.filter((f) => f.run === frame.run && f.source === frame.source && f.step < frame.step);
  const shown = frameAt({ frames: [...kept, frame], stride }, at);
  const last = kept.at(-1);
  const before = kept.at(-2)?.step;
  // The newest frame is provisional: the next one replaces it when it came too soon.
  const tooSoon = last !== undefined && before !== undefined && last.step - before < stride;
  const settled = tooSoon && last !== shown ? kept.slice(0, -1) : kept;
  const next = [...settled, frame];
  if (next.length <= MAX_FRAMES) return { frames: next, stride };
  const thin = next.filter((_, i) => i % 2 === 0 || i === next.length - 1 || next[i] === shown);
  return { frames: thin, stride: Math.max(2 * stride, Math.ceil((frame.step - thin[0].step) / MAX_FRAMES)) };
}

/** The last frame that shows step `at` or an earlier one; the first where all are later; null without any. */
export function frameAt({ frames }: Film, at: number | null): Frame | null {
  if (frames.length === 0) return null;
  if (at === null) return frames[frames.length - 1];
  return frames.findLast((f) => f.step <= at) ?? frames[0];
}

/** A film of frames that were kept, ascending by step: it goes on as sparsely as it was. */
export function filmOf(frames: readonly Frame[]): Film {
  const gaps = frames.slice(1, -1).map((f, i) => f.step - frames[i].step);
  return { frames, stride: gaps.length ? Math.max(1, Math.min(...gaps)) : 1 };
}
