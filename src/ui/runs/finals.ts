import type { Trace } from '../../store/trace';
import { fixed, percent, whole } from '../format';
import { MARGIN } from './comparePlot';
import type { Compared } from './useCompared';

/** A number in which runs are held against each other. */
export interface Final {
  label: string;
  hint: string;
  of(run: Compared): number | null;
  show(value: number): string;
  /** Which end is to be picked out; null: neither is better. */
  best: 'high' | 'low' | null;
}

/** Steps that a mean at the end is over. */
const END = 10;

const last =
  (name: string) =>
  ({ run: { trace } }: Compared) =>
    trace.last(name);

/** Mean over the last END steps that have a value; null without any. */
export function endMean(trace: Trace, name: string): number | null {
  const values = [...trace.raw(name).slice(-END)].filter(Number.isFinite);
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;
}

const margin = ({ run: { trace } }: Compared): number | null => {
  const value = MARGIN.of(trace)(trace.length - 1);
  return Number.isFinite(value) ? value : null;
};

/** Rows of the table of final numbers. */
export const FINALS: readonly Final[] = [
  { label: 'Steps', hint: 'Steps trained.', of: ({ run }) => run.trace.lastStep, show: whole, best: null },
  {
    label: 'Held-out average',
    hint: 'Average accuracy on held-out prompts, at the last evaluation.',
    of: ({ run }) => run.evaluations.at(-1)?.result.average ?? null,
    show: percent,
    best: 'high',
  },
  {
    label: 'Held-out best',
    hint: 'The best of its evaluations.',
    of: ({ run: { evaluations } }) => (evaluations.length ? Math.max(...evaluations.map((e) => e.result.average)) : null),
    show: percent,
    best: 'high',
  },
  {
    label: `Reward, last ${END} steps`,
    hint: `Mean reward over the last ${END} steps: single batches are noisy.`,
    of: ({ run }) => endMean(run.trace, 'reward/mean'),
    show: percent,
    best: 'high',
  },
  {
    label: 'Logit margin',
    hint: 'Cross-domain positive minus negative logit at the last step.',
    of: margin,
    show: (v) => fixed(v, 2),
    best: 'high',
  },
  {
    label: 'Entropy',
    hint: 'Of the policy, in nats a token, at the last step.',
    of: last('policy/entropy'),
    show: (v) => fixed(v, 3),
    best: null,
  },
  {
    label: 'Effective rank',
    hint: 'How many directions the embeddings really use, at the last step.',
    of: last('embedding/rank'),
    show: (v) => fixed(v, 1),
    best: null,
  },
  {
    label: 'Gradient norm',
    hint: 'Before clipping, at the last step.',
    of: last('gradient/norm'),
    show: (v) => fixed(v, 3),
    best: null,
  },
];

/** Places of the best of some values; none where fewer than two have one, or all are alike. */
export function bestOf(values: readonly (number | null)[], best: Final['best']): Set<number> {
  const known = values.filter((v) => v !== null);
  if (!best || known.length < 2) return new Set();
  const [top, bottom] = [Math.max(...known), Math.min(...known)];
  const wanted = best === 'high' ? top : bottom;
  return top === bottom ? new Set() : new Set(values.flatMap((v, i) => (v === wanted ? [i] : [])));
}
