/** What the contrastive objective takes and gives; `contrast` in ./contrast computes it. */

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

/** The open choices of method.md 11 that act within the objective. */
export interface ContrastSwitches {
  /** Rollouts an anchor meets: the whole pool, or those of its prompt (then L_x = 0 and L_in is over same-prompt pairs). */
  scope: 'pool' | 'prompt';
  /** Compatibility (5): max(0, cos), (1 + cos) / 2 or max(0, ⟨μ_p, μ_q⟩) of the means before normalisation. */
  weightMap: 'cosine' | 'half' | 'raw';
  /** Adds the gradient through the compatibilities (method.md 8.6). */
  weightGradient: boolean;
  /** E_i sums over the incorrect rollouts, or over all other rollouts (then l_ij = Λ_i − S_ij). */
  denominator: 'negatives' | 'all';
  /** Each loss by the mass of the whole pool, or anchor by anchor and then the mean over anchors with mass. */
  normalizer: 'global' | 'anchor';
  /** β L_x + γ L_in, or (1 − γ) L_x + γ L_in. */
  mixing: 'coefficients' | 'convex';
}

/** The recommended choices. */
export const RECOMMENDED: ContrastSwitches = {
  scope: 'pool',
  weightMap: 'cosine',
  weightGradient: false,
  denominator: 'negatives',
  normalizer: 'global',
  mixing: 'coefficients',
};

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
  /**
   * Signals of collapse (Wang & Isola 2020): mean |z_i − z_j|² over in-domain positive pairs; log of the mean of exp(−2 |z_i − z_j|²) over
   * ordered pairs of usable rollouts; effective rank (tr C)² / |C|² of C = mean of z zᵀ.
   */
  embedding: { alignment: number | null; uniformity: number | null; rank: number | null };
  /** w (5) over prompts in order of first appearance; null where a prompt has no correct rollout. */
  compatibility: { prompts: (string | number)[]; matrix: Matrix };
  /** 1 − cosine between the domains' mean correct embeddings. */
  centroidDistance: { domains: (string | number)[]; matrix: Matrix };
  /** ∂L/∂z, and ∂L/∂u; w is held fixed unless `weightGradient`. */
  dz: number[][];
  du: number[][];
  /** Row sums of ∂L/∂S over one anchor: zero in exact arithmetic. */
  rowSums: number[];
}
