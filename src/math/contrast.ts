/**
 * The contrastive objective of MCPO, straight from its equations: float64, dense, O(N²). This is the definition that the
 * kernels and `analyze` are tested against; it shares no code with them.
 */

import {
  type ContrastPool,
  type ContrastResult,
  type ContrastSwitches,
  type ContrastWeights,
  RECOMMENDED,
} from './contrastTypes';
import { compatibilityGrad, compatibilityOf, dot, type Label, meanOf } from './prototypes';

export type { ContrastPool, ContrastResult, ContrastSwitches, ContrastWeights } from './contrastTypes';

const unique = <T>(xs: readonly T[]) => [...new Set(xs)];
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const mean = (sum: number, count: number) => (count > 0 ? sum / count : null);
const sum = (xs: readonly number[]) => xs.reduce((total, x) => total + x, 0);
/** A mass below this is noise around orthogonal prompts (method.md 10). */
const LEAST_MASS = 1e-8;

/** Equations (4) to (11), their gradient (method.md 8.1, 8.6) and the diagnostics of method.md 9, with any of the open choices. */
export function contrast(
  { u, reward, prompt, domain }: ContrastPool,
  { tau, beta, gamma }: ContrastWeights,
  switches: Partial<ContrastSwitches> = {},
): ContrastResult {
  const { scope, weightMap, weightGradient, denominator, normalizer, mixing } = { ...RECOMMENDED, ...switches };
  const N = u.length;
  const rows = u.map((_, i) => i);
  const norm = u.map((x) => (x.every(Number.isFinite) ? Math.hypot(...x) : 0));
  const usable = (i: number) => norm[i] >= 1e-12;
  const z = u.map((x, i) => x.map((v) => (usable(i) ? v / norm[i] : 0))); // (4)
  const P = rows.filter((i) => usable(i) && reward[i] >= 0.5);
  const K = rows.filter((i) => usable(i) && reward[i] < 0.5);
  const S = z.map((a) => z.map((b) => dot(a, b) / tau));

  const prompts = unique(prompt);
  const domains = unique(domain);
  const members = (label: readonly Label[], value: Label) => P.filter((i) => label[i] === value).map((i) => z[i]);
  const prototype = new Map(prompts.map((p) => [p, meanOf(members(prompt, p))]));
  const centroid = domains.map((d) => meanOf(members(domain, d)));
  const compatible = (p: Label, q: Label): number | null => {
    const [a, b] = [prototype.get(p), prototype.get(q)];
    return a && b ? compatibilityOf(a, b, weightMap) : null; // (5)
  };
  const table = new Map(prompts.map((p) => [p, new Map(prompts.map((q) => [q, compatible(p, q)]))]));
  const w = (i: number, j: number) => table.get(prompt[i])?.get(prompt[j]) ?? 0;

  const near = (i: number, j: number) => scope === 'pool' || prompt[i] === prompt[j];
  /** For each anchor, which of `others` it is paired with; nothing for the other rows. */
  const pairing = (others: number[], meets: (i: number, j: number) => boolean) => {
    const list = rows.map((): number[] => []);
    for (const i of P) list[i] = others.filter((j) => meets(i, j));
    return list;
  };
  const cross = pairing(scope === 'pool' ? P : [], (i, j) => domain[j] !== domain[i]); // (6)
  const inside = pairing(P, (i, j) => j !== i && domain[j] === domain[i] && near(i, j)); // (7)
  const wrong = pairing(K, near);
  const total = (of: number[][], f: (i: number, j: number) => number) => sum(P.map((i) => sum(of[i].map((j) => f(i, j)))));
  const pairs = (of: number[][]) => sum(of.map((list) => list.length));
  const Zx = total(cross, w); // (8)
  const Zin = pairs(inside);

  /** What the positives of anchor i compete with; nothing when there is no incorrect rollout: l is 0 then (method.md 10). */
  const others = pairing([...P, ...K], (i, a) => a !== i && near(i, a));
  const rivals = denominator === 'negatives' ? wrong : others.map((list, i) => (wrong[i].length ? list : []));
  const logSumExp = (xs: number[]) => {
    const most = Math.max(...xs);
    return most + Math.log(sum(xs.map((x) => Math.exp(x - most))));
  };
  const Lam = rows.map((i) => (rivals[i].length ? logSumExp(rivals[i].map((k) => S[i][k])) : Number.NEGATIVE_INFINITY));
  const l = (i: number, j: number) => {
    if (!rivals[i].length) return 0;
    return denominator === 'negatives' ? softplus(Lam[i] - S[i][j]) : Lam[i] - S[i][j];
  };
  /** −∂l_ij/∂S_ij at fixed Λ_i = ∂l_ij/∂Λ_i. */
  const sig = (i: number, j: number) => {
    if (!rivals[i].length) return 0;
    return denominator === 'negatives' ? sigmoid(Lam[i] - S[i][j]) : 1;
  };

  /** Factor on each anchor's sum of weighted pair losses, such that their total is the loss. */
  const factors = (of: number[][], weight: (i: number, j: number) => number) => {
    const mass = of.map((list, i) => sum(list.map((j) => weight(i, j))));
    const whole = sum(mass);
    const anchors = mass.filter((m) => m >= LEAST_MASS).length;
    return mass.map((m) => {
      if (normalizer === 'global') return whole < LEAST_MASS ? 0 : 1 / whole;
      return m < LEAST_MASS ? 0 : 1 / (anchors * m);
    });
  };
  const perCross = factors(cross, w);
  const perInside = factors(inside, () => 1);
  const Lx = total(cross, (i, j) => perCross[i] * w(i, j) * l(i, j)); // (9)
  const Lin = total(inside, (i, j) => perInside[i] * l(i, j)); // (10)
  const [ofCross, ofInside] = [mixing === 'convex' ? 1 - gamma : beta, gamma];

  const W = rows.map(() => new Array<number>(N).fill(0)); // ∂L/∂l
  for (const i of P) {
    for (const j of cross[i]) W[i][j] = ofCross * perCross[i] * w(i, j);
    for (const j of inside[i]) W[i][j] = ofInside * perInside[i];
  }
  const G = rows.map((i) => {
    const row = W[i].map((v, j) => -v * sig(i, j)); // ∂L/∂S, row = anchor
    const b = -sum(row);
    for (const k of rivals[i]) row[k] += b * Math.exp(S[i][k] - Lam[i]);
    return row;
  });
  const dz = rows.map((i) => z[i].map((_, k) => rows.reduce((s, j) => s + (G[i][j] + G[j][i]) * z[j][k], 0) / tau));

  if (weightGradient) {
    const place = new Map(prompts.map((p, at) => [p, at]));
    const of = (i: number) => place.get(prompt[i]) ?? 0;
    const v = prompts.map(() => prompts.map(() => 0)); // Σ ∂L/∂w_ij over the pairs of two prompts, both ways round (method.md 8.6)
    for (const i of P) {
      const own = sum(cross[i].map((j) => w(i, j) * l(i, j))) / sum(cross[i].map((j) => w(i, j)));
      for (const j of cross[i]) {
        const dw = perCross[i] && ofCross * perCross[i] * (l(i, j) - (normalizer === 'global' ? Lx : own));
        v[of(i)][of(j)] += dw;
        v[of(j)][of(i)] += dw;
      }
    }
    for (const m of P)
      prompts.forEach((b, q) => {
        const [mine, other] = [prototype.get(prompt[m]), prototype.get(b)];
        if (!mine || !other || v[of(m)][q] === 0) return;
        const dmu = compatibilityGrad(mine, other, weightMap);
        dmu.forEach((x, k) => void (dz[m][k] += (v[of(m)][q] * x) / mine.count));
      });
  }
  const du = rows.map((i) => z[i].map((x, k) => (usable(i) ? (dz[i][k] - dot(dz[i], z[i]) * x) / norm[i] : 0)));

  const inDomainLogit = mean(
    total(inside, (i, j) => S[i][j]),
    Zin,
  );
  const crossPositive = mean(
    total(cross, (i, j) => S[i][j]),
    pairs(cross),
  );
  const negative = mean(
    total(wrong, (i, k) => S[i][k]),
    pairs(wrong),
  );
  const U = [...P, ...K];
  const overPairs = (f: (cosine: number) => number) => sum(U.map((i) => sum(U.map((j) => (i === j ? 0 : f(tau * S[i][j]))))));
  const spread = overPairs((cosine) => Math.exp(-2 * (2 - 2 * cosine)));
  const judged = P.filter((i) => rivals[i].length);
  return {
    positives: P.length,
    negatives: K.length,
    excluded: N - P.length - K.length,
    loss: {
      contrastive: ofCross * Lx + ofInside * Lin, // (11)
      cross: Lx,
      inDomain: Lin,
      attraction: Zx < LEAST_MASS ? null : total(cross, (i, j) => w(i, j) * (1 - tau * S[i][j])) / Zx,
      separation: mean(sum(judged.map((i) => Lam[i] - Math.log(rivals[i].length))), judged.length),
    },
    mass: { cross: Zx, inDomain: Zin },
    logit: {
      crossPositive,
      inDomainPositive: inDomainLogit,
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
    embedding: {
      alignment: inDomainLogit === null ? null : 2 - 2 * tau * inDomainLogit,
      uniformity: U.length > 1 ? Math.log(spread / (U.length * (U.length - 1))) : null,
      rank: U.length ? U.length ** 2 / (U.length + overPairs((cosine) => cosine ** 2)) : null,
    },
    compatibility: { prompts, matrix: prompts.map((p) => prompts.map((q) => table.get(p)?.get(q) ?? null)) },
    centroidDistance: {
      domains,
      matrix: centroid.map((a, d) => centroid.map((b, e) => (!a?.length || !b?.length ? null : d === e ? 0 : 1 - dot(a.c, b.c)))),
    },
    dz,
    du,
    rowSums: G.map((row) => sum(row)),
  };
}
