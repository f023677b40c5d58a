import { DOMAINS } from '../../tasks/registry';
import { AVERAGE, BENCHMARKS, comparison, percent } from './columns';
import { TABLE_1_4B, TABLE_1_8B } from './paper';
import { sizeNotes } from './sizes';
import type { Experiment, Size, Variant } from './types';

const LABELS: Readonly<Record<string, string>> = {
  grpo: 'GRPO',
  dapo: 'DAPO',
  clipo: 'CLIPO',
  mgs: 'MGS',
  'mt-grpo': 'MT-GRPO',
  'mcpo-grpo': 'MCPO-GRPO',
  'mcpo-dapo': 'MCPO-DAPO',
};

/** Variant of a method's own preset, with Table 1's figures. */
export function method(id: string, base?: string): Variant {
  const figures = { paper: TABLE_1_4B[id], second: TABLE_1_8B[id] };
  return { id, label: LABELS[id], presets: [id], changes: {}, ...(base ? { base } : {}), ...figures };
}

/** Table 1: the seven methods and the base model on nine benchmarks. */
export function table1(size: Size): Experiment {
  const variants: Variant[] = [
    {
      id: 'base',
      label: 'Base model',
      presets: [],
      changes: {},
      from: { base: 'grpo' },
      paper: TABLE_1_4B.base,
      second: TABLE_1_8B.base,
    },
    method('grpo', 'base'),
    method('dapo', 'grpo'),
    method('clipo', 'grpo'),
    method('mgs', 'grpo'),
    method('mt-grpo', 'grpo'),
    method('mcpo-grpo', 'grpo'),
    method('mcpo-dapo', 'dapo'),
  ];
  const above = (a: string, b: string) => comparison(variants, a, b);
  // A domain with one benchmark has no column beside that benchmark's.
  const scores = DOMAINS.map(({ id, label, columns }) => percent(columns.length > 1 ? id : columns[0].id, label));
  return {
    id: 'table1',
    title: 'Table 1: seven methods on nine benchmarks',
    columns: [...BENCHMARKS, AVERAGE, ...scores.filter((c) => !BENCHMARKS.some((b) => b.id === c.id))],
    panels: ['average', ...scores.map((c) => c.id)],
    variants,
    claims: [
      above('mcpo-grpo', 'grpo'),
      above('mcpo-dapo', 'dapo'),
      ...scores.map((c) => comparison(variants, 'mcpo-grpo', 'grpo', c)),
      ...scores.map((c) => comparison(variants, 'mcpo-dapo', 'dapo', c)),
      ...['mcpo-grpo', 'mcpo-dapo'].flatMap((a) => ['clipo', 'mgs', 'mt-grpo'].map((b) => above(a, b))),
      above('mcpo-dapo', 'mcpo-grpo'),
      above('grpo', 'base'),
      above('dapo', 'grpo'),
      above('clipo', 'grpo'),
      above('mgs', 'grpo'),
      above('mt-grpo', 'grpo'),
    ],
    curves: [],
    backbones: ['Qwen3-4B', 'Qwen3-8B'],
    states: false,
    notes: [
      'All runs start from one base model: its row varies over seeds by sampling only, and not at all where it was evaluated once.',
      'DAPO has all four of its parts; the paper’s appendix words its own DAPO as the overlong punishment only (preset dapo-reward-only).',
      'CLIPO is the contrastive reward of its authors’ code; the paper’s appendix calls it an auxiliary loss (preset clipo-aux).',
      'DAPO, MCPO-DAPO and MT-GRPO replace groups that teach nothing, so they generate more rollouts a step than the others.',
      ...sizeNotes(size),
    ],
  };
}
