import type { FieldAxis } from './axis';

/** A value at a place of two axes, in axis values. */
export interface Measured {
  x: number;
  y: number;
  value: number;
}

type Spot = { u: number; v: number; value: number };

/** Twice the area of a triangle, positive when it turns left. */
const turn = (a: Spot, b: Spot, c: Spot): number => (b.u - a.u) * (c.v - a.v) - (b.v - a.v) * (c.u - a.u);

/** Corners of the convex hull, counter-clockwise (Andrew's monotone chain). */
function hullOf(spots: readonly Spot[]): Spot[] {
  const sorted = spots.slice().sort((a, b) => a.u - b.u || a.v - b.v);
  const chain = (list: readonly Spot[]) => {
    const out: Spot[] = [];
    for (const s of list) {
      while (out.length > 1 && turn(out[out.length - 2], out[out.length - 1], s) <= 0) out.pop();
      out.push(s);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.slice().reverse())];
}

const inside = (hull: readonly Spot[], u: number, v: number): boolean =>
  hull.length > 2 && hull.every((a, i) => turn(a, hull[(i + 1) % hull.length], { u, v, value: 0 }) >= -1e-12);

/** Solves a symmetric positive definite 3 × 3 system by elimination. */
function solve(m: number[][]): number[] {
  for (let c = 0; c < 3; c++)
    for (let r = c + 1; r < 3; r++) {
      const f = m[r][c] / m[c][c];
      for (let k = c; k < 4; k++) m[r][k] -= f * m[c][k];
    }
  const out = [0, 0, 0];
  for (let r = 2; r >= 0; r--) {
    let rest = m[r][3];
    for (let k = r + 1; k < 3; k++) rest -= m[r][k] * out[k];
    out[r] = rest / m[r][r];
  }
  return out;
}

/** What a fit sees of its points from one coordinate of a cell: distances in widths, and the factors of their weights. */
interface Seen {
  distance: Float64Array;
  weight: Float64Array;
}

function seen(at: readonly number[], from: number, width: number): Seen {
  const distance = Float64Array.from(at, (x) => (x - from) / width);
  return { distance, weight: distance.map((d) => Math.exp(-0.5 * d * d)) };
}

/** Height in the middle of the plane fitted to the points, weighted by a normal around it; slopes barely damped. */
function localFit(values: readonly number[], u: Seen, v: Seen): number | null {
  let [mass, sumU, sumV, sumUU, sumUV, sumVV, height, heightU, heightV] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const w = u.weight[i] * v.weight[i];
    const [wu, wv] = [w * u.distance[i], w * v.distance[i]];
    mass += w;
    sumU += wu;
    sumV += wv;
    sumUU += wu * u.distance[i];
    sumUV += wu * v.distance[i];
    sumVV += wv * v.distance[i];
    height += w * values[i];
    heightU += wu * values[i];
    heightV += wv * values[i];
  }
  if (!(mass > 1e-12)) return null;
  const damp = 1e-6 * mass;
  return solve([
    [mass, sumU, sumV, height],
    [sumU, sumUU + damp, sumUV, heightU],
    [sumV, sumUV, sumVV + damp, heightV],
  ])[0];
}

const middles = ({ scale, names }: FieldAxis, cells: number): number[] =>
  Array.from({ length: cells }, (_, i) => (scale === 'choice' ? (i + 0.5) / names.length : (i + 0.5) / cells));

/**
 * A smooth surface through scattered points on the cells of two axes: [y][x]. Along choices nothing is smoothed: each has its own fit.
 * Null outside the convex hull of the points that a cell's fit is made of, but for cells that a point lies in.
 */
export function smooth(
  x: FieldAxis & { edges: readonly number[] },
  y: FieldAxis & { edges: readonly number[] },
  measured: readonly Measured[],
): (number | null)[][] {
  const spots = measured.map((p) => ({ u: x.unit(p.x), v: y.unit(p.y), value: p.value }));
  const [us, vs] = [middles(x, x.edges.length - 1), middles(y, y.edges.length - 1)];
  const choices = [x.scale === 'choice', y.scale === 'choice'];
  const near = (a: number, b: number, cells: number) => Math.abs(a - b) <= 0.5 / cells + 1e-9;
  const fitOf = (i: number, j: number) => {
    const own = spots.filter((s) => (!choices[0] || near(s.u, us[i], us.length)) && (!choices[1] || near(s.v, vs[j], vs.length)));
    const values = own.map((s) => s.value);
    const power = choices[0] || choices[1] ? -1 / 5 : -1 / 6;
    const width = Math.max(1.5 / Math.max(us.length, vs.length), 0.3 * own.length ** power);
    const sides = [own.map((s) => s.u), own.map((s) => s.v)];
    const columns = us.map((u) => seen(sides[0], u, width));
    const rows = vs.map((v) => seen(sides[1], v, width));
    // Along one choice a fit reaches from its first point to its last.
    const along = sides[choices[0] ? 1 : 0];
    const reach = [Math.min(...along), Math.max(...along)];
    return { spots: own, values, columns, rows, hull: hullOf(own), reach, low: Math.min(...values), high: Math.max(...values) };
  };
  const made = new Map<string, ReturnType<typeof fitOf>>();
  return vs.map((v, j) =>
    us.map((u, i) => {
      const key = `${choices[0] ? i : ''}/${choices[1] ? j : ''}`;
      const fit = made.get(key) ?? fitOf(i, j);
      made.set(key, fit);
      const at = choices[0] ? v : u;
      const within = choices[0] || choices[1] ? fit.reach[0] <= at && at <= fit.reach[1] : inside(fit.hull, u, v);
      if (!within && !fit.spots.some((s) => near(s.u, u, us.length) && near(s.v, v, vs.length))) return null;
      const value = localFit(fit.values, fit.columns[i], fit.rows[j]);
      return value === null ? null : Math.min(fit.high, Math.max(fit.low, value));
    }),
  );
}
