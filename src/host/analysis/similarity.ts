/** The N × N similarity matrix of a pool, sorted by domain, prompt and correctness. */
import { KIND, ROLE } from './roles';
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
    denominator: switches.denominator,
    lambda: Float64Array.from(order, (i) => terms.lambda[i]),
    factor: {
      cross: Float64Array.from(order, (i) => terms.mix.cross * terms.perCross[i]),
      inDomain: Float64Array.from(order, (i) => terms.mix.inDomain * terms.perInside[i]),
    },
    ...means(terms, order, domains),
    picture: poolCells(matrix, n, [0, n], [0, n], PICTURE),
  };
}

/** Mean logit of the positives and of the negatives of each domain's anchors, by the partners' domain. */
function means(terms: Terms, order: Uint32Array, domains: readonly Block[]): Pick<SimilarityMap, 'positive' | 'negative'> {
  const C = domains.length;
  const [sum, count] = [new Float64Array(2 * C * C), new Uint32Array(2 * C * C)];
  domains.forEach((a, k) =>
    domains.forEach((b, l) => {
      for (let from = a.start; from < a.end; from++) {
        const i = order[from];
        if (terms.kind[i] !== KIND.correct) continue;
        for (let to = b.start; to < b.end; to++) {
          const j = order[to];
          const role = terms.role(i, j);
          if (role <= ROLE.self) continue;
          const at = (role === ROLE.negative ? C * C : 0) + k * C + l;
          sum[at] += terms.logit(i, j);
          count[at]++;
        }
      }
    }),
  );
  const table = (from: number) =>
    Array.from({ length: C }, (_, k) =>
      Array.from({ length: C }, (_, l) => {
        const at = from + k * C + l;
        return count[at] ? sum[at] / count[at] : null;
      }),
    );
  return { positive: table(0), negative: table(C * C) };
}
