/**
 * The contrastive objective of MCPO, straight from its equations: float64, dense, O(N²). This is the definition that the
 * kernels and `analyze` are tested against; it shares no code with them.
 */

/** Rollouts of one pool, row by row. */
export interface ContrastPool {
  /** Head outputs u, N rows of equal width. */
  u: readonly (readonly number[])[];
  reward: readonly number[];
  /** Labels of any kind; a prompt belongs to one domain. */
  prompt: readonly (string | number)[];
  domain: readonly (string | number)[];
}

/** τ, β and γ of method.md 7. */
export interface ContrastWeights {
  tau: number;
  beta: number;
  gamma: number;
}

type Matrix = (number | null)[][];

/** Everything that (4) to (11) say about a pool. */
export interface ContrastResult {
  positives: number;
  negatives: number;
  /** Rows without a usable embedding: norm below 1e-12 or not finite. */
  excluded: number;
  /** (11), (9), (10); attraction and separation as in method.md 9, null where there is no data. */
  loss: { contrastive: number; cross: number; inDomain: number; attraction: number | null; separation: number | null };
  /** Z_x and Z_in (8). */
  mass: { cross: number; inDomain: number };
  logit: { crossPositive: number | null; inDomainPositive: number | null; negative: number | null; margin: number | null };
  /** Mean compatibility over cross-domain positive pairs. */
  weight: { cross: number | null };
  /** Other positives per anchor. */
  anchor: { promptPositives: number | null; inDomainPositives: number | null; crossPositives: number | null };
  /** w (5) over prompts in order of first appearance; null where a prompt has no correct rollout. */
  compatibility: { prompts: (string | number)[]; matrix: Matrix };
  /** 1 − cosine between the domains' mean correct embeddings. */
  centroidDistance: { domains: (string | number)[]; matrix: Matrix };
  /** ∂L/∂z with w held fixed, and ∂L/∂u. */
  dz: number[][];
  du: number[][];
  /** Row sums of ∂L/∂S over one anchor: zero in exact arithmetic. */
  rowSums: number[];
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k], 0);
const unique = <T>(xs: readonly T[]) => [...new Set(xs)];
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const mean = (sum: number, count: number) => (count > 0 ? sum / count : null);

/** Mean of unit rows, made a unit vector; zeros when it nearly cancels; null without rows. */
function direction(rows: readonly number[][]): number[] | null {
  if (!rows.length) return null;
  const mu = rows[0].map((_, k) => rows.reduce((sum, z) => sum + z[k], 0) / rows.length);
  const norm = Math.hypot(...mu);
  return mu.map((x) => (norm < 1e-6 ? 0 : x / norm));
}

/** Equations (4) to (11), their gradient (method.md 8.1) and the diagnostics of method.md 9. */
export function contrast({ u, reward, prompt, domain }: ContrastPool, { tau, beta, gamma }: ContrastWeights): ContrastResult {
  const N = u.length;
  const rows = u.map((_, i) => i);
  const norm = u.map((x) => (x.every(Number.isFinite) ? Math.hypot(...x) : 0));
  const usable = (i: number) => norm[i] >= 1e-12;
  const z = u.map((x, i) => x.map((v) => (usable(i) ? v / norm[i] : 0))); // (4)
  const P = rows.filter((i) => usable(i) && reward[i] >= 0.5);
  const K = rows.filter((i) => usable(i) && reward[i] < 0.5);
  const S = z.map((a) => z.map((b) => dot(a, b) / tau));

  const prompts = unique(prompt);
  const prototype = new Map(prompts.map((p) => [p, direction(P.filter((i) => prompt[i] === p).map((i) => z[i]))]));
  const compatible = (p: string | number, q: string | number): number | null => {
    const [a, b] = [prototype.get(p), prototype.get(q)];
    return a && b ? Math.max(0, dot(a, b)) : null; // (5)
  };
  const table = new Map(prompts.map((p) => [p, new Map(prompts.map((q) => [q, compatible(p, q)]))]));
  const w = (i: number, j: number) => table.get(prompt[i])?.get(prompt[j]) ?? 0;
  const domains = unique(domain);
  const centroid = domains.map((d) => direction(P.filter((i) => domain[i] === d).map((i) => z[i])));

  const cross = (i: number) => P.filter((j) => domain[j] !== domain[i]); // (6)
  const inside = (i: number) => P.filter((j) => j !== i && domain[j] === domain[i]); // (7)
  const total = (of: (i: number) => number[], f: (i: number, j: number) => number) =>
    P.reduce((sum, i) => sum + of(i).reduce((s, j) => s + f(i, j), 0), 0);
  const pairs = (of: (i: number) => number[]) => total(of, () => 1);
  const Zx = total(cross, w); // (8)
  const Zin = pairs(inside);

  const Lam = rows.map((i) => {
    if (!K.length) return -Infinity;
    const most = Math.max(...K.map((k) => S[i][k]));
    return most + Math.log(K.reduce((sum, k) => sum + Math.exp(S[i][k] - most), 0));
  });
  const pairLoss = (i: number, j: number) => (K.length ? softplus(Lam[i] - S[i][j]) : 0);
  const Lx = Zx < 1e-8 ? 0 : total(cross, (i, j) => w(i, j) * pairLoss(i, j)) / Zx; // (9)
  const Lin = Zin === 0 ? 0 : total(inside, pairLoss) / Zin; // (10)

  const W = (i: number, j: number) => {
    if (i === j) return 0;
    if (domain[i] === domain[j]) return gamma / Zin;
    return Zx < 1e-8 ? 0 : (beta * w(i, j)) / Zx;
  };
  const sig = (i: number, j: number) => (K.length ? sigmoid(Lam[i] - S[i][j]) : 0);
  const G = rows.map(() => new Array<number>(N).fill(0)); // ∂L/∂S, row = anchor
  for (const i of P) {
    let b = 0;
    for (const j of P) {
      G[i][j] = i === j ? 0 : -W(i, j) * sig(i, j);
      b -= G[i][j];
    }
    for (const k of K) G[i][k] = b * Math.exp(S[i][k] - Lam[i]);
  }
  const dz = rows.map((i) => z[i].map((_, k) => rows.reduce((sum, j) => sum + (G[i][j] + G[j][i]) * z[j][k], 0) / tau));
  const du = rows.map((i) => z[i].map((x, k) => (usable(i) ? (dz[i][k] - dot(dz[i], z[i]) * x) / norm[i] : 0)));

  const crossPositive = mean(
    total(cross, (i, j) => S[i][j]),
    pairs(cross),
  );
  const negative = mean(
    total(
      () => K,
      (i, k) => S[i][k],
    ),
    P.length * K.length,
  );
  return {
    positives: P.length,
    negatives: K.length,
    excluded: N - P.length - K.length,
    loss: {
      contrastive: beta * Lx + gamma * Lin, // (11)
      cross: Lx,
      inDomain: Lin,
      attraction: Zx < 1e-8 ? null : total(cross, (i, j) => w(i, j) * (1 - tau * S[i][j])) / Zx,
      separation: K.length
        ? mean(
            P.reduce((sum, i) => sum + Lam[i] - Math.log(K.length), 0),
            P.length,
          )
        : null,
    },
    mass: { cross: Zx, inDomain: Zin },
    logit: {
      crossPositive,
      inDomainPositive: mean(
        total(inside, (i, j) => S[i][j]),
        Zin,
      ),
      negative,
      margin: crossPositive === null || negative === null ? null : crossPositive - negative,
    },
    weight: { cross: mean(Zx, pairs(cross)) },
    anchor: {
      promptPositives: mean(
        total(inside, (i, j) => (prompt[i] === prompt[j] ? 1 : 0)),
        P.length,
      ),
      inDomainPositives: mean(Zin, P.length),
      crossPositives: mean(pairs(cross), P.length),
    },
    compatibility: { prompts, matrix: prompts.map((p) => prompts.map((q) => table.get(p)?.get(q) ?? null)) },
    centroidDistance: {
      domains,
      matrix: centroid.map((a, d) =>
        centroid.map((b, e) => (!a || !b || !dot(a, a) || !dot(b, b) ? null : d === e ? 0 : 1 - dot(a, b))),
      ),
    },
    dz,
    du,
    rowSums: G.map((row) => row.reduce((sum, x) => sum + x, 0)),
  };
}
