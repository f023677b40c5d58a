/** The N × N similarity matrix of a pool, sorted by domain, prompt and correctness. */
import { KIND } from './roles';
import { type Block, PICTURE, poolCells, type SimilarityMap } from './similarityView';
import type { Terms } from './terms';

/** Sorted matrix, blocks and picture of the pool's terms. */
export function similarity(terms: Terms): SimilarityMap {
  const { pool, kind, options, switches } = terms;
  const { n } = pool;
  const rank = (i: number) => [1, 0, 2][kind[i]];
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) =>
      pool.domain[a] - pool.domain[b] ||
      pool.promptOf[pool.prompt[a]] - pool.promptOf[pool.prompt[b]] ||
      rank(a) - rank(b) ||
      a - b,
  );
  const matrix = new Float32Array(n * n);
  const domains: Block[] = [];
  const prompts: SimilarityMap['prompts'] = [];
  const ofBlock: number[] = [];
  const prompt = new Uint32Array(n);
  order.forEach((i, at) => {
    for (let to = 0; to < n; to++) matrix[at * n + to] = terms.logit(i, order[to]);
    const fresh = domains.at(-1)?.index !== pool.domain[i];
    if (fresh) domains.push({ index: pool.domain[i], start: at, end: at });
    if (fresh || ofBlock.at(-1) !== pool.prompt[i]) {
      ofBlock.push(pool.prompt[i]);
      prompts.push({ index: pool.promptOf[pool.prompt[i]], start: at, end: at, correct: 0 });
    }
    (domains.at(-1) as Block).end = at + 1;
    const block = prompts[prompts.length - 1];
    block.end = at + 1;
    block.correct += Number(kind[i] === KIND.correct);
    prompt[at] = prompts.length - 1;
  });
  const M = pool.promptOf.length;
  const weight = Float32Array.from(
    { length: prompts.length ** 2 },
    (_, at) => terms.table[ofBlock[Math.floor(at / prompts.length)] * M + ofBlock[at % prompts.length]],
  );
  return {
    n,
    tau: options.tau,
    order,
    matrix,
    domains,
    prompts,
    kind: Uint8Array.from(order, (i) => kind[i]),
    domain: Uint32Array.from(order, (i) => pool.domain[i]),
    prompt,
    weight,
    scope: switches.scope,
    picture: poolCells(matrix, n, [0, n], [0, n], PICTURE),
  };
}
