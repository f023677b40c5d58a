/** What the analysis reads of a frame, and samples of it. */
import type { Frame } from '../../engine/frame';
import { Random, STREAM } from '../../math/random';

/** Labels and vectors of N rollouts: what travels to the analysis worker. */
export type Rows = Pick<
  Frame,
  | 'source'
  | 'run'
  | 'step'
  | 'n'
  | 'domains'
  | 'columns'
  | 'domain'
  | 'column'
  | 'prompt'
  | 'reward'
  | 'score'
  | 'length'
  | 'vectors'
  | 'width'
>;

/** The parts of a frame that are analysed; nothing is copied. */
export function rowsOf({
  source,
  run,
  step,
  n,
  domains,
  columns,
  domain,
  column,
  prompt,
  reward,
  score,
  length,
  vectors,
  width,
}: Rows): Rows {
  return { source, run, step, n, domains, columns, domain, column, prompt, reward, score, length, vectors, width };
}

/** The frame's vectors, f32[n, width]. @throws Error for a frame without any */
export function vectorsOf({ vectors, n, width }: Rows): Float32Array {
  if (!vectors) throw new Error('These rollouts have no vectors: the method of this run trains no projection head.');
  if (vectors.length !== n * width) throw new RangeError(`invalid vectors: ${vectors.length} numbers for ${n} rows of ${width}`);
  return vectors;
}

/** @throws RangeError for a row that the frame does not have */
export function demandRow({ n }: { n: number }, row: number, what = 'row'): void {
  if (!Number.isInteger(row) || row < 0 || row >= n) throw new RangeError(`invalid ${what}: ${row} (0 to ${n - 1})`);
}

/** `most` of n rows, drawn without replacement by the seed, ascending; all when there are no more. */
export function sampleRows(n: number, most: number, seed: number): Uint32Array {
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  if (n <= most) return all;
  const random = new Random(seed, STREAM.analysis, 1);
  for (let i = 0; i < most; i++) {
    const j = i + random.below(n - i);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, most).sort();
}

/** Rows of whole prompts, drawn by the seed until `most` rows are reached, ascending; all when there are no more. */
export function samplePrompts({ n, prompt }: Rows, most: number, seed: number): Uint32Array {
  if (n <= most) return sampleRows(n, n, seed);
  const groups = new Map<number, number[]>();
  prompt.forEach((p, i) => {
    const rows = groups.get(p);
    if (rows) rows.push(i);
    else groups.set(p, [i]);
  });
  const taken: number[] = [];
  for (const rows of new Random(seed, STREAM.analysis, 2).shuffled([...groups.values()]))
    if (taken.length + rows.length <= most) taken.push(...rows);
  return Uint32Array.from(taken).sort();
}

/** `rows` [rows.length, width] of a matrix. */
export function pick<T extends Float32Array | Float64Array | Uint32Array>(from: T, rows: Uint32Array, width = 1): T {
  const out = new (from.constructor as new (length: number) => T)(rows.length * width);
  rows.forEach((row, at) => out.set(from.subarray(row * width, (row + 1) * width), at * width));
  return out;
}

/** A frame of some of another's rows, in the order given; prompts are numbered anew, 0, 1, … in the order of the rows. */
export function takeFrame(frame: Frame, rows: Uint32Array): Frame {
  const maybe = <T extends Float32Array | Uint32Array>(from: T | null, width = 1) => from && pick(from, rows, width);
  const number = new Map<number, number>();
  for (const row of rows) if (!number.has(frame.prompt[row])) number.set(frame.prompt[row], number.size);
  const T = frame.responseLength;
  return {
    ...frame,
    n: rows.length,
    domain: pick(frame.domain, rows),
    column: pick(frame.column, rows),
    prompt: Uint32Array.from(rows, (row) => number.get(frame.prompt[row]) ?? 0),
    reward: pick(frame.reward, rows),
    advantage: maybe(frame.advantage),
    score: maybe(frame.score),
    vectors: maybe(frame.vectors, frame.width),
    promptText: [...number.keys()].map((p) => frame.promptText[p]),
    reason: Array.from(rows, (row) => frame.reason[row]),
    response: maybe(frame.response, T),
    length: maybe(frame.length),
    tokens: frame.tokens && {
      logp: pick(frame.tokens.logp, rows, T),
      ratio: pick(frame.tokens.ratio, rows, T),
      entropy: pick(frame.tokens.entropy, rows, T),
      objective: pick(frame.tokens.objective, rows, T),
    },
  };
}
