import { drawLineChart } from '../../charts/lineChart';
import { frameOf } from '../../charts/lineFrame';

/** What the paper's run had at its start and at its end (Figure 3). */
export const PAPER = {
  crossPositive: [6.0, 8.8],
  negative: [2.0, 1.1],
  margin: [4.0, 7.6],
  weight: [0.75, 0.88],
  positiveRatio: [0.47, 0.6],
  positivesPer4: [1.7, 2.3],
  attraction: [0.4, 0.12],
} as const satisfies Record<string, readonly [number, number]>;

/** One of those. */
export type PaperFigure = keyof typeof PAPER;

/** `6.0 → 8.8` */
export function paperText(figure: PaperFigure): string {
  const digits = PAPER[figure].some((v) => v < 1) ? 2 : 1;
  return PAPER[figure].map((v) => v.toFixed(digits)).join(' → ');
}

/** What the ticks at the ends of a chart are. */
export const TICKS_HINT =
  'The paper’s run, for comparison: triangles at both ends of the axis mark where its curves began and ended. Its models are a thousand times larger and train longer: compare directions, not heights.';

/** A value of the paper's run in a curve's colour. */
export interface PaperTick {
  figure: PaperFigure;
  color: string;
}

/** Paints a line chart with triangles at its left and right ends; none where the chart shows a part of the steps. `all`: all its steps. */
export const withPaper =
  (ticks: readonly PaperTick[], all: readonly [number, number]): typeof drawLineChart =>
  (context, size, chart, palette) => {
    drawLineChart(context, size, chart, palette);
    if (chart.x[0] > all[0] || chart.x[1] < all[1]) return;
    const { y, left, right, top, bottom } = frameOf(context, size, chart);
    context.save();
    context.lineWidth = 1.25;
    context.lineJoin = 'round';
    for (const { figure, color } of ticks)
      PAPER[figure].forEach((value, end) => {
        const at = y(value);
        if (!(at >= top - 1 && at <= bottom + 1)) return;
        const [edge, tip] = end ? [right, right - 7] : [left, left + 7];
        context.beginPath();
        context.moveTo(edge, at - 4.5);
        context.lineTo(tip, at);
        context.lineTo(edge, at + 4.5);
        context.closePath();
        context.fillStyle = palette.card;
        context.fill();
        context.strokeStyle = color;
        context.stroke();
      });
    context.restore();
  };
