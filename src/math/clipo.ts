/**
 * CLIPO's contrastive reward and the loss of its head, straight from the equations (method.md 4): float64, dense, O(N²). This is the
 * definition that the kernels are tested against; it shares no code with them.
 */

/** Rollouts of one batch, row by row. */
export interface ClipoBatch {
  /** Head outputs u, N rows of equal width. */
  u: readonly (readonly number[])[];
  /** 0 or 1; below 0: a place without a rollout. */
  reward: readonly number[];
  prompt: readonly (string | number)[];
}

/** λ_c, τ, the clamp, the loss type and the level of method.md 4. */
export interface ClipoSettings {
  lambda: number;
  tau: number;
  clamp: number;
  loss: 'infonce' | 'supconOut' | 'supconIn' | 'softNn';
  level: 'group' | 'cross' | 'batch';
}

/** Losses, rewards and gradient of one batch. */
export interface ClipoResult {
  /** The set V. */
  anchors: number[];
  /** l_i; null for rollouts that are no anchors. */
  losses: (number | null)[];
  /** R_i^con = max(−clamp, −λ_c l_i); 0 for rollouts that are no anchors. */
  reward: number[];
  /** L_head, the mean of l_i over V; null without anchors. */
  loss: number | null;
  /** ∂L_head/∂z and ∂L_head/∂u. */
  dz: number[][];
  du: number[][];
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k], 0);
const total = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0);

/**
 * CLIPO on one batch.
 * @param pick InfoNCE only: which of `count` positives (in ascending order) anchor i gets
 */
export function clipo(
  { u, reward, prompt }: ClipoBatch,
  { lambda, tau, clamp, loss, level }: ClipoSettings,
  pick: (i: number, count: number) => number,
): ClipoResult {
  const rows = u.map((_, i) => i);
  const norm = u.map((x) => (x.every(Number.isFinite) ? Math.hypot(...x) : 0));
  const usable = (i: number) => reward[i] >= 0 && norm[i] >= 1e-12;
  const z = u.map((x, i) => x.map((v) => (usable(i) ? v / norm[i] : 0)));
  const S = z.map((a) => z.map((b) => dot(a, b) / tau));
  const correct = (i: number) => reward[i] >= 0.5;

  const others = (i: number) => rows.filter((a) => a !== i && usable(a));
  const near = (i: number, wide: boolean) => others(i).filter((a) => wide || prompt[a] === prompt[i]);
  const positives = (i: number) => near(i, level === 'batch').filter(correct);
  const wrong = (i: number) => near(i, level === 'batch').filter((a) => !correct(a));
  const competitors = (i: number) => near(i, level !== 'group');
  const anchors = lambda > 0 ? rows.filter((i) => usable(i) && correct(i) && positives(i).length > 0 && wrong(i).length > 0) : [];

  const G = rows.map(() => rows.map(() => 0)); // ∂L_head/∂S, row = anchor
  const losses: (number | null)[] = rows.map(() => null);
  for (const i of anchors) {
    const P = positives(i);
    const A = competitors(i);
    const exp = (a: number) => Math.exp(S[i][a] - (loss === 'infonce' ? 1 / tau : 0));
    const Q = total(A.map(exp)) + (loss === 'infonce' ? 1e-8 : 0);
    for (const a of A) G[i][a] += exp(a) / Q / anchors.length;
    if (loss === 'infonce') {
      const j = P[pick(i, P.length)];
      losses[i] = -(S[i][j] - 1 / tau) + Math.log(Q);
      G[i][j] -= 1 / anchors.length;
    } else if (loss === 'supconOut') {
      losses[i] = -total(P.map((j) => S[i][j] - Math.log(Q))) / P.length;
      for (const j of P) G[i][j] -= 1 / P.length / anchors.length;
    } else {
      const mass = total(P.map(exp));
      losses[i] = -Math.log(loss === 'supconIn' ? mass / P.length : mass) + Math.log(Q);
      for (const j of P) G[i][j] -= exp(j) / mass / anchors.length;
    }
  }
  const dz = rows.map((i) => z[i].map((_, k) => total(rows.map((j) => (G[i][j] + G[j][i]) * z[j][k])) / tau));
  return {
    anchors,
    losses,
    reward: losses.map((l) => (l === null ? 0 : Math.max(-clamp, -lambda * l))),
    loss: anchors.length ? total(losses.map((l) => l ?? 0)) / anchors.length : null,
    dz,
    du: rows.map((i) => z[i].map((x, k) => (usable(i) ? (dz[i][k] - dot(dz[i], z[i]) * x) / norm[i] : 0))),
  };
}
