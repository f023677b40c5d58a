import type { Config } from '../config/schema';

/** A run's metrics so far, by step. */
export interface History {
  /** Step numbers, ascending. */
  steps: readonly number[];
  /** One value per step; NaN or null where there is no data, empty for an unknown metric. */
  metric(name: string): ArrayLike<number | null>;
}

/** Steps that a verdict looks back over: fewer, and the noise of single batches is named; more, and the alarm comes late. */
export const WINDOW = 10;
/** Steps with data that a window needs. */
const LEAST = 5;

/** What a symptom found: see `Finding`. */
export interface Case {
  severity: 'watch' | 'act';
  title: string;
  metric: string;
  value: number;
  threshold: number;
  from: number;
  since: number;
  advice: string;
  turns: readonly (readonly [path: string, to: string])[];
}

/** A run's history as the symptoms look at it. Series are by step, NaN where there is no data. */
export interface Patient {
  config: Config;
  count: number;
  raw(name: string): readonly number[];
  /** Mean over the last `WINDOW` steps; NaN where fewer than five of them have data. */
  smooth(name: string): readonly number[];
  /** First value with data; NaN without. */
  start(name: string): number;
  /**
   * The stretch of steps up to the last one on which `bad` holds: its first step, and the last one before its window (0: none); null when it
   * does not hold at the last step.
   */
  stretch(bad: (at: number) => boolean): { from: number; since: number } | null;
  /** Number of the step at this place. */
  step(at: number): number;
}

/** Prepares a history; series are made once, when asked for. */
export function patientOf({ steps, metric }: History, config: Config): Patient {
  const count = steps.length;
  const known = new Map<string, { raw: number[]; smooth: number[] }>();
  const series = (name: string) => {
    let found = known.get(name);
    if (!found) {
      const values = metric(name);
      const raw = Array.from({ length: count }, (_, i) => values[i] ?? Number.NaN);
      found = { raw, smooth: raw.map((_, i) => meanUpTo(raw, i)) };
      known.set(name, found);
    }
    return found;
  };
  return {
    config,
    count,
    raw: (name) => series(name).raw,
    smooth: (name) => series(name).smooth,
    start: (name) => series(name).raw.find(Number.isFinite) ?? Number.NaN,
    stretch(bad) {
      let first = count;
      while (first > 0 && bad(first - 1)) first--;
      if (first === count) return null;
      return { from: steps[first], since: Math.max(0, steps[Math.max(0, first + 1 - WINDOW)] - 1) };
    },
    step: (at) => steps[at],
  };
}

/** Mean of the window that ends at `last`. */
function meanUpTo(values: readonly number[], last: number): number {
  let [sum, known] = [0, 0];
  for (let i = Math.max(0, last + 1 - WINDOW); i <= last; i++)
    if (Number.isFinite(values[i])) [sum, known] = [sum + values[i], known + 1];
  return known < LEAST ? Number.NaN : sum / known;
}

/** What a case says. */
type Words = Pick<Case, 'title' | 'advice' | 'turns'>;

/** A case when `value` is beyond `watch` or, worse, `act` at the last step. */
export function judged(
  p: Patient,
  {
    metric,
    values,
    watch,
    act,
    below = act < watch,
    also = () => true,
    actAlso = () => true,
  }: {
    metric: string;
    values: readonly number[];
    watch: number;
    act: number;
    /** The limits are lower ones; default: when `act` is the lower of the two. */
    below?: boolean;
    also?: (at: number) => boolean;
    actAlso?: (at: number) => boolean;
  },
  words: Words,
): Case | null {
  const beyond = (value: number, limit: number) => (below ? value < limit : value > limit);
  const stretch = p.stretch((at) => beyond(values[at], watch) && also(at));
  if (!stretch) return null;
  const last = p.count - 1;
  const severe = beyond(values[last], act) && actAlso(last);
  return {
    severity: severe ? 'act' : 'watch',
    metric,
    value: values[last],
    threshold: severe ? act : watch,
    ...stretch,
    ...words,
  };
}

/** A case when a 0-or-1 metric was 1 within the last steps: by the share of them. */
export function happened(p: Patient, metric: string, { watch, act }: { watch: number; act: number }, words: Words): Case | null {
  const raw = p.raw(metric);
  const first = Math.max(0, p.count - WINDOW);
  const recent = raw.slice(first);
  const known = recent.filter(Number.isFinite);
  const share = known.reduce((a, b) => a + b, 0) / known.length;
  if (!(share > watch)) return null;
  // Back to where a whole window without it lies before.
  let at = first + recent.findIndex((x) => x > 0);
  for (let i = at - 1; i >= 0 && i > at - WINDOW; i--) if (raw[i] > 0) at = i;
  const severe = share >= act && known.length >= 3;
  return {
    severity: severe ? 'act' : 'watch',
    metric,
    value: share,
    threshold: severe ? act : watch,
    from: p.step(at),
    since: p.step(at) - 1,
    ...words,
  };
}
