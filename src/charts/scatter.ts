import { type Cloud, lookOf } from './cloud';
import type { DrawContext, Size } from './drawContext';
import { PointGrid } from './grid';
import { drawAnchors, drawArrows, drawChosen, drawLabels, drawLinks, drawTrails, type Projection, type Scope } from './marks';
import type { Palette } from './palette';
import { drawPoints, type Spots } from './points';
import { haloText, TEXT } from './text';
import { type Box, type Lasso, toCanvas, toMap, type View } from './view';

/** Layers of a picture, from the ground up: axes, trails and links; the points; prototypes, arrows, what is chosen, names. */
export type Part = 'back' | 'points' | 'front';

/** All layers. */
export const PARTS: readonly Part[] = ['back', 'points', 'front'];

/** Pixels per unit so that every point fits around the middle; grows and shrinks in steps of a fifth, so that it seldom changes. */
export function fittingUnit(points: ArrayLike<number>, { width, height }: Size): number {
  let unit = Math.min(width, height) / 2 / 0.1;
  for (let i = 0; i < points.length; i++) {
    const away = Math.abs(points[i]);
    if (away > 0) unit = Math.min(unit, (i % 2 ? height : width) / 2 / away);
  }
  return 1.2 ** Math.floor(Math.log(Math.max(unit, 1e-6)) / Math.log(1.2));
}

/** A view with the origin in the middle that seldom changes from map to map: for principal components while training runs. */
export const steadyView = (points: ArrayLike<number>, { width, height }: Size): View => ({
  x: 0,
  y: 0,
  scale: fittingUnit(points, { width: width - 56, height: height - 56 }),
});

const EDGE = 40;

/** Places of the points that are shown; those outside the canvas are left out (NaN). */
function spotsOf({ points }: Cloud, size: Size, view: View, order: Uint32Array): Spots {
  const n = points.length / 2;
  const x = new Float32Array(n).fill(Number.NaN);
  const y = new Float32Array(n);
  for (const i of order) {
    const px = size.width / 2 + (points[2 * i] - view.x) * view.scale;
    const py = size.height / 2 - (points[2 * i + 1] - view.y) * view.scale;
    if (px < -EDGE || py < -EDGE || px > size.width + EDGE || py > size.height + EDGE) continue;
    x[i] = px;
    y[i] = py;
  }
  return { x, y };
}

/** How a view puts the plane onto the canvas. */
export const projectionOf = (view: View, size: Size): Projection => ({
  unit: view.scale,
  place(at, offset = 0) {
    const [x, y] = toCanvas(view, size, at[offset], at[offset + 1]);
    return Number.isFinite(x) && Number.isFinite(y) ? { x, y, size: 1, fade: 1 } : null;
  },
});

function drawAxes({ context, size: { width, height }, cloud, palette }: Scope, view: View): void {
  if (!cloud.axes) return;
  const [x, y] = toCanvas(view, { width, height }, 0, 0).map((v) => Math.round(v) + 0.5);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
}

/** Captions lie above the points, so that they can be read wherever the view goes. */
function drawCaptions({ context, size: { width, height }, cloud, palette }: Scope): void {
  if (!cloud.axes) return;
  context.save();
  context.font = TEXT;
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  haloText(context, cloud.axes[0], width - 6, height - 6, palette.quiet, palette);
  context.translate(14, 6);
  context.rotate(-Math.PI / 2);
  haloText(context, cloud.axes[1], 0, 0, palette.quiet, palette);
  context.restore();
}

/** Draws layers of a cloud in the plane, on a cleared canvas. @throws RangeError for a cloud of other dimensions */
export function drawScatter(
  context: DrawContext,
  size: Size,
  cloud: Cloud,
  view: View,
  palette: Palette,
  parts: readonly Part[] = PARTS,
): void {
  if (cloud.dims !== 2) throw new RangeError(`invalid cloud: ${cloud.dims} dimensions (2 in the plane)`);
  context.clearRect(0, 0, size.width, size.height);
  const look = lookOf(cloud, palette);
  const scope: Scope = { context, size, cloud, look, palette, projection: projectionOf(view, size) };
  if (parts.includes('back')) {
    drawAxes(scope, view);
    drawTrails(scope);
    drawLinks(scope);
  }
  if (parts.includes('points')) drawPoints(context, cloud, look, spotsOf(cloud, size, view, look.order), look.order, palette);
  if (!parts.includes('front')) return;
  drawAnchors(scope);
  drawArrows(scope);
  drawChosen(scope);
  drawCaptions(scope);
  drawLabels(scope);
}

const grids = new WeakMap<ArrayLike<number>, PointGrid>();

function gridOf(points: ArrayLike<number>): PointGrid {
  let grid = grids.get(points);
  if (!grid) grids.set(points, (grid = new PointGrid(points)));
  return grid;
}

/** Whether a row is drawn at all. */
const shownIn =
  ({ hidden = [], domain }: Cloud) =>
  (row: number) =>
    !hidden.includes(domain[row]);

/** The point nearest to a place of the canvas, at most `radius` pixels away; −1 without any. */
export function pointAt(cloud: Cloud, size: Size, view: View, px: number, py: number, radius = 12): number {
  const [x, y] = toMap(view, size, px, py);
  return gridOf(cloud.points).nearest(x, y, radius / view.scale, shownIn(cloud));
}

/** Points inside a box (four numbers) or a closed line on the canvas, ascending. */
export function pointsIn(cloud: Cloud, size: Size, view: View, area: Box | Lasso): number[] {
  const grid = gridOf(cloud.points);
  const at = (x: number, y: number) => toMap(view, size, x, y);
  const found = isBox(area)
    ? grid.inBox([...at(area[0], area[1]), ...at(area[2], area[3])])
    : grid.inLasso(area.map(([x, y]) => at(x, y)));
  return found.filter(shownIn(cloud));
}

/** Whether an area is a box. */
export const isBox = (area: Box | Lasso): area is Box => typeof area[0] === 'number';

/** Draws a box or a lasso while it is being drawn. */
export function drawArea(context: DrawContext, area: Box | Lasso, palette: Palette): void {
  const line: Lasso = isBox(area)
    ? [
        [area[0], area[1]],
        [area[2], area[1]],
        [area[2], area[3]],
        [area[0], area[3]],
      ]
    : area;
  if (line.length === 0) return;
  context.save();
  context.beginPath();
  context.moveTo(...line[0]);
  for (const point of line.slice(1)) context.lineTo(...point);
  context.closePath();
  context.fillStyle = palette.focus;
  context.globalAlpha = 0.08;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = palette.focus;
  context.lineWidth = 1.25;
  context.setLineDash([4, 3]);
  context.stroke();
  context.restore();
}

/** The prototype at a place of the canvas, by its position in `prototypes`; −1 without any. */
export function prototypeAt(cloud: Cloud, projection: Projection, px: number, py: number, radius = 10): number {
  let [best, least] = [-1, radius];
  (cloud.prototypes ?? []).forEach((p, k) => {
    const spot = cloud.hidden?.includes(p.domain) ? null : projection.place(p.at);
    const away = spot ? Math.hypot(spot.x - px, spot.y - py) : Number.POSITIVE_INFINITY;
    if (away <= least) [best, least] = [k, away];
  });
  return best;
}
