import { type Cloud, LEVEL, type Look } from './cloud';
import type { DrawContext } from './drawContext';
import type { Palette } from './palette';
import { type Raster, rasterOf, type Stamp, StampSheet, stampOf } from './stamps';
import { drawSymbol, traceSymbol } from './symbols';

/** Places of a cloud's points on the canvas. */
export interface Spots {
  /** [n], CSS pixels; NaN where a point is not shown. */
  x: Float32Array;
  y: Float32Array;
  /** [n]: factor of the size, and of the opacity, by depth; absent in the plane. */
  near?: { size: Float32Array; fade: Float32Array };
}

/** Opacity of a point by level and verdict. */
const ALPHA = { [LEVEL.none]: 0, [LEVEL.dimmed]: 0.16, [LEVEL.plain]: 0.85, [LEVEL.lit]: 1 };

/** From this many points on, symbols that look alike are copied or made one path. */
const MANY = 2000;

/** Opacity of a point, 0…1, before depth. */
export const alphaOf = (level: number): number => ALPHA[level as keyof typeof ALPHA];

/** Radius of a point, CSS pixels, before depth. */
export const sizeOf = (look: Look, level: number): number => look.radius * (level === LEVEL.lit ? 1.15 : 1);

/** Draws points in the order of `order`, later ones above. */
export function drawPoints(
  context: DrawContext,
  cloud: Cloud,
  look: Look,
  spots: Spots,
  order: Uint32Array,
  palette: Palette,
): void {
  if (merges(context, look)) {
    mergePoints(context, cloud, look, spots, spots.near ? order : grouped(cloud, look), palette);
    return;
  }
  const raster = order.length > MANY ? rasterOf(context) : null;
  if (raster) {
    stampPoints(raster, cloud, look, spots, order, palette);
    return;
  }
  context.save();
  for (const i of order) {
    if (!Number.isFinite(spots.x[i])) continue;
    context.globalAlpha = alphaOf(look.level[i]) * (spots.near?.fade[i] ?? 1);
    drawSymbol(context, cloud.domain[i], {
      x: spots.x[i],
      y: spots.y[i],
      radius: sizeOf(look, look.level[i]) * (spots.near?.size[i] ?? 1),
      color: look.colors[look.tone[i]],
      open: cloud.correct[i] > 0.5 ? null : palette.card,
    });
  }
  context.restore();
}

/** Steps of a symbol's radius, CSS pixels, and of its opacity where depth changes them. */
const STEP = 0.25;
const SHADES = 24;

/** Copies pixels of one drawn symbol to all points like it. */
function stampPoints(raster: Raster, cloud: Cloud, look: Look, spots: Spots, order: Uint32Array, palette: Palette): void {
  const stamps = new Map<number, Stamp>();
  const sheet = new StampSheet(raster);
  for (const i of order) {
    if (!Number.isFinite(spots.x[i])) continue;
    const level = look.level[i];
    const steps = Math.max(2, Math.round((sizeOf(look, level) * (spots.near?.size[i] ?? 1)) / STEP));
    const shade = Math.round(SHADES * (spots.near?.fade[i] ?? 1));
    const full = cloud.correct[i] > 0.5 ? 1 : 0;
    const kind = (look.tone[i] * 64 + (cloud.domain[i] % 64)) * 2 + full;
    const key = ((kind * 4 + level) * 32 + shade) * 1024 + steps;
    let stamp = stamps.get(key);
    if (!stamp) {
      const alpha = (alphaOf(level) * shade) / SHADES;
      const open = full ? null : palette.card;
      stamp = stampOf(cloud.domain[i], look.colors[look.tone[i]], open, steps * STEP, raster.ratio, alpha);
      stamps.set(key, stamp);
    }
    sheet.add(stamp, spots.x[i], spots.y[i]);
  }
  sheet.put();
}

/** Whether points are to be merged into paths: many of them, and no pixels to copy. */
export const merges = (context: DrawContext, look: Look): boolean => look.order.length > MANY && rasterOf(context) === null;

/** The look's order with rows that look alike as neighbours, in `slices` rounds so that no domain covers the others. */
export function grouped({ domain, correct }: Cloud, look: Look, slices = 8): Uint32Array {
  const n = look.order.length;
  const keys = Float64Array.from(look.order, (i, k) => {
    const above = look.level[i] * 2 + (correct[i] > 0.5 ? 1 : 0);
    const slice = Math.floor((k * slices) / n);
    return (((above * slices + slice) * 65_536 + look.tone[i]) * 64 + (domain[i] % 64)) * n + k;
  }).sort();
  return Uint32Array.from(keys, (key) => look.order[key % n]);
}

/** Draws neighbours in the order that look alike as one path: an exported figure stays small. */
function mergePoints(context: DrawContext, cloud: Cloud, look: Look, spots: Spots, order: Uint32Array, palette: Palette): void {
  const fadeOf = (i: number) => spots.near?.fade[i] ?? 1;
  const alike = (i: number, j: number) =>
    look.tone[i] === look.tone[j] &&
    look.level[i] === look.level[j] &&
    cloud.domain[i] === cloud.domain[j] &&
    cloud.correct[i] > 0.5 === cloud.correct[j] > 0.5 &&
    fadeOf(i) === fadeOf(j);
  context.save();
  for (let from = 0; from < order.length; ) {
    const first = order[from];
    let to = from;
    context.beginPath();
    for (; to < order.length && alike(first, order[to]); to++) {
      const i = order[to];
      if (!Number.isFinite(spots.x[i])) continue;
      traceSymbol(context, cloud.domain[i], spots.x[i], spots.y[i], sizeOf(look, look.level[i]) * (spots.near?.size[i] ?? 1));
    }
    context.globalAlpha = alphaOf(look.level[first]) * fadeOf(first);
    const color = look.colors[look.tone[first]];
    const full = cloud.correct[first] > 0.5;
    context.fillStyle = full ? color : palette.card;
    context.fill();
    if (!full) {
      context.strokeStyle = color;
      context.lineWidth = 1.25;
      context.stroke();
    }
    from = to;
  }
  context.restore();
}
