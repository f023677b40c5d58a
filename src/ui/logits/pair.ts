import type { HeatmapCell } from '../../charts/heatmap';
import type { Cell, SimilarityView } from '../../store/analysis';
import type { Frame } from '../../store/state';
import { fixed } from '../format';
import type { Names } from '../rollouts/groups';
import { roleText } from './roles';

/** A rollout as a read-out shows it. */
export interface RolloutFacts {
  row: number;
  /** Index of the domain's mark. */
  mark: number;
  domain: string;
  column: string;
  /** Number of its prompt and its place in the group, from 1. */
  prompt: number;
  place: number;
  correct: boolean;
  text: string;
  /** Empty for files without responses. */
  response: string;
}

/** Facts about a row. `vocabulary`: text of each token. */
export function rolloutFacts(frame: Frame, row: number, names: Names, vocabulary: readonly string[]): RolloutFacts {
  const prompt = frame.prompt[row];
  const domain = frame.domain[row];
  const start = row * frame.responseLength;
  const tokens = frame.response?.subarray(start, start + (frame.length?.[row] ?? 0)) ?? [];
  return {
    row,
    mark: names.marks[domain] ?? domain,
    domain: names.domains[domain] ?? '',
    column: names.columns[frame.column[row]] ?? '',
    prompt: prompt + 1,
    place: row - frame.prompt.indexOf(prompt) + 1,
    correct: frame.reward[row] > 0.5,
    text: frame.promptText[prompt] ?? '',
    response: Array.from(tokens, (t) => vocabulary[t]).join(' '),
  };
}

/** Pairs worth a look. */
export const FINDS = {
  hardest: { label: 'Hardest negative', hint: 'The wrong rollout that is most alike a correct one.' },
  farthest: {
    label: 'Farthest positive',
    hint: 'The two correct rollouts of different domains (of one, where domains are not compared) that are least alike.',
  },
} as const;

/** Place of such a pair; null where there is none. */
export function findPair(
  { n, matrix, kind, domain, prompt, scope }: Pick<SimilarityView, 'n' | 'matrix' | 'kind' | 'domain' | 'prompt' | 'scope'>,
  which: keyof typeof FINDS,
): HeatmapCell | null {
  const sign = which === 'hardest' ? 1 : -1;
  let found: HeatmapCell | null = null;
  let best = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < n; row++) {
    if (kind[row] !== 1) continue;
    for (let column = 0; column < n; column++) {
      if (kind[column] !== (which === 'hardest' ? 0 : 1) || column === row) continue;
      if (scope === 'prompt' ? prompt[row] !== prompt[column] : which === 'farthest' && domain[row] === domain[column]) continue;
      const value = sign * matrix[row * n + column];
      if (value > best) [best, found] = [value, { row, column }];
    }
  }
  return found;
}

const SUPER: Record<string, string> = Object.fromEntries([...'0123456789-'].map((c, i) => [c, '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'[i]]));

/** Three figures; small numbers as a power of ten. */
export function compact(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.001 && size < 10_000) return fixed(value, size >= 100 ? 0 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
  const [front, power] = value.toExponential(1).split('e');
  return `${front.replace('-', '−')} · 10${[...power.replace('+', '')].map((c) => SUPER[c]).join('')}`;
}

/** A pair in a sentence. */
export function pairText(cell: Cell, anchor: RolloutFacts, partner: RolloutFacts): string {
  const who = (f: RolloutFacts) => `${f.domain} prompt ${f.prompt} response ${f.place}, ${f.correct ? 'correct' : 'wrong'}`;
  const { name } = roleText(cell.role, anchor.correct, partner.correct);
  const numbers = [
    `cosine ${fixed(cell.cosine, 3)}`,
    `logit ${fixed(cell.logit, 2)}`,
    ...(cell.role === 'cross-positive' && cell.weight !== null ? [`weight ${fixed(cell.weight, 3)}`] : []),
    ...(cell.loss === null ? [] : [`loss ${compact(cell.loss)}`]),
  ];
  return `${who(anchor)}, with ${who(partner)}: ${name}, ${numbers.join(', ')}`;
}
