import type { Anchor, Arrow, Cloud, Look } from './cloud';
import { emphasised, LEVEL } from './cloud';
import type { DrawContext, Size } from './drawContext';
import { domainColor, type Palette } from './palette';
import { sizeOf } from './points';
import { drawSymbol } from './symbols';
import { haloText, TEXT } from './text';

/** A place on the canvas, CSS pixels, with the factors of size and opacity by depth. */
export interface Spot {
  x: number;
  y: number;
  size: number;
  fade: number;
}

/** How places of a map come onto the canvas. */
export interface Projection {
  /** Pixels per unit in the middle. */
  unit: number;
  /** Place of f[dims] at `offset` of `at`; null where it cannot be seen. */
  place(at: ArrayLike<number>, offset?: number): Spot | null;
}

/** All that drawing a mark needs. */
export interface Scope {
  context: DrawContext;
  size: Size;
  cloud: Cloud;
  look: Look;
  palette: Palette;
  projection: Projection;
}

/** Clouds up to this size show the trails of all points. */
const TRAILS = 400;

/** Earlier places of points as fading lines: of all where they are few, else of those that are brought forward. */
export function drawTrails({ context, cloud, look, projection }: Scope): void {
  const { trails = [], points, dims, selected = null, hovered = null } = cloud;
  if (trails.length === 0) return;
  const forward = emphasised(cloud) !== null;
  const rows = [...look.order].filter((i) =>
    forward ? look.level[i] === LEVEL.lit : look.order.length <= TRAILS || i === selected || i === hovered,
  );
  const maps = [...trails, points];
  context.save();
  context.lineCap = 'round';
  context.lineWidth = 1.25;
  for (let k = 1; k < maps.length; k++) {
    context.globalAlpha = 0.08 + 0.4 * (k / (maps.length - 1)) ** 1.5;
    for (const row of rows) {
      const [a, b] = [projection.place(maps[k - 1], row * dims), projection.place(maps[k], row * dims)];
      if (!a || !b) continue;
      context.strokeStyle = look.colors[look.tone[row]];
      context.beginPath();
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
      context.stroke();
    }
  }
  context.restore();
}

const forwardOf = ({ emphasis }: Cloud, { domain, prompt }: Anchor): boolean => {
  const { domain: d = null, prompt: p = null } = emphasis ?? {};
  return (d === null || domain === d) && (p === null || prompt === undefined || prompt === p);
};

/** Lines between compatible prototypes: the stronger, the wider and the darker. */
export function drawLinks({ context, cloud, palette, projection }: Scope): void {
  const { links = [], prototypes = [], hidden = [], emphasis } = cloud;
  const shown = (p: Anchor | undefined) => p !== undefined && !hidden.includes(p.domain);
  context.save();
  context.lineCap = 'round';
  context.strokeStyle = palette.quiet;
  for (const { from, to, weight } of [...links].sort((a, b) => a.weight - b.weight)) {
    const [p, q] = [prototypes[from], prototypes[to]];
    if (!shown(p) || !shown(q) || !(weight > 0)) continue;
    const [a, b] = [projection.place(p.at), projection.place(q.at)];
    if (!a || !b) continue;
    const w = Math.min(1, weight);
    const forward = !emphasis || forwardOf(cloud, p) || forwardOf(cloud, q);
    context.globalAlpha = (0.05 + 0.45 * w * w) * (forward ? 1 : 0.15) * Math.min(a.fade, b.fade);
    context.lineWidth = 0.5 + 2 * w * w;
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
  }
  context.restore();
}

function circle(context: DrawContext, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** Prototypes as symbols in a ring, and centroids as large symbols with an outline of ink. */
export function drawAnchors({ context, cloud, palette, projection }: Scope): void {
  const { prototypes = [], centroids = [], hidden = [] } = cloud;
  const ring = prototypes.length > 24 ? 6.5 : 9;
  context.save();
  for (const p of prototypes) {
    const spot = hidden.includes(p.domain) ? null : projection.place(p.at);
    if (!spot) continue;
    const color = domainColor(palette, p.domain);
    context.globalAlpha = (forwardOf(cloud, p) ? 1 : 0.25) * (0.4 + 0.6 * spot.fade);
    circle(context, spot.x, spot.y, ring * spot.size);
    context.fillStyle = palette.card;
    context.fill();
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.stroke();
    drawSymbol(context, p.domain, { ...spot, radius: ring * 0.5 * spot.size, color, open: null });
  }
  for (const c of centroids) {
    const spot = hidden.includes(c.domain) ? null : projection.place(c.at);
    if (!spot) continue;
    context.globalAlpha = forwardOf(cloud, c) ? 1 : 0.25;
    for (const [radius, color] of [
      [13.5, palette.card],
      [11, palette.ink],
      [8.5, domainColor(palette, c.domain)],
    ] as const)
      drawSymbol(context, c.domain, { ...spot, radius: radius * spot.size, color, open: null });
  }
  context.restore();
}

/** Length of an arrow's head, CSS pixels. */
const HEAD = 8;

function drawArrow({ context, cloud, palette, projection, look }: Scope, arrow: Arrow): void {
  const { points, dims } = cloud;
  const start = projection.place(points, arrow.row * dims);
  const long = Math.hypot(...Array.from(arrow.along));
  if (!start || !(long > 0) || !(arrow.length > 0)) return;
  const tip = Array.from(arrow.along, (v, k) => points[arrow.row * dims + k] + (v / long) * (arrow.length / projection.unit));
  const end = projection.place(tip);
  if (!end) return;
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.hypot(dx, dy);
  if (!(length > 0.5)) return;
  const [ux, uy] = [dx / length, dy / length];
  const gap = sizeOf(look, LEVEL.lit) * start.size + 3; // clear of the symbol, whose length the arrow keeps
  const [x0, y0] = [start.x + ux * gap, start.y + uy * gap];
  const [x1, y1] = [x0 + dx, y0 + dy];
  const weight = Math.min(1, Math.max(0, arrow.weight ?? 1));
  const width = 1.25 + 1.25 * weight;
  const head = Math.min(HEAD, 3 + 0.6 * length);
  context.globalAlpha = 0.45 + 0.55 * weight;
  for (const [color, extra] of [
    [palette.card, 3],
    [arrowColor(palette, arrow.kind), 0],
  ] as const) {
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = width + extra;
    context.setLineDash(arrow.kind === 'push' && extra === 0 ? [4, 3.5] : []);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1 - ux * head * 0.7, y1 - uy * head * 0.7);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - ux * head - uy * head * 0.45, y1 - uy * head + ux * head * 0.45);
    context.lineTo(x1 - ux * head + uy * head * 0.45, y1 - uy * head - ux * head * 0.45);
    context.closePath();
    if (extra > 0) context.stroke();
    else context.fill();
  }
}

/** Colour of pulls and of pushes: the ends of the signed scale, as for advantages. */
export const arrowColor = (palette: Palette, kind: Arrow['kind']): string =>
  kind === 'pull' ? palette.divergingStops.at(-1)! : palette.divergingStops[0];

/** Arrows, the strongest on top. */
export function drawArrows(scope: Scope): void {
  scope.context.save();
  scope.context.lineCap = 'butt';
  scope.context.lineJoin = 'round';
  for (const arrow of [...(scope.cloud.arrows ?? [])].sort((a, b) => (a.weight ?? 1) - (b.weight ?? 1))) drawArrow(scope, arrow);
  scope.context.restore();
}

/** Rings around the hovered and the selected point. */
export function drawChosen({ context, cloud, look, palette, projection }: Scope): void {
  const { selected = null, hovered = null, points, dims, domain, correct } = cloud;
  for (const [row, color, width] of [
    [hovered === selected ? null : hovered, palette.quiet, 1.5],
    [selected, palette.focus, 2],
  ] as const) {
    if (row === null || !look.level[row]) continue;
    const spot = projection.place(points, row * dims);
    if (!spot) continue;
    const radius = Math.max(3, sizeOf(look, LEVEL.lit) * spot.size);
    context.save();
    circle(context, spot.x, spot.y, radius + 4.5);
    context.strokeStyle = palette.card;
    context.lineWidth = width + 2.5;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
    const open = correct[row] > 0.5 ? null : palette.card;
    drawSymbol(context, domain[row], { ...spot, radius, color: look.colors[look.tone[row]], open });
    context.restore();
  }
}

type Rect = readonly [x: number, y: number, width: number, height: number];

const apart = (a: Rect, b: Rect) => a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];

/** Names of labelled points, prototypes and centroids, beside them where there is room. */
export function drawLabels({ context, size, cloud, look, palette, projection }: Scope): void {
  const { labels = [], prototypes = [], centroids = [], points, dims, hidden = [] } = cloud;
  const wanted = [
    ...labels.map(({ row, text }) => ({ text, spot: look.level[row] ? projection.place(points, row * dims) : null, gap: 12 })),
    ...[...centroids, ...prototypes].map((a) => ({
      text: a.label ?? '',
      spot: a.label && !hidden.includes(a.domain) ? projection.place(a.at) : null,
      gap: centroids.includes(a) ? 18 : 12,
    })),
  ];
  const taken: Rect[] = [];
  context.save();
  context.font = TEXT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { text, spot, gap } of wanted) {
    if (!spot) continue;
    const width = context.measureText(text).width;
    const places: Rect[] = [
      [spot.x + gap, spot.y - 8, width, 16],
      [spot.x - gap - width, spot.y - 8, width, 16],
      [spot.x - width / 2, spot.y - gap - 16, width, 16],
      [spot.x - width / 2, spot.y + gap, width, 16],
    ];
    const inside = places.filter(([x, y, w, h]) => x >= 2 && y >= 2 && x + w <= size.width - 2 && y + h <= size.height - 2);
    const free = inside.find((rect) => taken.every((t) => apart(t, rect))) ?? inside[0];
    if (!free) continue;
    taken.push(free);
    haloText(context, text, free[0], free[1] + 8, palette.ink, palette);
  }
  context.restore();
}
