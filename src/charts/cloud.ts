import { hash32 } from '../math/random';
import { domainColor, type Palette } from './palette';
import { columnColor, markColor, promptColor } from './tones';

/** What the colour of a point tells. The shape always tells its domain, and the filling whether it is correct. */
export type ColorMode = 'domain' | 'correct' | 'advantage' | 'column' | 'prompt';

/** What is brought forward: points that fit every filter given; all others are dimmed. */
export interface Emphasis {
  domain?: number | null;
  prompt?: number | null;
  rows?: readonly number[] | null;
}

/** A symbol for many points together: a prompt's prototype or a domain's centroid. */
export interface Anchor {
  /** f[dims]. */
  at: ArrayLike<number>;
  domain: number;
  prompt?: number;
  label?: string;
}

/** Compatibility of two prototypes. */
export interface Link {
  /** Positions in `prototypes`. */
  from: number;
  to: number;
  /** 0…1. */
  weight: number;
}

/** A force on a point. */
export interface Arrow {
  /** The point it starts from. */
  row: number;
  /** f[dims]: its direction in the map, of any length. */
  along: ArrayLike<number>;
  /** CSS pixels in the middle of the picture. */
  length: number;
  /** Solid or dashed. */
  kind: 'pull' | 'push';
  /** 0…1: its strength among the arrows (1 without). */
  weight?: number;
}

/** Rollouts in a map of two or three dimensions, and what is drawn about them. Rows are as in every array given. */
export interface Cloud {
  /** f[n, dims]; a row with a number that is not finite is not drawn. */
  points: ArrayLike<number>;
  dims: 2 | 3;
  /** [n], by place in the registry. */
  domain: ArrayLike<number>;
  /** [n]: filled where above 0.5, open elsewhere. */
  correct: ArrayLike<number>;
  /** [n]. */
  advantage?: ArrayLike<number>;
  prompt?: ArrayLike<number>;
  column?: ArrayLike<number>;
  color: ColorMode;
  /** Of a point, CSS pixels; by default from their number. */
  radius?: number;
  emphasis?: Emphasis | null;
  /** Domains that are not shown. */
  hidden?: readonly number[];
  prototypes?: readonly Anchor[];
  links?: readonly Link[];
  centroids?: readonly Anchor[];
  arrows?: readonly Arrow[];
  /** Earlier maps of the same points, oldest first. */
  trails?: readonly ArrayLike<number>[];
  selected?: number | null;
  hovered?: number | null;
  labels?: readonly { row: number; text: string }[];
  /** Captions of the axes through the origin; without them the map has no directions of its own (t-SNE, UMAP). */
  axes?: readonly string[];
}

/** How a point stands out. */
export const LEVEL = { none: 0, dimmed: 1, plain: 2, lit: 3 } as const;

/** What every point of a cloud looks like. */
export interface Look {
  colors: readonly string[];
  /** [n], into `colors`. */
  tone: Uint16Array;
  /** [n], one of `LEVEL`. */
  level: Uint8Array;
  /** Rows that are shown, the uppermost last. */
  order: Uint32Array;
  /** CSS pixels. */
  radius: number;
}

/** Radius of a point so that many remain apart, CSS pixels. */
export const radiusOf = (count: number): number =>
  count > 10_000 ? 1.5 : count > 2000 ? 2 : count > 800 ? 2.75 : count > 300 ? 3.5 : 4;

/** The largest finite |value|, at least a tiny number. */
export function reach(values: ArrayLike<number>): number {
  let most = 1e-9;
  for (let i = 0; i < values.length; i++) {
    const v = Math.abs(values[i]);
    if (v > most && v < Number.POSITIVE_INFINITY) most = v;
  }
  return most;
}

/** More rows than a cloud may have. */
const ROWS = 2 ** 24;

/** Advantages are told apart in this many steps on each side of zero. */
const STEPS = 16;

/** Columns that occur, each with its domain and its place among the domain's. */
export function columnsIn({ column, domain }: Cloud): Map<number, { domain: number; within: number; count: number }> {
  const first = new Map<number, number>();
  if (column) for (let i = 0; i < column.length; i++) if (!first.has(column[i])) first.set(column[i], domain[i]);
  const all = [...first].sort((a, b) => a[0] - b[0]);
  return new Map(
    all.map(([c, d]) => {
      const own = all.filter(([, e]) => e === d);
      return [c, { domain: d, within: own.findIndex(([e]) => e === c), count: own.length }];
    }),
  );
}

/** Colour of correct and of wrong points in the mode `correct`. */
export const verdictColor = (palette: Palette, correct: boolean): string => markColor(palette, correct ? 0.7 : -0.7);

function toneOf(cloud: Cloud, palette: Palette): (row: number) => [key: number, color: () => string] {
  const { domain, correct, advantage, prompt, column } = cloud;
  switch (cloud.color) {
    case 'correct':
      return (i) => [correct[i] > 0.5 ? 1 : 0, () => verdictColor(palette, correct[i] > 0.5)];
    case 'advantage': {
      if (!advantage) break;
      const most = reach(advantage);
      return (i) => {
        const step = Math.round((STEPS * (Number.isFinite(advantage[i]) ? advantage[i] : 0)) / most);
        return [step + STEPS, () => markColor(palette, step / STEPS)];
      };
    }
    case 'column': {
      if (!column) break;
      const places = columnsIn(cloud);
      return (i) => {
        const { domain: d, within, count } = places.get(column[i])!;
        return [column[i], () => columnColor(palette, d, within, count)];
      };
    }
    case 'prompt':
      if (prompt) return (i) => [prompt[i], () => promptColor(palette, prompt[i])];
  }
  return (i) => [domain[i], () => domainColor(palette, domain[i])];
}

/** [n]: 1 where the point fits every filter of the cloud's emphasis; null without any filter. */
export function emphasised({ emphasis, domain, prompt }: Cloud): Uint8Array | null {
  const { domain: d = null, prompt: p = null, rows = null } = emphasis ?? {};
  if (d === null && p === null && rows === null) return null;
  const lit = new Uint8Array(domain.length).fill(rows === null ? 1 : 0);
  for (const row of rows ?? []) if (row >= 0 && row < lit.length) lit[row] = 1;
  for (let i = 0; i < lit.length; i++) {
    if (d !== null && domain[i] !== d) lit[i] = 0;
    if (p !== null && prompt?.[i] !== p) lit[i] = 0;
  }
  return lit;
}

function finite(points: ArrayLike<number>, dims: number, row: number): boolean {
  for (let k = 0; k < dims; k++) if (!Number.isFinite(points[row * dims + k])) return false;
  return true;
}

function look(cloud: Cloud, palette: Palette): Look {
  const { points, dims, domain, correct, hidden = [] } = cloud;
  const n = domain.length;
  if (points.length !== n * dims)
    throw new RangeError(`invalid cloud: ${points.length} numbers for ${n} points of ${dims} dimensions`);
  const lit = emphasised(cloud);
  const of = toneOf(cloud, palette);
  const colors: string[] = [];
  const places = new Map<number, number>();
  const tone = new Uint16Array(n);
  const level = new Uint8Array(n);
  // Wrong ones below correct ones; among equals chance decides, so that no domain covers the others.
  const keys = new Float64Array(n);
  let shown = 0;
  for (let i = 0; i < n; i++) {
    const [key, color] = of(i);
    let at = places.get(key);
    if (at === undefined) {
      at = colors.length;
      places.set(key, at);
      colors.push(color());
    }
    tone[i] = at;
    if (hidden.includes(domain[i]) || !finite(points, dims, i)) continue;
    level[i] = lit === null ? LEVEL.plain : lit[i] ? LEVEL.lit : LEVEL.dimmed;
    const above = level[i] * 2 + (correct[i] > 0.5 ? 1 : 0);
    keys[shown++] = (above * ROWS + (hash32(i) % ROWS)) * ROWS + i;
  }
  const order = Uint32Array.from(keys.subarray(0, shown).sort(), (k) => k % ROWS);
  return { colors, tone, level, order, radius: cloud.radius ?? radiusOf(n) };
}

const looks = new WeakMap<Cloud, { palette: Palette; look: Look }>();

/** Looks of a cloud's points, remembered for the cloud. @throws RangeError when `points` and `domain` disagree about their number */
export function lookOf(cloud: Cloud, palette: Palette): Look {
  const known = looks.get(cloud);
  if (known?.palette === palette) return known.look;
  const made = look(cloud, palette);
  looks.set(cloud, { palette, look: made });
  return made;
}

/** Arrows from one point along the lines to others: towards them (pull) or away (push), as long as their share of the largest. */
export function forces(
  { points, dims }: Cloud,
  row: number,
  others: readonly { row: number; share: number }[],
  kind: Arrow['kind'],
  longest = 64,
): Arrow[] {
  const most = reach(others.map((o) => o.share));
  return others
    .filter((o) => o.row !== row)
    .map((o) => ({
      row,
      along: Array.from(
        { length: dims },
        (_, k) => (points[o.row * dims + k] - points[row * dims + k]) * (kind === 'pull' ? 1 : -1),
      ),
      length: (longest * Math.abs(o.share)) / most,
      kind,
      weight: Math.abs(o.share) / most,
    }));
}
