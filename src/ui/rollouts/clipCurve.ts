import { drawLineChart, type LineChart } from '../../charts/lineChart';
import { LIGHT } from '../../charts/palette';
import { type Figure, figureOf } from '../figure';
import { fixed } from '../format';
import { type Clip, tokenObjective } from './objective';

/** One token in its objective (3). */
export interface ClipToken {
  advantage: number;
  ratio: number;
  clip: Clip;
  loss: number;
}

/** The loss as a function of the ratio around a token: straight between its corners. */
export interface ClipCurve {
  low: number;
  high: number;
  corners: number[];
  losses: number[];
  /** Ends of the clip range, and the dual clip where it shows. */
  ticks: { rho: number; text: string }[];
  words: string;
}

/** The curve that a token lies on. */
export function clipCurve({ advantage, ratio, clip, loss }: ClipToken): ClipCurve {
  const dual = advantage < 0 && clip.dual > 0 && clip.dual <= 6 ? clip.dual : null;
  const low = Math.max(0, Math.min(0.4, 0.9 * ratio, 1 - 1.5 * clip.low));
  const high = Math.max(1.6, 1.1 * ratio, 1 + 1.5 * clip.high, (dual ?? 0) + 0.4);
  const corners = [low, 1 - clip.low, 1 + clip.high, ...(dual ? [dual] : []), high]
    .filter((r) => r >= low && r <= high)
    .sort((a, b) => a - b);
  const ticks = [
    { rho: 1 - clip.low, text: fixed(1 - clip.low, 2) },
    { rho: 1 + clip.high, text: fixed(1 + clip.high, 2) },
    ...(dual ? [{ rho: dual, text: `c = ${dual}` }] : []),
  ];
  return {
    low,
    high,
    corners,
    losses: corners.map((rho) => tokenObjective(advantage, rho, clip).loss),
    ticks,
    words: `Loss over ratio: the clip range is ${ticks[0].text} to ${ticks[1].text}; this token has ratio ${fixed(ratio, 3)} and loss ${fixed(loss, 3)}`,
  };
}

/** The curve with the token on it, as a figure. */
export function clipFigure(title: string, token: ClipToken): Figure {
  const { low, high, corners, losses, ticks, words } = clipCurve(token);
  const [least, most] = [Math.min(...losses, token.loss), Math.max(...losses, token.loss)];
  const room = 0.08 * (most - least) || 0.1;
  const chart: LineChart = {
    lines: [
      { label: 'Loss', steps: corners, values: losses, color: LIGHT.ink, width: 1.75 },
      { label: 'This token', steps: [token.ratio], values: [token.loss], color: LIGHT.focus, symbol: 0 },
    ],
    x: [low, high],
    y: [least - room, most + room],
    xLabel: 'ratio',
    yLabel: 'loss',
    marks: ticks.map(({ rho, text }) => ({ step: rho, label: text })),
    cursor: null,
    format: (v) => fixed(v, 3),
  };
  return figureOf(title, chart, drawLineChart, { description: words });
}
