import { eyeOf, fadeAt, matrixOf, type Scene, unitOf } from './camera';
import { type Cloud, LEVEL, type Look, lookOf } from './cloud';
import type { DrawContext, Size } from './drawContext';
import { inside } from './grid';
import { drawAnchors, drawArrows, drawChosen, drawLabels, drawLinks, drawTrails, type Projection, type Scope } from './marks';
import type { Palette } from './palette';
import { drawPoints, grouped, merges, type Spots } from './points';
import { isBox, PARTS, type Part } from './scatter';
import { haloText, TEXT } from './text';
import type { Box, Lasso } from './view';

/** Nearest that a point may come to the eye, in shares of the eye's distance. */
const NEAREST = 0.08;

/** How a scene puts space onto the canvas. */
export function projectionOf3d(scene: Scene, size: Size): Projection {
  const m = matrixOf(scene, size);
  const eye = eyeOf(scene.stage);
  return {
    unit: unitOf(scene, size),
    place(at, offset = 0) {
      const [a, b, c] = [at[offset], at[offset + 1], at[offset + 2]];
      const w = m[3] * a + m[7] * b + m[11] * c + m[15];
      if (!(w > NEAREST * eye)) return null;
      const x = (size.width / 2) * (1 + (m[0] * a + m[4] * b + m[8] * c + m[12]) / w);
      const y = (size.height / 2) * (1 - (m[1] * a + m[5] * b + m[9] * c + m[13]) / w);
      return { x, y, size: eye / w, fade: fadeAt(scene.stage, w) };
    },
  };
}

/** Places of the points that are shown, with their distance from the eye; NaN for those behind it. */
export interface Spots3d extends Spots {
  near: { size: Float32Array; fade: Float32Array };
}

/** Projects a cloud's points. */
export function spotsOf3d({ points }: Cloud, size: Size, scene: Scene, order: Uint32Array): Spots3d {
  const n = points.length / 3;
  const m = matrixOf(scene, size);
  const eye = eyeOf(scene.stage);
  const x = new Float32Array(n).fill(Number.NaN);
  const y = new Float32Array(n);
  const near = { size: new Float32Array(n), fade: new Float32Array(n) };
  for (const i of order) {
    const [a, b, c] = [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
    const w = m[3] * a + m[7] * b + m[11] * c + m[15];
    if (!(w > NEAREST * eye)) continue;
    x[i] = (size.width / 2) * (1 + (m[0] * a + m[4] * b + m[8] * c + m[12]) / w);
    y[i] = (size.height / 2) * (1 - (m[1] * a + m[5] * b + m[9] * c + m[13]) / w);
    near.size[i] = eye / w;
    near.fade[i] = fadeAt(scene.stage, w);
  }
  return { x, y, near };
}

/** Steps of depth that are told apart. */
const BANDS = 4096;

/** Rows from the farthest to the nearest, dimmed ones first; equally near ones as in `order`. */
export function depthOrder(look: Look, nearness: Float32Array, order = look.order): Uint32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const i of order) {
    low = Math.min(low, nearness[i]);
    high = Math.max(high, nearness[i]);
  }
  const scale = high > low ? (BANDS - 1) / (high - low) : 0;
  const band = (i: number) => (look.level[i] === LEVEL.dimmed ? 0 : BANDS) + Math.floor((nearness[i] - low) * scale);
  const start = new Uint32Array(2 * BANDS + 1);
  for (const i of order) start[band(i) + 1]++;
  for (let b = 1; b < start.length; b++) start[b] += start[b - 1];
  const out = new Uint32Array(order.length);
  for (const i of order) out[start[band(i)]++] = i;
  return out;
}

/** Lines of the floor each way. */
const LINES = 6;

/** A floor below the points: its lines run along the first and the third axis. */
function drawFloor({ context, palette, projection }: Scope, { stage }: Scene): void {
  const [cx, cy, cz] = stage.center;
  const [half, y] = [stage.radius * 0.9, cy - stage.radius * 0.72];
  const line = (a: readonly number[], b: readonly number[]) => {
    const [p, q] = [projection.place(a), projection.place(b)];
    if (!p || !q) return;
    context.moveTo(p.x, p.y);
    context.lineTo(q.x, q.y);
  };
  context.save();
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let k = 0; k <= LINES; k++) {
    const t = half * ((2 * k) / LINES - 1);
    line([cx + t, y, cz - half], [cx + t, y, cz + half]);
    line([cx - half, y, cz + t], [cx + half, y, cz + t]);
  }
  context.stroke();
  context.restore();
}

/** Three short axes in the corner that turn with the camera. */
function drawTripod({ context, size, palette, cloud }: Scope, { camera }: Scene): void {
  const arm = 20;
  const [x, y] = [34, size.height - 34];
  // A unit stage seen from afar: only its directions count.
  const m = matrixOf({ camera, stage: { center: [0, 0, 0], radius: 1 } }, { width: 2, height: 2 });
  const ends = [0, 1, 2].map((k) => ({ dx: m[4 * k], dy: -m[4 * k + 1], back: m[4 * k + 3], name: String(k + 1) }));
  // Of three orthogonal arms seen from afar, the squares on the canvas add up to two full lengths'.
  const full = Math.sqrt(ends.reduce((sum, e) => sum + e.dx ** 2 + e.dy ** 2, 0) / 2);
  context.save();
  context.font = TEXT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { dx, dy, name } of ends.sort((a, b) => b.back - a.back)) {
    const [ex, ey] = [x + (dx / full) * arm, y + (dy / full) * arm];
    context.strokeStyle = palette.quiet;
    context.lineWidth = 1.25;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(ex, ey);
    context.stroke();
    const away = Math.hypot(ex - x, ey - y) || 1;
    haloText(context, name, ex + ((ex - x) / away) * 8, ey + ((ey - y) / away) * 8, palette.quiet, palette);
  }
  context.restore();
  if (cloud.axes) drawAxisNames(context, size, cloud.axes, palette);
}

function drawAxisNames(context: DrawContext, { width, height }: Size, axes: readonly string[], palette: Palette): void {
  context.save();
  context.font = TEXT;
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  axes.forEach((name, k) => {
    haloText(context, `${k + 1}  ${name}`, width - 6, height - 6 - 16 * (axes.length - 1 - k), palette.quiet, palette);
  });
  context.restore();
}

/** Draws layers of a cloud in space, on a cleared canvas. @throws RangeError for a cloud of other dimensions */
export function drawScatter3d(
  context: DrawContext,
  size: Size,
  cloud: Cloud,
  scene: Scene,
  palette: Palette,
  parts: readonly Part[] = PARTS,
): void {
  if (cloud.dims !== 3) throw new RangeError(`invalid cloud: ${cloud.dims} dimensions (3 in space)`);
  context.clearRect(0, 0, size.width, size.height);
  const look = lookOf(cloud, palette);
  const scope: Scope = { context, size, cloud, look, palette, projection: projectionOf3d(scene, size) };
  if (parts.includes('back')) {
    drawFloor(scope, scene);
    drawTrails(scope);
    drawLinks(scope);
  }
  if (parts.includes('points')) {
    const spots = spotsOf3d(cloud, size, scene, look.order);
    const merged = merges(context, look);
    if (merged) spots.near.fade = spots.near.fade.map((v) => Math.round(12 * v) / 12);
    const order = merged ? depthOrder(look, spots.near.fade, grouped(cloud, look, 1)) : depthOrder(look, spots.near.size);
    drawPoints(context, cloud, look, spots, order, palette);
  }
  if (!parts.includes('front')) return;
  drawAnchors(scope);
  drawArrows(scope);
  drawChosen(scope);
  drawTripod(scope, scene);
  drawLabels(scope);
}

function shownOrder({ hidden = [], domain }: Cloud): Uint32Array {
  return Uint32Array.from({ length: domain.length }, (_, i) => i).filter((i) => !hidden.includes(domain[i]));
}

/** The point nearest to a place of the canvas, at most `radius` pixels away, the front one of equals; −1 without any. */
export function pointAt3d(cloud: Cloud, size: Size, scene: Scene, px: number, py: number, radius = 12): number {
  const order = shownOrder(cloud);
  const { x, y, near } = spotsOf3d(cloud, size, scene, order);
  let [best, least] = [-1, Infinity];
  for (const i of order) {
    const away = Math.hypot(x[i] - px, y[i] - py);
    if (!(away <= radius)) continue;
    // Symbols that overlap are as good as equally near: the one in front wins.
    const cost = Math.max(away, 3) - 0.5 * near.size[i];
    if (cost < least) [best, least] = [i, cost];
  }
  return best;
}

/** Points inside a box or a closed line on the canvas, ascending. */
export function pointsIn3d(cloud: Cloud, size: Size, scene: Scene, area: Box | Lasso): number[] {
  const order = shownOrder(cloud);
  const { x, y } = spotsOf3d(cloud, size, scene, order);
  if (!isBox(area)) return [...order].filter((i) => inside(area, x[i], y[i]));
  const [left, right] = [Math.min(area[0], area[2]), Math.max(area[0], area[2])];
  const [top, bottom] = [Math.min(area[1], area[3]), Math.max(area[1], area[3])];
  return [...order].filter((i) => x[i] >= left && x[i] <= right && y[i] >= top && y[i] <= bottom);
}
