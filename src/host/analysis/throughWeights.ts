/** The gradient through the compatibilities (method.md 8.6), as coefficients on the pool's own vectors. */
import type { ContrastSwitches } from '../../math/contrastTypes';
import { type Means, meanCosine, type Pool } from './pool';
import { KIND } from './roles';

/** What is needed of `Terms`. */
interface Parts {
  pool: Pool;
  kind: Uint8Array;
  prototypes: Means;
  table: Float64Array;
  switches: ContrastSwitches;
  mix: { cross: number };
  loss: { cross: number };
  cross: Float64Array;
  crossMass: Float64Array;
  perCross: Float64Array;
  pairLoss(i: number, j: number): number;
  eachPositive(visit: (i: number, j: number, cross: boolean) => void): void;
}

/** ∂w_pq/∂μ_p is a mix of the two prompts' correct rollouts, so each of them gets a coefficient, the row itself too. */
export class ThroughWeights {
  /** Σ ∂L/∂w_ij over the pairs of two prompts, both ways round, f64[prompts, prompts]. */
  private readonly slopes: Float64Array;

  constructor(private readonly parts: Parts) {
    const { pool, switches, mix, loss, cross: lost, crossMass, perCross } = parts;
    const M = pool.promptOf.length;
    this.slopes = new Float64Array(M * M);
    parts.eachPositive((i, j, cross) => {
      if (!cross || perCross[i] === 0) return;
      const mean = switches.normalizer === 'global' ? loss.cross : lost[i] / perCross[i] / crossMass[i];
      const slope = mix.cross * perCross[i] * (parts.pairLoss(i, j) - mean);
      this.slopes[pool.prompt[i] * M + pool.prompt[j]] += slope;
      this.slopes[pool.prompt[j] * M + pool.prompt[i]] += slope;
    });
  }

  /** Adds to the coefficients c, f64[n], of a correct row i. */
  add(i: number, c: Float64Array): void {
    const { pool, kind, prototypes, table, switches } = this.parts;
    const { count, length } = prototypes;
    const M = pool.promptOf.length;
    const p = pool.prompt[i];
    /** Factor on each correct rollout of a prompt. */
    const ofPrompt = new Float64Array(M);
    for (let q = 0; q < M; q++) {
      if (this.slopes[p * M + q] === 0 || !(table[p * M + q] > 0)) continue;
      const slope = this.slopes[p * M + q] / count[p];
      if (switches.weightMap === 'raw') {
        ofPrompt[q] += slope / count[q];
        continue;
      }
      const turn = ((switches.weightMap === 'half' ? 0.5 : 1) * slope) / length[p];
      ofPrompt[q] += turn / (count[q] * length[q]);
      ofPrompt[p] -= (turn * meanCosine(prototypes, p, q)) / (count[p] * length[p]);
    }
    for (let j = 0; j < pool.n; j++) if (kind[j] === KIND.correct) c[j] += ofPrompt[pool.prompt[j]];
  }
}
