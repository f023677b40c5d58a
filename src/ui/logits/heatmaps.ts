import type { Heatmap } from '../../charts/heatmap';
import type { OptionValue } from '../../store/view';
import { fixed, signed } from '../format';
import type { Names } from '../rollouts/groups';
import type { Matrix } from './useSimilarity';

/** Largest of this share of the values is the scale's end: a few extremes do not make all others pale. */
const MOST = 0.98;

/** Mean of the matrix without its diagonal. */
export function meanOffDiagonal(matrix: Float32Array, n: number): number {
  let sum = 0;
  for (let at = 0; at < matrix.length; at++) if (Math.floor(at / n) !== at % n) sum += matrix[at];
  return n > 1 ? sum / (n * (n - 1)) : 0;
}

/** The matrix minus its mean, and the end of a scale for it. */
function centred(matrix: Float32Array, n: number): { values: Float32Array; reach: number } {
  const mean = meanOffDiagonal(matrix, n);
  const values = matrix.map((v) => v - mean);
  const every = Math.max(1, Math.floor(values.length / 20_000));
  const sizes = Float32Array.from({ length: Math.ceil(values.length / every) }, (_, i) => Math.abs(values[i * every])).sort();
  return { values, reach: Math.max(sizes[Math.floor(MOST * (sizes.length - 1))] ?? 0, 1e-6) };
}

/** The matrix as a heat map draws it: logits, or what they are above the mean of all pairs. */
export function heatmapOf({ view }: Matrix, { marks }: Names, show: OptionValue<'logits.matrix'>): Heatmap {
  const digits = view.tau < 0.5 ? 1 : 2;
  const picture =
    show === 'centred'
      ? { ...centred(view.matrix, view.n), title: '− mean', format: (v: number) => signed(v, digits) }
      : { values: view.matrix, reach: 1 / view.tau, title: 'logit', format: (v: number) => fixed(v, digits) };
  return {
    ...picture,
    domain: Uint32Array.from(view.domain, (d) => marks[d] ?? d),
    prompt: view.prompt,
    correct: Array.from(view.kind, (kind) => Number(kind === 1)),
  };
}
