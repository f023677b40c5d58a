import { HOME, orbitBy, type Scene, type Stage, stageOf, zoomBy } from '../../charts/camera';
import type { Size } from '../../charts/drawContext';
import { fitView, panBy, toCanvas, type View, zoomAt } from '../../charts/view';

/** Where a map is looked at from: a part of the plane, or a scene in space. */
export type Place = View | Scene;

export const inSpace = (place: Place): place is Scene => 'camera' in place;

/** How far a view may be zoomed out of and into, as factors of the fitting one. */
const LIMITS = [0.4, 60] as const;
/** A view stays as it is until what it shows would fit when this much larger. */
const LOOSE = 1.45;
/** Room around the points, CSS pixels: while a view is made, and before it is made anew. */
const PAD = 36;
const LEAST = 10;

type Bounds = readonly [left: number, bottom: number, right: number, top: number];
const known = new WeakMap<ArrayLike<number>, Bounds>();

function boundsOf(points: ArrayLike<number>): Bounds {
  const found = known.get(points);
  if (found) return found;
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [bottom, top] = [Math.min(bottom, y), Math.max(top, y)];
  }
  known.set(points, [left, bottom, right, top]);
  return [left, bottom, right, top];
}

/** The view of before, as long as it shows all maps in a good size; else the one that fits them. Maps are f[n, 2]. */
export function steadyView(before: View | null, maps: readonly ArrayLike<number>[], size: Size): View {
  const boxes = maps.map(boundsOf).filter(([left, , right]) => left <= right);
  const next = fitView(
    boxes.map(([l, b, r, t]) => [l, b, r, t]),
    size,
    PAD,
  );
  if (!before || next.scale > LOOSE * before.scale) return next;
  const inside = boxes.every(([l, b, r, t]) =>
    [
      [l, b],
      [r, t],
    ].every(([x, y]) => {
      const [px, py] = toCanvas(before, size, x, y);
      return px >= LEAST && py >= LEAST && px <= size.width - LEAST && py <= size.height - LEAST;
    }),
  );
  return inside ? before : next;
}

/** The stage of before, as long as it holds all maps in a good size; else the least one. Maps are f[n, 3]. */
export function steadyStage(before: Stage | null, maps: readonly ArrayLike<number>[]): Stage {
  const next = stageOf(maps);
  if (!before || before.radius > LOOSE * next.radius) return next;
  const away = Math.hypot(...next.center.map((c, k) => c - before.center[k]));
  return away + next.radius <= before.radius * 1.02 ? before : next;
}

/** Places of points where they look in `to` as they do in `from`; as they are when one is of the plane and the other of space. */
export function carried(points: ArrayLike<number>, from: Place, to: Place): Float32Array {
  const out = Float32Array.from(points);
  if (inSpace(from) && inSpace(to)) {
    const grow = to.stage.radius / from.stage.radius;
    for (let i = 0; i < out.length; i++) out[i] = to.stage.center[i % 3] + (out[i] - from.stage.center[i % 3]) * grow;
  } else if (!inSpace(from) && !inSpace(to)) {
    const grow = from.scale / to.scale;
    for (let i = 0; i < out.length; i++) out[i] = i % 2 ? to.y + (out[i] - from.y) * grow : to.x + (out[i] - from.x) * grow;
  }
  return out;
}

/** The place after the picture was dragged by (dx, dy) pixels: the plane moves, space turns. */
export function dragged(place: Place, dx: number, dy: number): Place {
  if (!inSpace(place)) return panBy(place, dx, dy);
  return { ...place, camera: orbitBy(place.camera, dx * 0.008, dy * 0.008) };
}

/** The place `factor` times as large, with what lies under (px, py) at rest in the plane; `home`: the place that shows all. */
export function zoomed(place: Place, home: Place, size: Size, factor: number, px = size.width / 2, py = size.height / 2): Place {
  if (inSpace(place)) return { ...place, camera: zoomBy(place.camera, factor) };
  const { scale } = home as View;
  return zoomAt(place, size, px, py, factor, [LIMITS[0] * scale, LIMITS[1] * scale]);
}

/** Whether all is shown, or more than that. */
export const isSmall = (place: Place, home: Place): boolean =>
  inSpace(place) ? place.camera.zoom <= 1.01 : place.scale <= (home as View).scale * 1.01;

/** The place that shows all of a stage, looked at as before where that was in space. */
export const sceneOf = (stage: Stage, before: Place | null): Scene => ({
  stage,
  camera: before && inSpace(before) ? before.camera : HOME,
});
