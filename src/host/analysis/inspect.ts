/** The contrastive inspector: what pulls and pushes one rollout, by how much, and why. */
import { KIND, ROLE } from './roles';
import { demandRow } from './rows';
import type { Terms } from './terms';

/** Rollouts that act on the inspected one, the strongest first; one entry each. */
export interface Partners {
  row: Uint32Array;
  /** S */
  logit: Float64Array;
  /** Share exp(S − Λ) among what competes with the anchor's positives; 0 for what does not compete. */
  share: Float64Array;
  /** c: the gradient ∂L/∂z of the inspected rollout is Σ c z over all partners. Negative pulls it towards the partner, positive pushes it away. */
  coefficient: Float64Array;
  /** |c| / Σ |c| over all partners. */
  gradientShare: Float64Array;
}

/** Positives of an anchor. */
export interface Positives extends Partners {
  /** 1: of another domain, 0: of the same. */
  cross: Uint8Array;
  /** Factor on the pair's loss: compatibility (5) across domains, 1 within one. */
  weight: Float64Array;
  /** l */
  loss: Float64Array;
  /** exp(−l): the positive's chance against its rivals. */
  probability: Float64Array;
  /** The pair's part of its loss' mass: w / Z_x or 1 / Z_in, or by anchor where the normaliser is. */
  massShare: Float64Array;
}

/** All that the contrastive loss does to one rollout. */
export interface Inspection {
  row: number;
  kind: 'correct' | 'wrong' | 'excluded';
  /** What part the rollout plays, in a sentence or two. */
  explanation: string;
  /** Part of L (11) that this anchor adds, its parts of L_x and L_in, and L of the whole pool. */
  loss: { anchor: number; cross: number; inDomain: number; pool: number };
  /** Λ_i; null for what has no rivals. */
  lambda: number | null;
  /** Z_x and Z_in (8) of the pool. */
  mass: { cross: number; inDomain: number };
  positives: Positives;
  negatives: Partners;
  /** Of an incorrect rollout: the anchors that push it away. `share` is its share among their rivals. */
  anchors: Partners;
  /** f64[n]: c of every row; the gradient through the compatibilities (where switched on) is in it, the row's own coefficient too. */
  coefficients: Float64Array;
  /** f64[width] each: ∂L/∂z, the part of it with c < 0 and the part with c > 0. */
  gradient: Float64Array;
  pull: Float64Array;
  push: Float64Array;
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

function explain(terms: Terms, row: number, positives: Positives, negatives: Partners, anchors: Partners): string {
  const kind = terms.kind[row];
  if (kind === KIND.excluded)
    return 'This rollout is left out: its response is empty, or its embedding is zero or not finite, so it has no direction.';
  if (kind === KIND.wrong) {
    const start = 'This rollout is incorrect, so it is never an anchor and has no positives.';
    if (!anchors.row.length) return `${start} No correct rollout is compared with it: nothing moves it.`;
    const moved = anchors.coefficient.some((c) => c !== 0);
    const whom = `It only acts as a negative of ${count(anchors.row.length, 'correct rollout')}`;
    return moved
      ? `${start} ${whom}, which push it away.`
      : `${start} ${whom}, but none of them has a positive: nothing moves it.`;
  }
  const across = positives.cross.reduce((s, x) => s + x, 0);
  const own = positives.row.length - across;
  const start = 'This rollout is correct, so it is an anchor.';
  if (!positives.row.length)
    return `${start} It has no positives: no other correct rollout is compared with it, and its loss is 0.`;
  if (!negatives.row.length) return `${start} No incorrect rollout is compared with it, so its loss and gradient are 0.`;
  const parts = [across && `${across} of other domains`, own && `${own} of its own domain`].filter(Boolean);
  return `${start} ${count(positives.row.length, 'positive')} (${parts.join(', ')}) pull, ${count(negatives.row.length, 'negative')} push.`;
}

/** What acts on one rollout. @throws RangeError for a row that the pool does not have */
export function inspect(terms: Terms, row: number): Inspection {
  demandRow(terms.pool, row, 'anchor');
  const { n } = terms.pool;
  const coefficients = terms.coefficients(row);
  const whole = coefficients.reduce((s, c) => s + Math.abs(c), 0);
  const strongest = (rows: number[]) => rows.sort((a, b) => Math.abs(coefficients[b]) - Math.abs(coefficients[a]) || a - b);
  const all = Array.from({ length: n }, (_, j) => j);
  const having = (...roles: number[]) => strongest(all.filter((j) => roles.includes(terms.role(row, j))));
  const of = (rows: readonly number[], f: (j: number) => number) => Float64Array.from(rows, f);
  /** `shareOf`: share of the row that competes, in the anchor's sum. */
  const partners = (rows: number[], shareOf: (j: number) => number): Partners => ({
    row: Uint32Array.from(rows),
    logit: of(rows, (j) => terms.logit(row, j)),
    share: of(rows, shareOf),
    coefficient: of(rows, (j) => coefficients[j]),
    gradientShare: of(rows, (j) => (whole > 0 ? Math.abs(coefficients[j]) / whole : 0)),
  });

  const found = having(ROLE.cross, ROLE.inDomain);
  const cross = (j: number) => terms.role(row, j) === ROLE.cross;
  const weight = (j: number) => (cross(j) ? terms.weight(row, j) : 1);
  const positives: Positives = {
    ...partners(found, (j) => terms.share(row, j)),
    cross: Uint8Array.from(found, (j) => Number(cross(j))),
    weight: of(found, weight),
    loss: of(found, (j) => terms.pairLoss(row, j)),
    probability: of(found, (j) => Math.exp(-terms.pairLoss(row, j))),
    massShare: of(found, (j) => (cross(j) ? terms.perCross[row] : terms.perInside[row]) * weight(j)),
  };
  const negatives = partners(having(ROLE.negative), (j) => terms.share(row, j));
  const anchors = partners(strongest(all.filter((j) => terms.role(j, row) === ROLE.negative)), (j) => terms.share(j, row));
  return {
    row,
    kind: (['wrong', 'correct', 'excluded'] as const)[terms.kind[row]],
    explanation: explain(terms, row, positives, negatives, anchors),
    loss: {
      anchor: terms.anchorLoss(row),
      cross: terms.cross[row],
      inDomain: terms.inDomain[row],
      pool: terms.loss.contrastive,
    },
    lambda: Number.isFinite(terms.lambda[row]) ? terms.lambda[row] : null,
    mass: { ...terms.mass },
    positives,
    negatives,
    anchors,
    coefficients,
    gradient: terms.combine(coefficients),
    pull: terms.combine(coefficients, (c) => c < 0),
    push: terms.combine(coefficients, (c) => c > 0),
  };
}
