import { type Line, stepSpan, valueSpan } from '../../charts/lineChart';
import { laneColor, laneDash, type Palette } from '../../charts/palette';
import type { Plot } from '../Chart';
import { curveOf, difference, metric, type Reading } from '../curves';
import { fixed, percent } from '../format';
import type { Compared } from './useCompared';

/** A picture of runs side by side. */
export interface ComparePicture {
  title: string;
  hint: string;
  /** Curve of a run; null: its held-out averages. */
  reading: Reading | null;
  y(curves: readonly [number, number] | null): [number, number];
  format(value: number): string;
  empty: string;
}

const atLeast = (least: number, empty: [number, number]) => (curves: readonly [number, number] | null) =>
  valueSpan(curves && [...curves], empty, least);

/** Shares of 1: a part of it around the values. */
const share01 = (curves: readonly [number, number] | null): [number, number] => {
  const [low, high] = valueSpan(curves && [...curves], [0, 1], 0.2);
  return low < 0 ? [0, Math.min(1, high - low)] : high > 1 ? [Math.max(0, low - (high - 1)), 1] : [low, high];
};

export const MARGIN = difference('logit/crossPositive', 'logit/negative');

/** What is laid side by side. */
export const PICTURES: readonly ComparePicture[] = [
  {
    title: 'Reward',
    hint: 'Share of the rollouts of each batch that the verifier accepts, over all domains.',
    reading: metric('reward/mean'),
    y: share01,
    format: (v) => fixed(v, 2),
    empty: 'no steps were trained',
  },
  {
    title: 'Held-out average',
    hint: 'Average accuracy on held-out prompts, at each evaluation.',
    reading: null,
    y: share01,
    format: (v) => percent(v),
    empty: 'none was evaluated',
  },
  {
    title: 'Logit margin',
    hint: 'Cross-domain positive minus negative logit: how far the embedding tells right from wrong across domains.',
    reading: MARGIN,
    y: atLeast(1, [-1, 3]),
    format: (v) => fixed(v, 2),
    empty: 'none of these runs trains an embedding across domains',
  },
  {
    title: 'Entropy',
    hint: 'How undecided the policy is about each token, in nats. Near zero it has stopped exploring.',
    reading: metric('policy/entropy'),
    y: atLeast(0.2, [0, 2]),
    format: (v) => fixed(v, 2),
    empty: 'no steps were trained',
  },
];

interface Setting {
  palette: Palette;
  /** Steps that curves are smoothed over. */
  window: number;
}

/** One picture of all runs. */
export function comparePlot(picture: ComparePicture, runs: readonly Compared[], { palette, window }: Setting): Plot {
  const { reading } = picture;
  const lines = runs.map(({ record, run: { trace, evaluations }, style }): Line => {
    const look = { label: record.name, color: laneColor(palette, style), dash: laneDash(style), width: 2 };
    return reading
      ? { ...look, steps: trace.steps, values: curveOf(trace, reading, window) }
      : { ...look, steps: evaluations.map((e) => e.step), values: evaluations.map((e) => e.result.average) };
  });
  const reach = Math.max(0, ...runs.map((r) => r.run.trace.lastStep));
  return {
    x: stepSpan(Math.max(reach, 10), reach),
    y: (curves) => picture.y(curves),
    format: picture.format,
    lines,
    labels: runs.length > 4 ? 'none' : 'below',
    empty: picture.empty,
    reach,
  };
}
