import type { Histogram } from '../../charts/histogram';
import type { Palette } from '../../charts/palette';
import type { Distribution, Distributions } from '../../store/analysis';
import { fixed, signed } from '../format';
import { type BinSpan, binSpan, lotsOf } from './fans';
import { ROLES, roleStyles } from './roles';

/** Edges of the lots. */
const edgesOf = ({ from, to, bins }: Distribution, { first, lot, count }: BinSpan) =>
  Array.from({ length: count + 1 }, (_, i) => from + (Math.min(bins.length, first + i * lot) * (to - from)) / bins.length);

const inside = (own: Distribution, span: BinSpan) => ({ counts: lotsOf(own, span), mean: own.mean });

/** The three kinds of pairs over each other, with the margin between the means. `all`: what the axis has room for. */
export function logitHistogram({ logit }: Distributions, all: readonly Distributions[], palette: Palette): Histogram {
  const styles = roleStyles(palette);
  const span = binSpan(all.flatMap((d) => ROLES.map((role) => d.logit[role])));
  const [high, low] = [logit.crossPositive.mean, logit.negative.mean];
  return {
    edges: edgesOf(logit.negative, span),
    series: ROLES.map((role) => ({ ...styles[role], ...inside(logit[role], span) })),
    share: true,
    margin:
      high === null || low === null
        ? null
        : { from: ROLES.indexOf('crossPositive'), to: ROLES.indexOf('negative'), label: `margin ${signed(high - low, 2)}` },
    xLabel: 'logit',
    format: (v) => fixed(v, 2),
    empty: 'no pairs',
  };
}

/** One quantity. */
export function oneHistogram(
  own: Distribution,
  all: readonly Distribution[],
  { label, xLabel, digits }: { label: string; xLabel: string; digits: number },
  palette: Palette,
): Histogram {
  const span = binSpan(all);
  return {
    edges: edgesOf(own, span),
    series: [{ label, color: palette.ink, ...inside(own, span) }],
    share: true,
    xLabel,
    format: (v) => fixed(v, digits),
    empty: 'no pairs',
  };
}
