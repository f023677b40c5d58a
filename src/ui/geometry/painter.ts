import type { Anchor, Cloud } from '../../charts/cloud';
import type { DrawContext, Size } from '../../charts/drawContext';
import type { Palette } from '../../charts/palette';
import { PointsLayer } from '../../charts/pointsLayer';
import { drawScatter, PARTS, type Part } from '../../charts/scatter';
import { drawScatter3d } from '../../charts/scatter3d';
import { between, eased } from '../../charts/view';
import type { Picture } from './filmMaps';
import { carried, inSpace, type Place } from './viewport';

/** What is on the canvas. */
export interface Shown {
  picture: Picture;
  cloud: Cloud;
  place: Place;
  palette: Palette;
}

/** How long one picture turns into the next, ms. */
const TURN = 420;
/** Clouds with more points change at once. */
const MOST = 4000;

const equal = (a: Uint32Array | null, b: Uint32Array | null) =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((x, i) => x === b[i]));

/** Whether the points of two pictures are the same rollouts, or answers to the same prompts, one by one. */
export function corresponds(a: Picture, b: Picture): boolean {
  if (a.map.dimensions !== b.map.dimensions || !equal(a.map.rows, b.map.rows)) return false;
  if (a.frame === b.frame) return true;
  const same = a.frame.source === 'heldOut' && b.frame.source === 'heldOut' && a.frame.n === b.frame.n;
  return same && equal(a.frame.prompt, b.frame.prompt) && equal(a.frame.column, b.frame.column);
}

/** Draws layers of a cloud, in the plane or in space. */
export function drawCloud(
  context: DrawContext,
  size: Size,
  cloud: Cloud,
  place: Place,
  palette: Palette,
  parts: readonly Part[] = PARTS,
): void {
  if (inSpace(place)) drawScatter3d(context, size, cloud, place, palette, parts);
  else drawScatter(context, size, cloud, place, palette, parts);
}

/** Anchors on their way from those of before that stand for the same. */
function anchorsBetween(before: readonly Anchor[], after: readonly Anchor[], t: number): Anchor[] {
  return after.map((a) => {
    const from = before.find((b) => b.domain === a.domain && b.prompt === a.prompt && b.at.length === a.at.length);
    return from ? { ...a, at: between(from.at, a.at, t) } : a;
  });
}

interface Turn {
  start: number;
  /** The cloud of before where it lies in the new place. */
  from: Cloud;
}

/** Keeps a canvas, and one for WebGPU under it, as they should look. */
export class MapPainter {
  private size: Size = { width: 0, height: 0 };
  private ratio = 1;
  private shown: Shown | null = null;
  private turn: Turn | null = null;
  private asked = 0;
  private readonly layer: PointsLayer;

  /** `ghost`: a canvas above, for the picture that fades away; `told` hears when WebGPU has come or gone. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    under: HTMLCanvasElement,
    private readonly ghost: HTMLCanvasElement,
    told: () => void,
  ) {
    this.layer = new PointsLayer(under, () => {
      this.repaint();
      told();
    });
  }

  /** Why many points are drawn without WebGPU; null where that is not so. */
  get reason(): string | null {
    return this.layer.reason;
  }

  resize(size: Size, ratio: number): void {
    this.size = size;
    this.ratio = ratio;
    this.turn = null;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.repaint();
  }

  /** Shows something else; `animate`: another picture comes gradually. */
  show(next: Shown, animate: boolean): void {
    const last = this.shown;
    this.shown = next;
    const other = last !== null && last.cloud.points !== next.cloud.points;
    if (other) this.turn = animate ? this.turnFrom(last, next) : null;
    this.repaint();
  }

  private turnFrom(last: Shown, next: Shown): Turn | null {
    if (Math.max(last.cloud.domain.length, next.cloud.domain.length) > MOST || this.canvas.width === 0) return null;
    if (!corresponds(last.picture, next.picture)) {
      this.fade();
      return null;
    }
    const start = performance.now();
    const now = this.turned(last, start);
    const move = (at: ArrayLike<number>) => carried(at, last.place, next.place);
    const anchors = (all: readonly Anchor[] = []) => all.map((a) => ({ ...a, at: move(a.at) }));
    const { prototypes, centroids } = now;
    return { start, from: { ...now, points: move(now.points), prototypes: anchors(prototypes), centroids: anchors(centroids) } };
  }

  /** Pictures of other rollouts fade into each other, which the browser does without the main thread. */
  private fade(): void {
    const { ghost, canvas } = this;
    const { width, height } = canvas;
    if (ghost.width !== width || ghost.height !== height) Object.assign(ghost, { width, height });
    const context = ghost.getContext('2d');
    context?.clearRect(0, 0, width, height);
    context?.drawImage(canvas, 0, 0);
    const how: KeyframeAnimationOptions = { duration: TURN, easing: 'ease-in-out' };
    ghost.animate([{ opacity: 1 }, { opacity: 0 }], how);
    canvas.animate([{ opacity: 0 }, { opacity: 1 }], how);
  }

  /** The cloud of what is shown, on its way where it moves. */
  private turned({ cloud }: Shown, now: number): Cloud {
    const from = this.turn?.from;
    if (!from || !this.turn || from.points.length !== cloud.points.length) return cloud;
    const t = eased((now - this.turn.start) / TURN);
    return {
      ...cloud,
      points: between(from.points, cloud.points, t),
      ...(cloud.prototypes ? { prototypes: anchorsBetween(from.prototypes ?? [], cloud.prototypes, t) } : {}),
      ...(cloud.centroids ? { centroids: anchorsBetween(from.centroids ?? [], cloud.centroids, t) } : {}),
    };
  }

  private repaint(): void {
    if (!this.asked) this.asked = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    this.asked = 0;
    const { shown, size, ratio, canvas } = this;
    const context = canvas.getContext('2d');
    if (!shown || !context || size.width === 0) return;
    const now = performance.now();
    if (this.turn && now - this.turn.start >= TURN) this.turn = null;
    const { place, palette } = shown;
    const cloud = this.turned(shown, now);
    const onGpu = this.layer.draw(cloud, place, size, ratio, palette);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawCloud(context, size, cloud, place, palette, onGpu ? ['back', 'front'] : PARTS);
    if (this.turn) this.repaint();
  }

  close(): void {
    cancelAnimationFrame(this.asked);
    this.layer.close();
  }
}
