import type { Size } from './drawContext';

/** Where a map in space is looked at from: angles in radians (yaw about the second axis, pitch from above), zoom 1 shows all. */
export interface Camera {
  yaw: number;
  pitch: number;
  zoom: number;
}

/** The sphere that holds the points of all maps. */
export interface Stage {
  center: readonly [number, number, number];
  radius: number;
}

/** A stage and its camera. */
export interface Scene {
  camera: Camera;
  stage: Stage;
}

/** A first look: from the right and somewhat above. */
export const HOME: Camera = { yaw: -0.6, pitch: 0.42, zoom: 1 };

/** Distance of the eye from the middle, in radii of the stage. */
const EYE = 3.2;

/** Pixels left free around the stage. */
const PAD = 14;

/** The least sphere around the middle of the bounding box that holds every finite point of all `maps`, each f[n, 3]. */
export function stageOf(maps: readonly ArrayLike<number>[]): Stage {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const map of maps)
    for (let i = 0; i < map.length; i++) {
      if (!Number.isFinite(map[i])) continue;
      low[i % 3] = Math.min(low[i % 3], map[i]);
      high[i % 3] = Math.max(high[i % 3], map[i]);
    }
  const center = low.map((v, k) => (v <= high[k] ? (v + high[k]) / 2 : 0)) as [number, number, number];
  let most = 0;
  for (const map of maps)
    for (let i = 0; i + 2 < map.length; i += 3) {
      const away = Math.hypot(map[i] - center[0], map[i + 1] - center[1], map[i + 2] - center[2]);
      if (away > most) most = away;
    }
  return { center, radius: most || 1 };
}

const within = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));

/** The camera after turning by `yaw` and `pitch` radians; it never tips over. */
export const orbitBy = (camera: Camera, yaw: number, pitch: number): Camera => ({
  ...camera,
  yaw: (camera.yaw + yaw) % (2 * Math.PI),
  pitch: within(camera.pitch + pitch, -1.5, 1.5),
});

/** The camera after zooming by `factor`, between 0.3 and 20. */
export const zoomBy = (camera: Camera, factor: number): Camera => ({ ...camera, zoom: within(camera.zoom * factor, 0.3, 20) });

/** The camera after a key: arrows turn (a tenth as much with `fine`), + and − zoom, 0 goes home; null for other keys. */
export function orbitKey(camera: Camera, key: string, fine = false): Camera | null {
  const step = fine ? Math.PI / 180 : Math.PI / 18;
  switch (key) {
    case 'ArrowLeft':
      return orbitBy(camera, -step, 0);
    case 'ArrowRight':
      return orbitBy(camera, step, 0);
    case 'ArrowUp':
      return orbitBy(camera, 0, -step);
    case 'ArrowDown':
      return orbitBy(camera, 0, step);
    case '+':
    case '=':
      return zoomBy(camera, fine ? 1.02 : 1.2);
    case '-':
      return zoomBy(camera, fine ? 1 / 1.02 : 1 / 1.2);
    case '0':
      return HOME;
  }
  return null;
}

/** Pixels per unit in the middle of the stage. */
export const unitOf = ({ camera, stage }: Scene, { width, height }: Size): number =>
  (camera.zoom * Math.max(1, Math.min(width, height) / 2 - PAD) * Math.sqrt(1 - 1 / EYE ** 2)) / stage.radius;

/** Distance of the eye from the middle of the stage. */
export const eyeOf = ({ radius }: Stage): number => EYE * radius;

/** Map to clip space, f32[16] column by column; w is the distance from the eye's plane, z half of it. */
export function matrixOf(scene: Scene, size: Size): Float32Array {
  const { camera, stage } = scene;
  const [cy, sy, cp, sp] = [Math.cos(camera.yaw), Math.sin(camera.yaw), Math.cos(camera.pitch), Math.sin(camera.pitch)];
  const turned = [
    [cy, 0, sy],
    [sp * sy, cp, -sp * cy],
    [-cp * sy, sp, cp * cy],
  ];
  const eye = eyeOf(stage);
  const unit = unitOf(scene, size);
  const factors = [(2 * unit * eye) / size.width, (2 * unit * eye) / size.height, -0.5, -1];
  const rows = [turned[0], turned[1], turned[2], turned[2]].map((row, r) => {
    const shift = row.reduce((sum, v, k) => sum - v * stage.center[k], 0);
    return [...row, shift].map((v) => v * factors[r]);
  });
  rows[2][3] += eye / 2;
  rows[3][3] += eye;
  return Float32Array.from({ length: 16 }, (_, i) => rows[i % 4][i >> 2]);
}

/** Opacity factor at distance `w` from the eye: 1 in front, less behind. */
export const fadeAt = ({ radius }: Stage, w: number): number => 1 - FADE * within((w - (EYE - 1) * radius) / (2 * radius), 0, 1);

/** How much of a point's opacity the depth may take. */
export const FADE = 0.68;
