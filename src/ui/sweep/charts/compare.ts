import type { Palette } from '../../../charts/palette';
import { spanAround } from '../../../charts/sweep/axis';
import type { DotChart } from '../../../charts/sweep/dots';
import { getValue } from '../../../config/fields';
import { PRESETS } from '../../../config/presets';
import type { Comparison } from '../../../sweep/analysis/compare';
import { configOf } from '../../../sweep/configs';
import { METHOD, type SweepState } from '../../../sweep/types';
import { shownValue } from '../metrics';
import type { Model } from './model';

const methods = new Set(PRESETS.filter((p) => p.kind === 'method').map((p) => p.name));

/** The point whose values are those that the sweep starts from; null where none has them. */
export function basePoint({ spec, points }: Pick<SweepState, 'spec' | 'points'>): number | null {
  const config = configOf(spec, {}, spec.seeds[0] ?? 0);
  const own = (path: string) => (path === METHOD ? spec.presets.findLast((p) => methods.has(p)) : getValue(config, path));
  const base = spec.fields.map(({ field }) => [field, own(field)] as const);
  return points.find(({ values }) => base.every(([field, value]) => values[field] === value))?.point ?? null;
}

/** The two points to begin with: the best, and where the sweep starts from, or else the second best. Null with fewer. */
export function rivals({ ranked, state }: Pick<Model, 'ranked' | 'state'>): [number, number] | null {
  const [best, second] = ranked;
  if (best === undefined || second === undefined) return null;
  const base = basePoint(state);
  return [best, base !== null && base !== best && ranked.includes(base) ? base : second];
}

/** A dot for every seed's difference, their mean with its interval, and 0. */
export function differenceChart(model: Model, a: number, found: Comparison, palette: Palette): DotChart {
  const { differences, seeds, mean, low, high } = found;
  const { share } = model.measure;
  const scaled = (v: number | null) => (v === null ? Number.NaN : share ? 100 * v : v);
  const color = found.verdict === 'open' ? palette.quiet : palette.sequentialStops[3];
  const ends = [mean, low, high].map(scaled);
  return {
    x: { label: 'seed', scale: 'choice', domain: [0, seeds.length], names: [...seeds.map(String), 'mean'], format: String },
    y: {
      label: `difference${share ? ' in points' : ''}`,
      scale: 'linear',
      domain: spanAround([0, ...differences.map(scaled), ...ends], 0.1),
      format: (v) => shownValue({ share: false }, v),
    },
    dots: differences.map((d, i) => ({
      point: a,
      x: i,
      y: scaled(d),
      mark: 'disc',
      color,
      radius: 4,
      kind: `seed ${seeds[i]}`,
    })),
    whiskers:
      mean === null ? [] : [{ point: a, x: seeds.length, mean: ends[0], low: ends[1], high: ends[2], color: palette.ink }],
    band: low === null || high === null ? null : { low: ends[1], high: ends[2], color },
    levels: [{ value: 0, label: '' }],
    empty: 'no finished seed in common',
  };
}
