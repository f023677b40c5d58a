import type { DrawContext, Size } from '../drawContext';
import { domainColor, type Palette } from '../palette';
import { drawSymbol } from '../symbols';
import type { ChartTable } from '../table';
import { crisp, segment } from '../text';

/** Where the rollouts of one pool lie. */
export interface MapTile {
  x: readonly number[];
  y: readonly number[];
  /** Index of each rollout's domain. */
  domain: readonly number[];
  correct: readonly boolean[];
}

/** Half the side of the square around the origin that holds all places of all maps; 1 without any. */
export function mapReach(maps: readonly MapTile[]): number {
  let most = 0;
  for (const { x, y } of maps) for (const v of [...x, ...y]) if (Math.abs(v) > most) most = Math.abs(v);
  return most || 1;
}

/** Draws the rollouts around the origin: colour and shape by domain, filled where correct. */
export function drawMapTile(context: DrawContext, { width, height }: Size, map: MapTile, reach: number, palette: Palette): void {
  context.clearRect(0, 0, width, height);
  const scale = Math.max(1, Math.min(width, height) / 2 - 8) / reach;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  segment(context, 0, crisp(height / 2), width, crisp(height / 2));
  segment(context, crisp(width / 2), 0, crisp(width / 2), height);
  const radius = map.x.length > 160 ? 2.5 : 3.25;
  // Correct ones, which are the anchors, on top.
  for (const correct of [false, true])
    map.x.forEach((x, i) => {
      if (map.correct[i] !== correct) return;
      const place = { x: width / 2 + x * scale, y: height / 2 - map.y[i] * scale };
      const color = domainColor(palette, map.domain[i]);
      context.globalAlpha = correct ? 0.95 : 0.6;
      drawSymbol(context, map.domain[i], { ...place, radius, color, open: correct ? null : palette.card });
    });
  context.globalAlpha = 1;
}

/** A row a rollout; `names` of the domains. */
export const mapTable = (map: MapTile, names: readonly string[]): ChartTable => ({
  columns: ['rollout', 'domain', 'correct', 'x', 'y'],
  rows: map.x.map((x, i) => [i, names[map.domain[i]] ?? map.domain[i], map.correct[i] ? 'yes' : 'no', x, map.y[i]]),
});
