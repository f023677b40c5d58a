import type { ContrastOptions, Inspection } from '../../store/analysis';
import type { Config, Frame } from '../../store/state';

/** τ, β, γ and the open choices of a run, as the analysis takes them; a frame without shaped scores has the verifier's labels. */
export function contrastOf({ contrast }: Config, frame: Frame): ContrastOptions {
  const { tau, beta, gamma, labels, scope, weightMap, weightGradient, denominator, normalizer, mixing } = contrast;
  return {
    tau,
    beta,
    gamma,
    labels: frame.score ? labels : 'verifier',
    switches: { scope, weightMap, weightGradient, denominator, normalizer, mixing },
  };
}

/** Rollouts that pull and those that push the inspected one, the strongest first; `share` of the gradient. */
export interface Forces {
  pull: { row: number; share: number }[];
  push: { row: number; share: number }[];
}

/** What acts on a rollout: negative coefficients pull it towards the partner, positive ones push it away. */
export function forcesOn({ coefficients, row }: Inspection, without: ReadonlySet<number> = new Set()): Forces {
  const whole = coefficients.reduce((sum, c) => sum + Math.abs(c), 0);
  const all = Array.from(coefficients, (c, j) => ({ row: j, c, share: whole > 0 ? Math.abs(c) / whole : 0 }))
    .filter(({ row: j, share }) => j !== row && share > 0 && !without.has(j))
    .sort((a, b) => b.share - a.share || a.row - b.row);
  const of = (sign: number) => all.filter(({ c }) => Math.sign(c) === sign).map(({ row: j, share }) => ({ row: j, share }));
  return { pull: of(-1), push: of(1) };
}

/** Shares of the gradient that pull and that push. */
export const balance = ({ pull, push }: Forces): { pull: number; push: number } => {
  const sum = (all: Forces['pull']) => all.reduce((s, { share }) => s + share, 0);
  return { pull: sum(pull), push: sum(push) };
};
