import type { Field } from '../../config/fields';

/** How a numeric field is moved: evenly in steps of `step`, or in tenths of a decade from `low`, with anything below as one stop. */
export interface Track {
  kind: 'linear' | 'log';
  min: number;
  max: number;
  /** Where the decades begin; equals `min` unless that is 0. */
  low: number;
  /** Least step of a linear track. */
  step: number;
  whole: boolean;
}

/** Share of a slider that the stop below `low` takes. */
const NOTCH = 0.06;
/** How near, as a share of the slider, a marked value draws the thumb. */
const PULL = 0.012;
const SPAN_OF_SEEDS = 2 ** 32 - 1;

/** `clean(0.1 + 0.2)` is 0.3. */
const clean = (value: number) => Number(value.toPrecision(12));
const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** The least of 1, 2, 5 times a power of ten that is at least `value`. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return clean(power * ([1, 2, 5].find((m) => m * power >= value * 0.999) ?? 10));
}

/** The track of a field: logarithmic where its bounds lie far beyond its usual value. Null where a slider makes no sense. */
export function trackOf({ kind, min, max, scale, default: value, paper }: Field): Track | null {
  if ((kind !== 'integer' && kind !== 'number') || min === undefined || max === undefined) return null;
  if (max - min >= SPAN_OF_SEEDS) return null;
  const whole = kind === 'integer';
  const usual = [value, paper].find((v): v is number => typeof v === 'number' && v > 0);
  const far = usual !== undefined ? max >= 20 * usual : whole && max > 100;
  const step = whole ? Math.max(1, nice((max - min) / 100)) : nice((max - min) / 100);
  if (scale !== 'log' && !far) return { kind: 'linear', min, max, low: min, step, whole };
  const low = min > 0 ? min : whole ? 1 : clean((usual ?? max / 100) / 100);
  return { kind: 'log', min, max, low, step, whole };
}

/** Where a value sits on its slider, 0 to 1. */
export function toPosition(t: Track, value: number): number {
  const v = clamp(value, t.min, t.max);
  if (t.kind === 'linear') return (v - t.min) / (t.max - t.min);
  const notch = t.low > t.min ? NOTCH : 0;
  if (v < t.low) return v > t.min ? notch : 0;
  return notch + (1 - notch) * (Math.log(v / t.low) / Math.log(t.max / t.low));
}

/** The value at a slider's position, on a readable grid; one of `marks` where it is near. */
export function fromPosition(t: Track, position: number, marks: readonly number[] = []): number {
  const mark = marks.find((m) => Math.abs(toPosition(t, m) - position) < PULL);
  if (mark !== undefined) return mark;
  if (position >= 1) return t.max;
  if (t.kind === 'linear') return onGrid(t, Math.round((t.min + position * (t.max - t.min)) / t.step) * t.step);
  const notch = t.low > t.min ? NOTCH : 0;
  if (position < notch / 2) return t.min;
  const decades = Math.max(0, (position - notch) / (1 - notch));
  return onGrid(t, Number((t.low * (t.max / t.low) ** decades).toPrecision(2)));
}

const onGrid = (t: Track, value: number) => clamp(clean(t.whole ? Math.round(value) : value), t.min, t.max);

/** Tenths of a decade, rounded to two digits: 1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 7.9, 10. */
const tenth = (k: number) => Number((10 ** (k / 10)).toPrecision(2));

/** The next value in a direction (1 or −1); `coarse` goes ten steps of a linear track, half a decade of a logarithmic one. */
export function nudge(t: Track, value: number, direction: 1 | -1, coarse = false): number {
  if (t.kind === 'linear') {
    const by = t.step * (coarse ? 10 : 1);
    const at = value / by;
    const next = direction > 0 ? Math.floor(at + 1e-9) + 1 : Math.ceil(at - 1e-9) - 1;
    return onGrid(t, next * by);
  }
  if (value < t.low) return direction > 0 ? t.low : t.min;
  const beyond = (k: number) => (direction > 0 ? onGrid(t, tenth(k)) > value : onGrid(t, tenth(k)) < value);
  let k = Math.round(10 * Math.log10(value)) + direction * (coarse ? 5 : 0);
  for (let i = 0; i < 12 && !beyond(k); i++) k += direction;
  const next = onGrid(t, tenth(k));
  if (direction < 0 && next < t.low) return value > t.low * 1.001 ? t.low : t.min;
  return next;
}

/**
 * The whole number nearest to `value` that `fits`, from there in `direction` only unless that is 0.
 * `value` itself where none is within 64.
 */
export function snap(t: Track, value: number, direction: -1 | 0 | 1, fits: (value: number) => boolean): number {
  if (!t.whole) return value;
  for (let d = 0; d <= 64; d++)
    for (const sign of direction === 0 ? [-1, 1] : [direction]) {
      const candidate = value + sign * d;
      if (candidate >= t.min && candidate <= t.max && fits(candidate)) return candidate;
    }
  return value;
}
