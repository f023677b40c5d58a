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

/** Height at (u, v) of the plane fitted to the points, weighted by a normal of deviation `width` around it; slopes barely damped. */
function localFit(spots: readonly Spot[], u: number, v: number, width: number): number | null {
  const m = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (const s of spots) {
    const [du, dv] = [(s.u - u) / width, (s.v - v) / width];
    const w = Math.exp(-0.5 * (du * du + dv * dv));
    const row = [1, du, dv];
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) m[r][c] += w * row[r] * row[c];
      m[r][3] += w * row[r] * s.value;
    }
  }
  const mass = m[0][0];
  if (!(mass > 1e-12)) return null;
  m[1][1] += 1e-6 * mass;
  m[2][2] += 1e-6 * mass;
  return solve(m)[0];
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
  const made = new Map<string, { spots: Spot[]; hull: Spot[]; low: number; high: number; width: number }>();
  const fitOf = (i: number, j: number) => {
    const key = `${choices[0] ? i : ''}/${choices[1] ? j : ''}`;
    const known = made.get(key);
    if (known) return known;
    const own = spots.filter((s) => (!choices[0] || near(s.u, us[i], us.length)) && (!choices[1] || near(s.v, vs[j], vs.length)));
    const values = own.map((s) => s.value);
    const power = choices[0] || choices[1] ? -1 / 5 : -1 / 6;
    const width = Math.max(1.5 / Math.max(us.length, vs.length), 0.3 * own.length ** power);
    const fit = { spots: own, hull: hullOf(own), low: Math.min(...values), high: Math.max(...values), width };
    made.set(key, fit);
    return fit;
  };
  return vs.map((v, j) =>
    us.map((u, i) => {
      const fit = fitOf(i, j);
      const touched = fit.spots.some((s) => near(s.u, u, us.length) && near(s.v, v, vs.length));
      const along = choices[0] ? fit.spots.map((s) => s.v) : fit.spots.map((s) => s.u);
      const at = choices[0] ? v : u;
      const within = choices[0] || choices[1] ? Math.min(...along) <= at && at <= Math.max(...along) : inside(fit.hull, u, v);
      if (!touched && !within) return null;
      const value = localFit(fit.spots, u, v, fit.width);
      return value === null ? null : Math.min(fit.high, Math.max(fit.low, value));
    }),
  );
}
