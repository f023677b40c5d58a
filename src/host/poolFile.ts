import { breathe } from '../engine/breathe';
import type { Frame } from '../engine/frame';
import type { Pool } from '../engine/pool';

export type { Pool, PoolReader } from '../engine/pool';
export { MAX_POOL, poolReader } from '../engine/pool';

/** Numbers copied between two pauses. */
const SLICE = 1 << 20;
/** Vectors outside these magnitudes are scaled, all by one factor: their squares would leave f32. */
const LARGEST = 1e15;
const SMALLEST = 1e-15;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The rollouts of an `analyze` file as the page's views take them: sorted by domain, then prompt; accepted from a reward of 0.5 on, as
 * `analyze` has it; each domain is its own benchmark column; vectors as in the file, in f32.
 */
export async function fileFrame(pool: Pool): Promise<Frame> {
  const n = pool.reward.length;
  const width = pool.embedding[0].length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => compare(pool.domain[a], pool.domain[b]) || compare(pool.prompt[a], pool.prompt[b]) || a - b,
  );
  const domains: string[] = [];
  const promptText: string[] = [];
  const domain = new Uint32Array(n);
  const prompt = new Uint32Array(n);
  const vectors = new Float32Array(n * width);
  let done = 0;
  const pause = async (numbers: number) => {
    if ((done += numbers) < SLICE) return;
    done = 0;
    await breathe();
  };
  let largest = 0;
  for (const row of pool.embedding) {
    for (const x of row) largest = Math.max(largest, Math.abs(x));
    await pause(width);
  }
  const scale = largest > LARGEST || (largest > 0 && largest < SMALLEST) ? 1 / largest : 1;
  for (const [at, i] of order.entries()) {
    const fresh = domains.at(-1) !== pool.domain[i];
    if (fresh) domains.push(pool.domain[i]);
    if (fresh || promptText.at(-1) !== pool.prompt[i]) promptText.push(pool.prompt[i]);
    domain[at] = domains.length - 1;
    prompt[at] = promptText.length - 1;
    for (let k = 0; k < width; k++) vectors[at * width + k] = pool.embedding[i][k] * scale;
    await pause(width);
  }
  return {
    source: 'file',
    run: 0,
    step: 0,
    n,
    domains,
    columns: domains,
    domain,
    column: domain,
    prompt,
    reward: Float32Array.from(order, (i) => Number(pool.reward[i] >= 0.5)),
    advantage: null,
    score: null,
    vectors,
    width,
    promptText,
    reason: Array<string>(n).fill(''),
    response: null,
    length: null,
    responseLength: 0,
    tokens: null,
  };
}
