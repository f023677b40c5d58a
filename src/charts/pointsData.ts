import { eyeOf, FADE, matrixOf, type Scene } from './camera';
import type { Cloud, Look } from './cloud';
import { rgbOf } from './color';
import type { Size } from './drawContext';
import type { Palette } from './palette';
import { alphaOf, sizeOf } from './points';
import { depthOrder, spotsOf3d } from './scatter3d';
import { symbolCorners } from './symbols';
import type { View } from './view';

/** Shapes that the renderer knows. */
const SHAPES = 6;
/** vec2 of an outline: one head, then up to fifteen corners. */
const SLOTS = 16;
/** f32 of the uniform `View`. */
export const VIEW_SIZE = 28;

/** f32[shapes, SLOTS, 2]: corners and reach of each shape of radius 1, then its corners. */
export function outlines(): Float32Array<ArrayBuffer> {
  const out = new Float32Array(SHAPES * SLOTS * 2);
  for (let shape = 0; shape < SHAPES; shape++) {
    const corners = symbolCorners(shape);
    const reach = corners.length ? Math.max(...corners.map(([x, y]) => Math.max(Math.abs(x), Math.abs(y)))) : 1;
    out.set([corners.length, reach, ...corners.flat()], shape * SLOTS * 2);
  }
  return out;
}

/** f32[n, 3]: points of the plane lie at height zero. */
export function positions({ points, dims }: Cloud): Float32Array<ArrayBuffer> {
  if (dims === 3) return Float32Array.from(points);
  const out = new Float32Array((points.length / 2) * 3);
  for (let i = 0; 2 * i < points.length; i++) {
    out[3 * i] = points[2 * i];
    out[3 * i + 1] = points[2 * i + 1];
  }
  return out;
}

/** u32[n, 2]: colour and form of every point, as `shaders/view/points.wgsl` reads them. */
export function looks({ domain, correct }: Cloud, look: Look): Uint32Array<ArrayBuffer> {
  const colors = look.colors.map((c) => rgbOf(c).reduce((sum, v, k) => sum + v * 256 ** k, 0));
  const out = new Uint32Array(2 * domain.length);
  for (let i = 0; i < domain.length; i++) {
    const level = look.level[i];
    out[2 * i] = colors[look.tone[i]] + Math.round(255 * alphaOf(level)) * 2 ** 24;
    const radius = Math.min(65_535, Math.round(256 * sizeOf(look, level)));
    out[2 * i + 1] = (domain[i] % SHAPES) + (correct[i] > 0.5 ? 0 : 256) + radius * 65_536;
  }
  return out;
}

/** Uniform `View` of a view of the plane, or of a scene in space; `ratio`: device pixels per CSS pixel. */
export function viewOf(view: View | Scene, size: Size, ratio: number, palette: Palette): Float32Array<ArrayBuffer> {
  const out = new Float32Array(VIEW_SIZE);
  if ('camera' in view) {
    const eye = eyeOf(view.stage);
    out.set(matrixOf(view, size));
    out[19] = eye;
    out.set([eye - view.stage.radius, 2 * view.stage.radius, FADE], 20);
  } else {
    const [sx, sy] = [(2 * view.scale) / size.width, (2 * view.scale) / size.height];
    out.set([sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 0, 0, -view.x * sx, -view.y * sy, 0, 1]);
    out[19] = 1;
    out.set([0, 1, 0], 20);
  }
  out.set([size.width * ratio, size.height * ratio, ratio], 16);
  out.set([...rgbOf(palette.card).map((v) => v / 255), 1], 24);
  return out;
}

/** Rows in the order in which they are drawn. */
export const orderOf = (cloud: Cloud, look: Look, view: View | Scene, size: Size): Uint32Array<ArrayBuffer> =>
  Uint32Array.from('camera' in view ? depthOrder(look, spotsOf3d(cloud, size, view, look.order).near.size) : look.order);
