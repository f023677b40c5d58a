import type { Inspection } from '../../store/analysis';
import type { Figure } from '../figure';
import { fixed, percent } from '../format';
import { rolloutsFigure } from '../rolloutsFigure';
import { numberCell, type TableCell } from '../tableFigure';
import type { Shared } from './shared';

type Partner = { row: number; part: string; weight?: number; logit: number; loss?: number; share?: number; gradient: number };

/** The strongest on the inspected rollout first. */
const partners = ({ positives: p, negatives: n, anchors: a }: Inspection): Partner[] => {
  const pulls = Array.from(p.row, (row, i) => ({
    row,
    part: p.cross[i] ? 'positive across' : 'positive within',
    weight: p.weight[i],
    logit: p.logit[i],
    loss: p.loss[i],
    gradient: p.gradientShare[i],
  }));
  const rivals = (part: string, { row: rows, logit, share, gradientShare }: Inspection['negatives']) =>
    Array.from(rows, (row, i) => ({ row, part, logit: logit[i], share: share[i], gradient: gradientShare[i] }));
  const by = (x: Partner, y: Partner) => y.gradient - x.gradient || x.row - y.row;
  return [pulls.sort(by), rivals('negative', n).sort(by), rivals('anchor', a).sort(by)].flat();
};

/** What acts on the inspected rollout, itself in the first line. */
export function inspectionFigure({ frame, names }: Shared, inspection: Inspection, vocabulary: readonly string[]): Figure {
  const all: (Partner | null)[] = [null, ...partners(inspection)];
  const cells = (of: (partner: Partner) => number | undefined, show: (v: number) => string) => (place: number) => {
    const partner = all[place];
    return partner ? numberCell(of(partner), show) : { text: '', value: null };
  };
  const two = (v: number) => fixed(v, 2);
  return rolloutsFigure(
    'Contrastive inspector',
    frame,
    all.map((p) => p?.row ?? inspection.row),
    names,
    vocabulary,
    [
      {
        name: 'Part',
        right: false,
        cell: (place): TableCell => (all[place] ? { text: all[place].part } : { text: 'inspected', strong: true }),
      },
      { name: 'w', cell: cells((p) => p.weight, two) },
      { name: 'S', cell: cells((p) => p.logit, two) },
      { name: 'l', cell: cells((p) => p.loss, two) },
      { name: 'Softmax', cell: cells((p) => p.share, percent) },
      { name: 'Gradient', cell: cells((p) => p.gradient, percent) },
    ],
  );
}
