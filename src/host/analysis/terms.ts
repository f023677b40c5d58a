/** The contrastive objective (4) to (11) taken apart: every pair's weight, loss and gradient, with any of the open choices. */
import { type ContrastSwitches, type ContrastWeights, RECOMMENDED } from '../../math/contrastTypes';
import { compatibilities, type Labels, type Means, meansOf, type Pool } from './pool';
import { KIND, ROLE, type Role } from './roles';
import { ThroughWeights } from './throughWeights';

/** τ, β, γ and the open choices of method.md 11. */
export interface ContrastOptions extends ContrastWeights {
  switches?: Partial<ContrastSwitches>;
  /** Verifier's reward when left out. */
  labels?: Labels;
}

/** What is left out of the objective. */
export interface Without {
  /** Rollouts that are not in the pool. */
  rows?: ReadonlySet<number>;
  /** Terms l_ij of one anchor that are neither in its loss nor in the mass Z. */
  pairs?: { anchor: number; rows: ReadonlySet<number> };
}

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
/** A mass below this is noise around orthogonal prompts (method.md 10). */
const LEAST_MASS = 1e-8;

/** @throws RangeError for a coefficient outside its bounds */
function demandWeights({ tau, beta, gamma }: ContrastWeights): void {
  if (!(tau >= 0.01 && tau <= 2)) throw new RangeError(`invalid contrast.tau: ${tau} (0.01 to 2)`);
  if (!(beta >= 0 && beta <= 10)) throw new RangeError(`invalid contrast.beta: ${beta} (0 to 10)`);
  if (!(gamma >= 0 && gamma <= 10)) throw new RangeError(`invalid contrast.gamma: ${gamma} (0 to 10)`);
}

/** All terms of one pool; `cosine` as `cosineSteps` gives it. Pairs are (anchor i, partner j). */
export class Terms {
  readonly switches: ContrastSwitches;
  /** u8[n] of KIND, rows left out being excluded. */
  readonly kind: Uint8Array;
  readonly prototypes: Means;
  /** w (5), f64[prompts, prompts]. */
  readonly table: Float64Array;
  /** f64[n]: Λ_i, −∞ for rows without rivals. */
  readonly lambda: Float64Array;
  /** Z_x and Z_in (8). */
  readonly mass: { cross: number; inDomain: number };
  /** (11), (9), (10). */
  readonly loss: { contrastive: number; cross: number; inDomain: number };
  /** f64[n] each: the anchor's part of L_x and L_in (which these sum to). */
  readonly cross: Float64Array;
  readonly inDomain: Float64Array;
  /** Coefficients of L_x and L_in in (11). */
  readonly mix: { cross: number; inDomain: number };
  /** f64[n]: Σ_j w_ij over the anchor's cross-domain positives. */
  readonly crossMass: Float64Array;
  /** f64[n] each: factor on the anchor's weighted sum of l_ij, such that the total is the loss. */
  readonly perCross: Float64Array;
  readonly perInside: Float64Array;
  /** f64[n]: b_i = Σ_j W_ij σ_ij. */
  private readonly b: Float64Array;
  private through: ThroughWeights | null = null;

  constructor(
    readonly pool: Pool,
    readonly cosine: Float64Array,
    readonly options: ContrastOptions,
    private readonly without: Without = {},
  ) {
    demandWeights(options);
    this.switches = { ...RECOMMENDED, ...options.switches };
    const { n } = pool;
    this.kind = pool.kind.map((kind, i) => (without.rows?.has(i) ? KIND.excluded : kind));
    this.prototypes = meansOf(pool, this.kind, pool.prompt, pool.promptOf.length);
    this.table = compatibilities(this.prototypes, this.switches.weightMap);
    const { beta, gamma } = options;
    this.mix = { cross: this.switches.mixing === 'convex' ? 1 - gamma : beta, inDomain: gamma };
    this.lambda = Float64Array.from({ length: n }, (_, i) => this.logSumExp(i));
    this.crossMass = new Float64Array(n);
    const insideMass = new Float64Array(n);
    this.eachPositive((i, j, cross) => {
      if (cross) this.crossMass[i] += this.weight(i, j);
      else insideMass[i]++;
    });
    const sum = (xs: Float64Array) => xs.reduce((s, x) => s + x, 0);
    this.mass = { cross: sum(this.crossMass), inDomain: sum(insideMass) };
    this.perCross = this.factors(this.crossMass);
    this.perInside = this.factors(insideMass);
    this.cross = new Float64Array(n);
    this.inDomain = new Float64Array(n);
    this.b = new Float64Array(n);
    this.eachPositive((i, j, cross) => {
      if (cross) this.cross[i] += this.perCross[i] * this.weight(i, j) * this.pairLoss(i, j);
      else this.inDomain[i] += this.perInside[i] * this.pairLoss(i, j);
      this.b[i] += this.pairWeight(i, j) * this.pull(i, j);
    });
    const [x, inside] = [sum(this.cross), sum(this.inDomain)];
    this.loss = { contrastive: this.mix.cross * x + this.mix.inDomain * inside, cross: x, inDomain: inside };
  }

  /** S_ij */
  logit(i: number, j: number): number {
    return this.cosine[i * this.pool.n + j] / this.options.tau;
  }

  role(i: number, j: number): Role {
    const { kind } = this;
    if (kind[i] !== KIND.correct || kind[j] === KIND.excluded) return ROLE.none;
    if (i === j) return ROLE.self;
    const { prompt, domain } = this.pool;
    if (this.switches.scope === 'prompt' && prompt[i] !== prompt[j]) return ROLE.none;
    if (kind[j] === KIND.wrong) return ROLE.negative;
    return domain[i] === domain[j] ? ROLE.inDomain : ROLE.cross;
  }

  /** Compatibility (5) of the two rows' prompts. */
  weight(i: number, j: number): number {
    const { prompt, promptOf } = this.pool;
    return this.table[prompt[i] * promptOf.length + prompt[j]];
  }

  /** W_ij = ∂L/∂l_ij; 0 for what is no positive of i, or left out. */
  pairWeight(i: number, j: number): number {
    const role = this.role(i, j);
    if (this.isLeftOut(i, j)) return 0;
    if (role === ROLE.cross) return this.mix.cross * this.perCross[i] * this.weight(i, j);
    return role === ROLE.inDomain ? this.mix.inDomain * this.perInside[i] : 0;
  }

  /** l_ij; 0 where nothing competes with the positive. */
  pairLoss(i: number, j: number): number {
    if (this.lambda[i] === Number.NEGATIVE_INFINITY) return 0;
    const behind = this.lambda[i] - this.logit(i, j);
    return this.switches.denominator === 'negatives' ? softplus(behind) : behind;
  }

  /** Share of row j in E_i = Σ exp S over the rivals; 0 for what is none. */
  share(i: number, j: number): number {
    const role = this.role(i, j);
    const rival = role === ROLE.negative || (this.switches.denominator === 'all' && role > ROLE.self);
    return rival && this.lambda[i] > Number.NEGATIVE_INFINITY ? Math.exp(Math.min(0, this.logit(i, j) - this.lambda[i])) : 0;
  }

  /** ∂L/∂S_ij with i as the anchor. */
  slope(i: number, j: number): number {
    if (this.kind[i] !== KIND.correct || this.b[i] === 0) return 0;
    return this.b[i] * this.share(i, j) - this.pairWeight(i, j) * this.pull(i, j);
  }

  /** Anchor's part of L (11). */
  anchorLoss(i: number): number {
    return this.mix.cross * this.cross[i] + this.mix.inDomain * this.inDomain[i];
  }

  /** c_i, f64[n]: ∂L/∂z_i = Σ_j c_ij z_j. Negative: descent moves z_i towards z_j. */
  coefficients(i: number): Float64Array {
    const { n } = this.pool;
    const c = new Float64Array(n);
    for (let j = 0; j < n; j++) c[j] = (this.slope(i, j) + this.slope(j, i)) / this.options.tau;
    if (this.switches.weightGradient && this.kind[i] === KIND.correct) {
      this.through ??= new ThroughWeights(this);
      this.through.add(i, c);
    }
    return c;
  }

  /** Σ_j c_j z_j over the coefficients that `keep` takes, f64[width]. */
  combine(c: Float64Array, keep: (c: number) => boolean = () => true): Float64Array {
    const { n, width, z } = this.pool;
    const out = new Float64Array(width);
    for (let j = 0; j < n; j++) {
      if (c[j] === 0 || !keep(c[j])) continue;
      for (let k = 0; k < width; k++) out[k] += c[j] * z[j * width + k];
    }
    return out;
  }

  private isLeftOut(i: number, j: number): boolean {
    const pairs = this.without.pairs;
    return pairs !== undefined && i === pairs.anchor && pairs.rows.has(j);
  }

  /** −∂l_ij/∂S_ij at fixed Λ_i = ∂l_ij/∂Λ_i. */
  private pull(i: number, j: number): number {
    if (this.lambda[i] === Number.NEGATIVE_INFINITY) return 0;
    return this.switches.denominator === 'negatives' ? sigmoid(this.lambda[i] - this.logit(i, j)) : 1;
  }

  /** All (anchor, positive) whose l_ij is in the loss. */
  eachPositive(visit: (i: number, j: number, cross: boolean) => void): void {
    const { n } = this.pool;
    for (let i = 0; i < n; i++) {
      if (this.kind[i] !== KIND.correct) continue;
      for (let j = 0; j < n; j++) {
        const role = this.role(i, j);
        if ((role === ROLE.cross || role === ROLE.inDomain) && !this.isLeftOut(i, j)) visit(i, j, role === ROLE.cross);
      }
    }
  }

  /** Λ_i over the rivals of row i; none compete where there is no incorrect rollout (method.md 10). */
  private logSumExp(i: number): number {
    const { n } = this.pool;
    const all = this.switches.denominator === 'all';
    let [most, wrong] = [Number.NEGATIVE_INFINITY, false];
    if (this.kind[i] !== KIND.correct) return most;
    const rival = (role: Role) => role === ROLE.negative || (all && role > ROLE.self);
    for (let j = 0; j < n; j++) {
      const role = this.role(i, j);
      if (role === ROLE.negative) wrong = true;
      if (rival(role)) most = Math.max(most, this.logit(i, j));
    }
    if (!wrong) return Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let j = 0; j < n; j++) if (rival(this.role(i, j))) sum += Math.exp(this.logit(i, j) - most);
    return most + Math.log(sum);
  }

  private factors(mass: Float64Array): Float64Array {
    const whole = mass.reduce((s, m) => s + m, 0);
    const anchors = mass.reduce((s, m) => s + Number(m >= LEAST_MASS), 0);
    return mass.map((m) => {
      if (this.switches.normalizer === 'global') return whole < LEAST_MASS ? 0 : 1 / whole;
      return m < LEAST_MASS ? 0 : 1 / (anchors * m);
    });
  }
}
