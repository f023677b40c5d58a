import { field, type Value } from '../../config/fields';
import { PRESETS } from '../../config/presets';
import { isRange, METHOD, type PrunerSpec, type SamplerSpec, type SweptField, type TrialState } from '../../sweep/types';
import { shortName, valueWord } from '../fields/words';
import { whole } from '../format';

/** Something to choose, with what it means. */
export interface Choice<K extends string> {
  kind: K;
  label: string;
  hint: string;
}

/** How points are chosen. */
export const SAMPLERS: readonly Choice<SamplerSpec['kind']>[] = [
  { kind: 'grid', label: 'Grid', hint: 'Every combination of the values, each once.' },
  { kind: 'random', label: 'Random', hint: 'Values drawn at random, each field for itself.' },
  {
    kind: 'sobol',
    label: 'Sobol',
    hint: 'A Sobol sequence spreads points evenly over all fields, with fewer gaps and clusters than chance leaves.',
  },
  {
    kind: 'tpe',
    label: 'TPE',
    hint: 'Tree-structured Parzen estimators: after some random points, tries values where good points are dense and bad ones rare (Bergstra et al. 2011).',
  },
  {
    kind: 'optuna',
    label: 'TPE as in Optuna',
    hint: 'TPE with the defaults of Optuna’s TPESampler; all fields together where asked for.',
  },
];

/** How points are ended early. */
export const PRUNERS: readonly Choice<PrunerSpec['kind']>[] = [
  { kind: 'none', label: 'None', hint: 'Every trial is trained to its end.' },
  { kind: 'median', label: 'Median', hint: 'Ends a point that is worse than the median of what others had at the same step.' },
  {
    kind: 'asha',
    label: 'ASHA',
    hint: 'Asynchronous successive halving: at each rung of steps only the best share of points goes on; nobody waits for others.',
  },
  {
    kind: 'hyperband',
    label: 'Hyperband',
    hint: 'Successive halving in several brackets at once, from eager to patient, in case late bloomers matter.',
  },
  {
    kind: 'wilcoxon',
    label: 'Wilcoxon',
    hint: 'Ends a point that is significantly worse than the best one on the seeds that both have: a one-sided signed-rank test of paired differences.',
  },
];

export const PRUNING_HINT =
  'Ends points early that are unlikely to become the best, so that their steps go to others. Ended curves stay, in grey.';
export const SEEDS_HINT =
  'Every point is trained once with each seed. Points are compared on the same seeds, in pairs: prompts and random numbers are then the same, and what is left is the effect of the settings.';

/** States of trials in the order in which they are told, with their marks. */
export const STATES: readonly { state: TrialState; label: string; mark: string; hint: string }[] = [
  { state: 'running', label: 'running', mark: '▸', hint: 'Training now' },
  { state: 'waiting', label: 'waiting', mark: '·', hint: 'Waiting for a place' },
  { state: 'finished', label: 'finished', mark: '✓', hint: 'Trained to the end' },
  { state: 'pruned', label: 'pruned', mark: '✂', hint: 'Ended early by the pruner' },
  { state: 'stopped', label: 'stopped', mark: '■', hint: 'Ended by hand' },
  { state: 'failed', label: 'failed', mark: '!', hint: 'Could not go on' },
];
export const stateOf = (state: TrialState) => STATES.find((s) => s.state === state) as (typeof STATES)[number];

/** What a swept field is called: `λ`, `Relatedness`, `Method`. */
export const fieldName = (path: string): string => (path === METHOD ? 'Method' : shortName(field(path)));
/** In full, with its symbol: `Contrastive weight λ`. */
export function fieldTitle(path: string): string {
  if (path === METHOD) return 'Method';
  const { label, symbol } = field(path);
  return symbol && !label.split(' ').includes(symbol) ? `${label} ${symbol.replace('_', ' ')}` : label;
}
export const fieldHelp = (path: string): string => (path === METHOD ? 'How the policy learns.' : field(path).help);

/** A swept value in words; numbers that are not whole with so many figures. */
export function pointValue(path: string, value: Value, figures = 4): string {
  if (path === METHOD) return PRESETS.find((p) => p.name === value)?.label ?? String(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return valueWord(field(path), Number(value.toPrecision(figures)));
  return valueWord(field(path), value);
}

/** What a field is swept over: `0.01 to 1, log`, `GRPO, MGS`. */
export function fieldRange(f: SweptField): string {
  if (isRange(f)) return `${f.from} to ${f.to}${f.scale === 'log' ? ', log' : ''}${f.count ? `, ${f.count} values` : ''}`;
  const words = f.values.slice(0, 5).map((v) => pointValue(f.field, v));
  return `${words.join(', ')}${f.values.length > 5 ? ` and ${f.values.length - 5} more` : ''}`;
}

export const plural = (n: number, what: string): string => `${whole(n)} ${what}${n === 1 ? '' : 's'}`;

/** A duration in a few words: `40 s`, `12 min`, `3.5 h`, `2 days`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = seconds / 60;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 36 ? `${hours.toFixed(hours < 10 ? 1 : 0)} h` : `${Math.round(hours / 24)} days`;
}
