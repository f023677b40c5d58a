/** Rollouts as the contrastive objective sees them: unit vectors in float64, roles, prototypes (5), cosines of all pairs. */
import type { ContrastSwitches } from '../../math/contrastTypes';
import type { Steps } from '../../math/steps';
import { KIND } from './roles';
import { type Rows, vectorsOf } from './rows';

/** Most rollouts whose pairs are looked at one by one: their cosines take 8 N² bytes. */
export const MAX_PAIRS = 2048;

/** Which label makes a rollout correct: the verifier's reward, or the shaped score (`contrast.labels`). */
export type Labels = 'verifier' | 'shaped';

/** N rollouts, row by row. */
export interface Pool {
  n: number;
  width: number;
  /** f64[n, width]: unit vectors; zeros for excluded rollouts. */
  z: Float64Array;
  /** u8[n] of KIND. */
  kind: Uint8Array;
  /** u32[n] */
  domain: Uint32Array;
  /** u32[n]: 0, 1, … in order of first appearance. */
  prompt: Uint32Array;
  /** Of each prompt: its number in the frame, its domain. */
  promptOf: Uint32Array;
  promptDomain: Uint32Array;
}

/** @throws RangeError for labels that do not fit, Error for a frame without vectors */
export function poolOf(frame: Rows, labels: Labels = 'verifier'): Pool {
  const { n, width, domain } = frame;
  const vectors = vectorsOf(frame);
  const label = labels === 'shaped' ? frame.score : frame.reward;
  if (!label) throw new Error('These rollouts have no shaped score: only training gives one.');
  const z = new Float64Array(n * width);
  const kind = new Uint8Array(n);
  const number = new Map<number, number>();
  const prompt = new Uint32Array(n);
  const promptDomain: number[] = [];
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let c = 0; c < width; c++) square += vectors[i * width + c] ** 2;
    const norm = Math.sqrt(square);
    const usable = Number.isFinite(norm) && norm >= 1e-12 && frame.length?.[i] !== 0;
    if (usable) for (let c = 0; c < width; c++) z[i * width + c] = vectors[i * width + c] / norm;
    kind[i] = !usable ? KIND.excluded : label[i] >= 0.5 ? KIND.correct : KIND.wrong;
    let p = number.get(frame.prompt[i]);
    if (p === undefined) {
      p = number.size;
      number.set(frame.prompt[i], p);
      promptDomain.push(domain[i]);
    }
    prompt[i] = p;
  }
  const promptOf = Uint32Array.from(number.keys());
  return { n, width, z, kind, domain, prompt, promptOf, promptDomain: Uint32Array.from(promptDomain) };
}

/** Cosines of all pairs, f64[n, n], a row in each step. @throws RangeError for more than MAX_PAIRS rollouts */
export function* cosineSteps({ n, width, z }: Pool): Steps<Float64Array> {
  if (n > MAX_PAIRS)
    throw new RangeError(`invalid number of rollouts: ${n} (1 to ${MAX_PAIRS} for pairs of rollouts; take a sample)`);
  const cosine = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = 0;
      for (let a = i * width, b = j * width, end = a + width; a < end; a++, b++) s += z[a] * z[b];
      cosine[i * n + j] = s;
      cosine[j * n + i] = s;
    }
    yield (i + 1) / n;
  }
  return cosine;
}

/** Means of the correct rollouts of each group (prompt or domain). */
export interface Means {
  /** u32[groups]: correct rollouts. */
  count: Uint32Array;
  /** f64[groups]: |μ|; 0 without correct rollouts, or where they cancel. */
  length: Float64Array;
  /** f64[groups, width]: μ / |μ|, or zeros. */
  direction: Float64Array;
}

/** Means of the rollouts of kind `correct` by `group` (u32[n], below `groups`). */
export function meansOf({ n, width, z }: Pool, kind: Uint8Array, group: Uint32Array, groups: number): Means {
  const count = new Uint32Array(groups);
  const length = new Float64Array(groups);
  const direction = new Float64Array(groups * width);
  for (let i = 0; i < n; i++) {
    if (kind[i] !== KIND.correct) continue;
    count[group[i]]++;
    for (let c = 0; c < width; c++) direction[group[i] * width + c] += z[i * width + c];
  }
  for (let g = 0; g < groups; g++) {
    if (!count[g]) continue;
    const mu = direction.subarray(g * width, (g + 1) * width);
    let square = 0;
    for (let c = 0; c < width; c++) square += (mu[c] /= count[g]) ** 2;
    const size = Math.sqrt(square);
    length[g] = size < 1e-6 ? 0 : size;
    for (let c = 0; c < width; c++) mu[c] = length[g] ? mu[c] / size : 0;
  }
  return { count, length, direction };
}

/** Cosine between two groups' means; 0 when one has no direction. */
export function meanCosine({ direction, length }: Means, a: number, b: number): number {
  const width = direction.length / length.length;
  let s = 0;
  for (let c = 0; c < width; c++) s += direction[a * width + c] * direction[b * width + c];
  return s;
}

/** Compatibility (5) of all pairs of groups, f64[groups, groups]; NaN where one has no correct rollout. */
export function compatibilities(means: Means, map: ContrastSwitches['weightMap']): Float64Array {
  const { count, length } = means;
  const groups = count.length;
  const table = new Float64Array(groups * groups).fill(Number.NaN);
  for (let p = 0; p < groups; p++)
    for (let q = 0; q <= p; q++) {
      if (!count[p] || !count[q]) continue;
      const cosine = meanCosine(means, p, q);
      const raw = map === 'raw' ? length[p] * length[q] * cosine : cosine;
      const w = !length[p] || !length[q] ? 0 : map === 'half' ? (1 + cosine) / 2 : Math.max(0, raw);
      table[p * groups + q] = w;
      table[q * groups + p] = w;
    }
  return table;
}
