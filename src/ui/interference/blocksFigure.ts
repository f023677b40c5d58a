import { type Modules, summarise } from '../../store/interference';
import type { DomainInfo } from '../../store/state';
import type { Figure } from '../figure';
import { fixed, percent, whole } from '../format';
import { type TableCell, tableFigure } from '../tableFigure';
import { blockName, tensorConflicts, worstPair } from './blocks';

const of = (conflicts: number, pairs: number) => `${conflicts} of ${pairs}`;

/** Conflicts part by part of the policy, with the pair that conflicts most. */
export function blocksFigure(modules: Modules, domains: readonly DomainInfo[]): Figure {
  const blocks = summarise(modules).map((block) => {
    const tensors = tensorConflicts(modules.modules, block.block);
    const worst = worstPair(block);
    const pair = worst?.pair.map((d) => domains[d].label).join(' × ');
    return { ...block, name: blockName(block.block), tensors, worst, pair };
  });
  return tableFigure(
    `Conflicts by module, step ${whole(modules.step)}`,
    {
      columns: [
        { text: 'Module' },
        { text: 'In conflict', right: true },
        { text: 'Share', right: true },
        { text: 'By tensor', right: true },
        { text: 'Most in conflict' },
        { text: 'Cosine', right: true },
      ],
      rows: blocks.map(({ name, conflicts, pairs, tensors, worst, pair }): TableCell[] => [
        { text: name },
        { text: of(conflicts, pairs) },
        { text: pairs ? percent(conflicts / pairs) : '–', quiet: true },
        { text: of(tensors.conflicts, tensors.pairs), quiet: true },
        pair ? { text: pair } : { text: pairs ? 'none in conflict' : 'no gradient', quiet: true },
        { text: worst ? fixed(worst.cosine, 2) : '–' },
      ]),
    },
    {
      table: {
        columns: ['module', 'conflicts', 'pairs', 'conflicts by tensor', 'pairs by tensor', 'most in conflict', 'cosine'],
        rows: blocks.map(({ block, conflicts, pairs, tensors, worst, pair }) => [
          block,
          conflicts,
          pairs,
          tensors.conflicts,
          tensors.pairs,
          pair ?? null,
          worst?.cosine ?? null,
        ]),
      },
    },
  );
}
