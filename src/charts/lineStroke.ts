import { bisectLeft, bisectRight } from 'd3-array';
import type { DrawContext } from './drawContext';
import type { Frame } from './lineFrame';
import type { Band, Line } from './lineTypes';

/** Entries within the axis, and one more on either side so that curves leave the plot. */
export function visible(steps: ArrayLike<number>, count: number, [from, to]: readonly number[]): [number, number] {
  const list = steps as number[];
  return [Math.max(0, bisectLeft(list, from, 0, count) - 1), Math.min(count, bisectRight(list, to, 0, count) + 1)];
}

/** Entries for each half pixel: more are drawn as their extremes. */
const stride = ({ x }: Frame, count: number) => Math.max(1, Math.ceil(count / Math.max(1, 2 * (x.range()[1] - x.range()[0]))));

const LEAST_RUN = 0.6;

/** One path over the finite values, with gaps where there are none; a value alone becomes a dot. */
export function drawLine(context: DrawContext, frame: Frame, line: Line): void {
  const { x, y } = frame;
  const { steps, values, emphasis } = line;
  context.save();
  context.strokeStyle = line.color;
  context.lineWidth = (line.width ?? 1.75) + (emphasis === 'strong' ? 1 : 0);
  context.globalAlpha = (line.alpha ?? 1) * (emphasis === 'dimmed' ? 0.22 : 1);
  context.lineJoin = 'round';
  context.lineCap = line.dash?.length ? 'butt' : 'round';
  context.setLineDash([...(line.dash ?? [])]);
  context.beginPath();
  const [from, to] = visible(steps, values.length, x.domain());
  const by = stride(frame, to - from);
  let run = 0;
  let [lastX, lastY] = [0, 0];
  const point = (px: number, py: number) => {
    if (run++ === 0) context.moveTo(px, py);
    else context.lineTo(px, py);
    [lastX, lastY] = [px, py];
  };
  const end = () => {
    if (run === 1) context.lineTo(lastX + LEAST_RUN, lastY);
    run = 0;
  };
  for (let i = from; i < to; i += by) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let [first, last] = [-1, -1];
    for (let j = i; j < Math.min(to, i + by); j++) {
      const at = y(values[j]);
      if (!Number.isFinite(at)) continue;
      if (at < low) [low, first] = [at, first < 0 ? j : first];
      if (at > high) high = at;
      last = j;
    }
    if (last < 0) {
      end();
      continue;
    }
    const px = x(steps[i]);
    // In the order of time, so that a falling curve does not zigzag.
    const falls = y(values[first]) <= y(values[last]);
    point(px, falls ? low : high);
    if (low < high) point(px, falls ? high : low);
  }
  end();
  context.stroke();
  context.restore();
}

/** The area between two curves, piece by piece where there is data. */
export function drawBand(context: DrawContext, frame: Frame, band: Band): void {
  const { x, y } = frame;
  const { steps, low, high, emphasis } = band;
  const [from, to] = visible(steps, low.length, x.domain());
  const by = stride(frame, to - from);
  const floor = y.range()[0] + 4;
  const faint = emphasis === 'dimmed' ? 0.25 : emphasis === 'strong' ? 1.5 : 1;
  context.save();
  context.fillStyle = band.color;
  context.strokeStyle = band.color;
  context.lineWidth = 0.75;
  context.lineJoin = 'round';
  context.setLineDash([...(band.edge ?? [])]);
  let upper: [number, number][] = [];
  let lower: [number, number][] = [];
  const trace = (points: readonly [number, number][], start: boolean) =>
    points.forEach(([px, py], k) => {
      if (start && k === 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    });
  const flush = () => {
    if (upper.length > 0) {
      if (upper.length === 1) for (const edge of [upper, lower]) edge.push([edge[0][0] + 1, edge[0][1]]);
      context.beginPath();
      trace(upper, true);
      trace([...lower].reverse(), false);
      context.closePath();
      context.globalAlpha = Math.min(1, (band.alpha ?? 0.16) * faint);
      context.fill();
      if (band.edge) {
        context.beginPath();
        trace(upper, true);
        trace(lower, true);
        context.globalAlpha = Math.min(1, 0.4 * faint);
        context.stroke();
      }
    }
    upper = [];
    lower = [];
  };
  for (let i = from; i < to; i += by) {
    let [bottom, top] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let j = i; j < Math.min(to, i + by); j++) {
      const [a, b] = [y(high[j]), y(low[j])];
      if (!Number.isFinite(a)) continue;
      top = Math.min(top, a);
      bottom = Math.max(bottom, Number.isFinite(b) ? b : Number.isNaN(low[j]) ? a : floor); // a log axis has no 0
    }
    if (top > bottom) {
      flush();
      continue;
    }
    upper.push([x(steps[i]), top]);
    lower.push([x(steps[i]), bottom]);
  }
  flush();
  context.restore();
}
