import type { Outcome } from '../../store/whatif';

/** A number before and after the step; null where it is not measured. */
export interface Move {
  before: number | null;
  after: number | null;
}

/** One number that a step acts on. */
export interface EffectRow {
  label: string;
  hint: string;
  digits: number;
  percent?: boolean;
  /** Only of the update as such: it has no before. */
  once?: boolean;
  of(outcome: Outcome, tau: number): Move;
}

/** Numbers that belong together. */
export interface EffectGroup {
  title: string;
  hint: string;
  rows: EffectRow[];
}

type Metrics = Outcome['before']['metrics'];

const both = (f: (m: Metrics, outcome: Outcome, tau: number) => number | null) => (outcome: Outcome, tau: number) => ({
  before: f(outcome.before.metrics, outcome, tau),
  after: f(outcome.after.metrics, outcome, tau),
});
const metric = (name: string) => both((m) => m[name] ?? null);
const once = (name: string) => (outcome: Outcome) => ({ before: null, after: outcome.before.metrics[name] ?? null });
/** Logits are cosines over τ: those of another τ are brought to the run's. */
const logit = (name: string) =>
  both((m, { config }, tau) => {
    const value = m[name] ?? null;
    return value === null || config.contrast.tau === tau ? value : (value * config.contrast.tau) / tau;
  });

const term = (m: Metrics, { config }: Outcome): number | null => {
  const loss = m['loss/contrastive'] ?? null;
  return config.contrast.lambda === 0 ? 0 : loss === null ? null : config.contrast.lambda * loss;
};

/** What the table shows, in its order. */
export const EFFECT: readonly EffectGroup[] = [
  {
    title: 'Loss',
    hint: 'What the update makes smaller, on the responses of the frozen batch. Each column is measured with its own λ, τ, β and γ.',
    rows: [
      {
        label: 'Whole loss',
        hint: 'Policy loss plus λ times the contrastive loss: what the update goes down on (12).',
        digits: 4,
        of: both((m, outcome) => {
          const [policy, contrastive] = [m['loss/policy'] ?? null, term(m, outcome)];
          return policy === null || contrastive === null ? null : policy + contrastive;
        }),
      },
      {
        label: 'Policy loss',
        hint: 'Minus the clipped, advantage-weighted probability ratios of the tokens (3), with the entropy bonus. Lower: rewarded responses became likelier.',
        digits: 4,
        of: metric('loss/policy'),
      },
      {
        label: 'λ × contrastive loss',
        hint: 'The contrastive loss as it enters the whole loss; nothing at λ = 0.',
        digits: 4,
        of: both(term),
      },
      {
        label: 'Contrastive loss',
        hint: 'β times the cross-domain loss plus γ times the in-domain loss (11). Low when right answers lie together and away from wrong ones. It is measured at λ = 0 too, where nothing goes down on it.',
        digits: 4,
        of: metric('loss/contrastive'),
      },
      {
        label: 'Cross-domain loss',
        hint: 'How hard right answers of other domains are to tell from wrong ones (9).',
        digits: 4,
        of: metric('loss/cross'),
      },
      {
        label: 'In-domain loss',
        hint: 'How hard right answers of the same domain are to tell from wrong ones (10).',
        digits: 4,
        of: metric('loss/inDomain'),
      },
    ],
  },
  {
    title: 'Policy',
    hint: 'The policy on the same responses, before and after the update.',
    rows: [
      {
        label: 'Entropy',
        hint: 'How undecided the policy is at each token, in nats, on average.',
        digits: 4,
        of: metric('policy/entropy'),
      },
      {
        label: 'Ratio',
        hint: 'How much likelier the tokens are than when they were sampled, on average over tokens.',
        digits: 4,
        of: metric('policy/ratio'),
      },
      {
        label: 'Clipped tokens',
        hint: 'Tokens whose ratio is so far from 1 that the clip stops their gradient.',
        digits: 1,
        percent: true,
        of: metric('policy/clipFraction'),
      },
    ],
  },
  {
    title: 'Logits',
    hint: 'Mean logits by what two responses are to each other. A logit is the cosine of two embeddings over τ; all columns use the run’s τ, so that only what moved differs.',
    rows: [
      {
        label: 'Cross-domain positive',
        hint: 'Two right answers of different domains.',
        digits: 3,
        of: logit('logit/crossPositive'),
      },
      { label: 'In-domain positive', hint: 'Two right answers of one domain.', digits: 3, of: logit('logit/inDomainPositive') },
      { label: 'Negative', hint: 'A right answer and a wrong one.', digits: 3, of: logit('logit/negative') },
      {
        label: 'Margin',
        hint: 'Cross-domain positive minus negative: how well right is told from wrong across domains.',
        digits: 3,
        of: both((m, { config }, tau) => {
          const [a, b] = [m['logit/crossPositive'] ?? null, m['logit/negative'] ?? null];
          return a === null || b === null ? null : ((a - b) * config.contrast.tau) / tau;
        }),
      },
    ],
  },
  {
    title: 'Gradient',
    hint: 'The gradient that this update is made of.',
    rows: [
      {
        label: 'Norm, policy',
        hint: 'Length of the policy’s gradient before it is cut to the gradient-norm clip.',
        digits: 4,
        once: true,
        of: once('gradient/norm'),
      },
      {
        label: 'Norm, head',
        hint: 'Length of the projection head’s gradient before it is cut.',
        digits: 4,
        once: true,
        of: once('gradient/headNorm'),
      },
      {
        label: 'Conflicts',
        hint: 'Pairs of domains whose gradients point against each other, over the policy’s tensors.',
        digits: 1,
        percent: true,
        once: true,
        of: once('gradient/conflicts'),
      },
    ],
  },
];

/** A row with a move in each column; `before` is the first column's, the run's. */
export interface EffectLine {
  row: EffectRow;
  moves: Move[];
}

/** The table of some outcomes, the run's first; rows and groups without any number are left out. `tau`: of the run. */
export function effectOf(outcomes: readonly Outcome[], tau: number): { group: EffectGroup; lines: EffectLine[] }[] {
  const embedded = outcomes.some((o) => o.before.frame.vectors !== null);
  return EFFECT.map((group) => ({
    group,
    lines: group.rows
      .map((row) => ({ row, moves: outcomes.map((o) => row.of(o, tau)) }))
      .filter(({ row, moves }) => moves.some((m) => m.after !== null) && (embedded || !row.label.includes('λ'))),
  })).filter((g) => g.lines.length > 0);
}
