import { type Case, happened, judged, type Patient } from './vitals';

/**
 * Thresholds, with their reasons. "Healthy" and "broken" are trainings at tiny size: the methods with their presets, and runs with ten and a
 * hundred times the rate, ten updates a batch, and fifty and a hundred times λ.
 */
export const THRESHOLDS = {
  /** Share of the last steps without an update: one is an accident, three in ten a state. */
  skipped: { watch: 0, act: 0.3 },
  empty: { watch: 0, act: 0.5 },
  /** Share of the batch's places that the filter left empty: with a third gone the pool is another one. */
  missing: { watch: 0.3 },
  /** Mean reward as a part of the best so far, when at least `least` was lost: healthy runs stayed above 0.85 of it, broken ones fell below 0.6.
   * `good`: as near to the best as makes no difference, to go back to. */
  reward: { watch: 0.7, act: 0.5, least: 0.1, good: 0.95 },
  /** Entropy as a part of the first step's: healthy 0.6 after 100 steps; a broken run ended at 0.15 with no mixed group left. */
  entropy: { watch: 0.35, act: 0.2 },
  /** A policy that is right nearly always may be as certain as it likes. */
  solved: 0.9,
  /** Entropy as a multiple of the first step's: healthy never above 1.1; 3 in a run that came to nothing, 11 in one that only makes noise. Counted from
   * `least` nats: a certain policy may double its entropy. */
  noise: { watch: 2, act: 3, least: 0.1 },
  /** Share of groups with right and wrong responses: below a tenth, two prompts of twenty teach something. */
  mixed: 0.1,
  /** Share of groups without a right response, and without a wrong one: healthy 0.2 to 0.35. */
  allWrong: { watch: 0.6, act: 0.85 },
  allRight: { watch: 0.6 },
  /** Effective rank of unit vectors that all lie on one line is 1: healthy above 1.4, with λ a hundred times too large 1.2. */
  rank: { watch: 1.3, act: 1.2 },
  /** Uniformity of vectors that all are one is 0; −0.2 is a mean cosine of 0.95. Healthy below −0.55. */
  uniformity: { watch: -0.35, act: -0.2 },
  /** Share of tokens that the clip stops. PPO is tuned to a tenth or so; at a third a good part of the batch is thrown away. */
  clip: { watch: 0.2, act: 0.35 },
  /** Gradient norm in units of its clip, or of its first value without one: healthy 0.5 to 1.5; λ = 50 gave 200. */
  gradient: { watch: 15, act: 60 },
} as const;

const T = THRESHOLDS;

const filters = (p: Patient) => p.config.sampler.filter === 'mixed';
/** Metric: share of groups that teach something, among the generated ones where a filter replaces the others. */
const mixedOf = (p: Patient) => (filters(p) ? 'sampler/kept' : 'group/mixed');
/** Hardly any group is mixed, and most of the others are all wrong (or all right). A filter hides which: the reward tells. */
function barren(p: Patient, right: boolean, words: Pick<Case, 'title' | 'advice' | 'turns'>): Case | null {
  const [wrongs, rights, reward] = ['group/allWrong', 'group/allRight', 'reward/generated'].map(p.smooth);
  const most = (at: number) => (filters(p) ? reward[at] > 0.5 : rights[at] > wrongs[at]) === right;
  const metric = mixedOf(p);
  // A policy that is right nearly always has nothing wrong with it.
  const severe = (at: number) => !right && !(reward[at] >= T.solved);
  return judged(
    p,
    { metric, values: p.smooth(metric), watch: T.mixed, act: T.mixed, below: true, also: most, actAlso: severe },
    words,
  );
}
const lowerRate = ['optimizer.lr', 'lower'] as const;

/** A field of the contrastive loss, where the run uses it. */
const contrastive = (p: Patient, turn: readonly [string, string]) => (p.config.contrast.lambda > 0 ? [turn] : []);
/** Fewer updates a batch, where there are several. */
const manyUpdates = (p: Patient) => (p.config.rollout.miniBatches > 1 ? ([['rollout.miniBatches', 'lower']] as const) : []);

type Symptom = (p: Patient) => Case | null;

/** How each ailment shows. */
export const SYMPTOMS = {
  notFinite: (p: Patient): Case | null => {
    return happened(p, 'gradient/skipped', T.skipped, {
      title: 'Updates are skipped: a loss or gradient is not a finite number',
      advice:
        'Go back to before it began; train on with a lower learning rate, or a larger τ where the contrastive loss overflows.',
      turns: [lowerRate, ...contrastive(p, ['contrast.tau', 'raise'])],
    });
  },

  emptyBatches: (p: Patient): Case | null => {
    const words = {
      title: 'The filter finds too few groups with a right and a wrong response',
      advice: 'Let it generate more prompts a step, or larger groups, which are mixed more often.',
      turns: [
        ['sampler.rounds', 'raise'],
        ['rollout.group', 'raise'],
      ] as const,
    };
    const values = p.smooth('sampler/missing');
    const { watch } = T.missing;
    return (
      happened(p, 'gradient/empty', T.empty, words) ?? judged(p, { metric: 'sampler/missing', values, watch, act: 1 }, words)
    );
  },

  rewardCollapse: (p: Patient): Case | null => {
    const values = p.smooth('reward/generated');
    // The first batch stands for the policy before training.
    let best = p.start('reward/generated');
    const bests = values.map((v) => {
      if (v > best) best = v;
      return best;
    });
    const fallen = (at: number, part: number) => values[at] < part * bests[at] && bests[at] - values[at] >= T.reward.least;
    const stretch = p.stretch((at) => fallen(at, T.reward.watch));
    if (!stretch) return null;
    const last = p.count - 1;
    const severe = fallen(last, T.reward.act);
    const good = values.findLastIndex((v) => v >= T.reward.good * best);
    return {
      severity: severe ? 'act' : 'watch',
      title: 'Reward has fallen far below its best',
      metric: 'reward/generated',
      value: values[last],
      threshold: (severe ? T.reward.act : T.reward.watch) * best,
      from: stretch.from,
      since: good < 0 ? p.step(0) - 1 : p.step(good),
      advice:
        'Go back to the best step and train on more gently: a lower learning rate, fewer updates a batch, less of the contrastive loss.',
      turns: [lowerRate, ...manyUpdates(p), ...contrastive(p, ['contrast.lambda', 'lower'])],
    };
  },

  entropyCollapse: (p: Patient): Case | null => {
    const start = p.start('policy/entropy');
    const values = p.smooth('policy/entropy');
    const reward = p.smooth('reward/generated');
    const mixed = p.smooth(mixedOf(p));
    return judged(
      p,
      {
        metric: 'policy/entropy',
        values,
        watch: T.entropy.watch * start,
        act: T.entropy.act * start,
        also: (at) => !(reward[at] >= T.solved),
        actAlso: (at) => !(mixed[at] >= T.mixed),
      },
      {
        title: 'The policy has stopped exploring: it is certain of answers that are often wrong',
        advice: 'Pay for entropy, leave more room to rise than to fall, or learn more slowly.',
        turns: [['objective.entropy', 'raise'], ['objective.clipHigh', 'raise'], lowerRate],
      },
    );
  },

  noise: (p: Patient): Case | null => {
    const start = Math.max(p.start('policy/entropy'), T.noise.least);
    return judged(
      p,
      { metric: 'policy/entropy', values: p.smooth('policy/entropy'), watch: T.noise.watch * start, act: T.noise.act * start },
      {
        title: 'The policy is falling apart: its tokens are ever more random',
        advice: 'Go back to before it began and train on with a lower learning rate or a smaller entropy bonus.',
        turns: [lowerRate, ['objective.entropy', 'lower'], ...contrastive(p, ['contrast.lambda', 'lower'])],
      },
    );
  },

  allWrong: (p: Patient): Case | null => {
    const words = {
      title: 'Most prompts get no right response at all: their groups teach nothing',
      advice: 'Draw more responses a prompt, replace such groups (dynamic sampling), or start from a better base.',
      turns: [
        ['rollout.group', 'raise'],
        ['sampler.filter', 'mixed'],
        ['warmStart.steps', 'raise'],
      ] as const,
    };
    const many = judged(p, { metric: 'group/allWrong', values: p.smooth('group/allWrong'), ...T.allWrong }, words);
    return many?.severity === 'act' ? many : (barren(p, false, words) ?? many);
  },

  allRight: (p: Patient): Case | null => {
    const words = {
      title: 'Most prompts are solved every time: their groups teach nothing any more',
      advice: 'Replace such groups (dynamic sampling), give the weak domains a larger share, or stop here.',
      turns: [
        ['sampler.filter', 'mixed'],
        ['curriculum.rule', 'mean'],
        ['tasks.mix', 'more of the weak domains'],
      ] as const,
    };
    const values = p.smooth('group/allRight');
    return judged(p, { metric: 'group/allRight', values, watch: T.allRight.watch, act: 1 }, words) ?? barren(p, true, words);
  },

  representationCollapse: (p: Patient): Case | null => {
    if (!(p.config.contrast.lambda > 0)) return null;
    const words = {
      title: 'Embeddings have collapsed: all rollouts point the same way',
      advice: 'Weaken the pull between positives, or sharpen the comparison with negatives by a smaller τ.',
      turns: [
        ['contrast.lambda', 'lower'],
        ['contrast.beta', 'lower'],
        ['contrast.tau', 'lower'],
      ] as const,
    };
    const rank = judged(p, { metric: 'embedding/rank', values: p.smooth('embedding/rank'), ...T.rank }, words);
    const spread = judged(
      p,
      { metric: 'embedding/uniformity', values: p.smooth('embedding/uniformity'), ...T.uniformity },
      words,
    );
    return spread?.severity === 'act' ? spread : (rank ?? spread);
  },

  clipSaturation: (p: Patient): Case | null => {
    return judged(
      p,
      { metric: 'policy/clipFraction', values: p.smooth('policy/clipFraction'), ...T.clip },
      {
        title: 'The clip stops a large part of the gradient: the policy moves too far within one batch',
        advice: 'Make fewer or smaller updates from each batch; a wider clip range only hides it.',
        turns: [...manyUpdates(p), lowerRate],
      },
    );
  },

  gradientExplosion: (p: Patient): Case | null => {
    const { clipNorm } = p.config.optimizer;
    const unit = clipNorm > 0 ? clipNorm : p.start('gradient/norm');
    if (!(unit > 0)) return null;
    return judged(
      p,
      { metric: 'gradient/norm', values: p.smooth('gradient/norm'), watch: T.gradient.watch * unit, act: T.gradient.act * unit },
      {
        title: clipNorm > 0 ? 'Gradients are many times longer than their clip: one loss drowns the rest' : 'Gradients explode',
        advice: 'Lower the weight of the loss that drowns the others; clip gradients where they are not clipped.',
        turns: [
          ...contrastive(p, ['contrast.lambda', 'lower']),
          lowerRate,
          ...(clipNorm > 0 ? [] : ([['optimizer.clipNorm', 'set']] as const)),
        ],
      },
    );
  },
} as const satisfies Record<string, Symptom>;

/** What can go wrong with a run. */
export type Ailment = keyof typeof SYMPTOMS;
