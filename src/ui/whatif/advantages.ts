import type { Outcome } from '../../store/whatif';

/** Advantages nearer to 0 than this are none. */
const NONE = 1e-6;
const sign = (a: number): number => (a > NONE ? 1 : a < -NONE ? -1 : 0);

/** One prompt's advantages in two outcomes, by rollout; NaN for rollouts that the second does not train on. */
export interface PromptAdvantages {
  prompt: number;
  /** First row of the batch. */
  first: number;
  before: number[];
  after: number[];
  /** Rollouts whose advantage changes its sign, or has one in only one of the two. */
  flips: number;
  turns: number;
}

/** How a variant's advantages differ from the run's. */
export interface AdvantageChange {
  rollouts: number;
  /** Advantages that change at all; that go from one sign to the other; that appear, vanish or are left out. */
  changed: number;
  flips: number;
  turns: number;
  left: number;
  /** Prompts with a changed advantage, those with most flips first. */
  prompts: PromptAdvantages[];
}

/** Advantages of a variant beside those of the run, by row of the frozen batch. `prompt`: of each row. */
export function advantageChange(base: Outcome, variant: Outcome, prompt: ArrayLike<number>): AdvantageChange {
  const n = base.advantage.length;
  const after = new Float64Array(n).fill(Number.NaN);
  variant.rows.forEach((row, i) => {
    after[row] = variant.advantage[i];
  });
  const out: AdvantageChange = { rollouts: n, changed: 0, flips: 0, turns: 0, left: n - variant.rows.length, prompts: [] };
  const byPrompt = new Map<number, PromptAdvantages & { size: number }>();
  for (let row = 0; row < n; row++) {
    let own = byPrompt.get(prompt[row]);
    if (!own)
      byPrompt.set(prompt[row], (own = { prompt: prompt[row], first: row, before: [], after: [], flips: 0, turns: 0, size: 0 }));
    const [a, b] = [base.advantage[row], after[row]];
    own.before.push(a);
    own.after.push(b);
    if (Number.isNaN(b)) continue;
    const [was, is] = [sign(a), sign(b)];
    if (was * is < 0) own.flips++;
    else if (was !== is) own.turns++;
    if (Math.abs(a - b) > NONE) out.changed++;
    own.size += Math.abs(a - b);
  }
  for (const p of byPrompt.values()) {
    out.flips += p.flips;
    out.turns += p.turns;
  }
  out.prompts = [...byPrompt.values()]
    .filter((p) => p.size > NONE)
    .sort((p, q) => q.flips - p.flips || q.turns - p.turns || q.size - p.size || p.prompt - q.prompt)
    .map(({ size: _, ...p }) => p);
  return out;
}
