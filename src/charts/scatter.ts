import { scaleLinear } from 'd3-scale';
import type { Size } from './lineChart';
import { domainColor, FONT, type Palette } from './palette';
import { drawSymbol } from './symbols';

/** A pool in two dimensions. */
export interface Scatter {
  /** [N, 2]. */
  points: ArrayLike<number>;
  domain: ArrayLike<number>;
  /** Filled where above 0.5, open elsewhere. */
  reward: ArrayLike<number>;
  /** Share of the variance on each axis. */
  explained: readonly [number, number];
}

const EDGE = 24;

/** Pixels per unit so that every point fits around the middle; grows and shrinks in steps of a fifth, so that it seldom changes. */
export function fittingUnit(points: ArrayLike<number>, { width, height }: Size): number {
  let unit = Math.min(width, height) / 2 / 0.1;
  for (let i = 0; i < points.length; i++) {
    const away = Math.abs(points[i]);
    if (away > 0) unit = Math.min(unit, (i % 2 ? height : width) / 2 / away);
  }
  return 1.2 ** Math.floor(Math.log(Math.max(unit, 1e-6)) / Math.log(1.2));
}

const share = (part: number) => `${Math.round(100 * part)} %`;

/** Points in the plane of two components, at one scale in both directions. */
export function drawScatter(context: CanvasRenderingContext2D, size: Size, data: Scatter, palette: Palette): void {
  const { width, height } = size;
  context.clearRect(0, 0, width, height);
  const unit = fittingUnit(data.points, { width: width - EDGE - 12, height: height - EDGE - 12 });
  const x = scaleLinear([0, 1], [(width + EDGE) / 2, (width + EDGE) / 2 + unit]);
  const y = scaleLinear([0, 1], [(height - EDGE) / 2, (height - EDGE) / 2 - unit]);

  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const [a, b, c, d] of [
    [EDGE, Math.round(y(0)) + 0.5, width, Math.round(y(0)) + 0.5],
    [Math.round(x(0)) + 0.5, 0, Math.round(x(0)) + 0.5, height - EDGE],
  ]) {
    context.moveTo(a, b);
    context.lineTo(c, d);
  }
  context.stroke();

  context.font = `12px ${FONT}`;
  context.fillStyle = palette.quiet;
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  context.fillText(`first component, ${share(data.explained[0])} of the variance`, width - 2, height - 6);
  context.save();
  context.translate(14, 2);
  context.rotate(-Math.PI / 2);
  context.fillText(`second, ${share(data.explained[1])}`, 0, 0);
  context.restore();

  const count = data.domain.length;
  const radius = count > 2000 ? 2 : count > 400 ? 3 : 3.75;
  for (const correct of [false, true]) {
    context.globalAlpha = correct ? 0.85 : 0.7;
    for (let i = 0; i < count; i++) {
      if (data.reward[i] > 0.5 !== correct) continue;
      const [px, py] = [data.points[2 * i], data.points[2 * i + 1]];
      if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
      const color = domainColor(palette, data.domain[i]);
      drawSymbol(context, data.domain[i], { x: x(px), y: y(py), radius, color, open: correct ? null : palette.card });
    }
  }
  context.globalAlpha = 1;
}
