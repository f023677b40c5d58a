// biome-ignore-all format: one field a line, so that the table can be read

import * as z from 'zod/mini';

/**
 * The one truth about configuration: every field with its bounds, label, symbol, unit, help and the paper's value.
 * The CLI flags, URL text, page controls, `hyper` buffer offsets and the README's table are derived from it.
 */

/** Where a field acts: `shape` decides buffers and dispatches, `run` lies in the `hyper` buffer, `setup` acts before or around training. */
export type Scope = 'shape' | 'run' | 'setup';

/** What a field says about itself. */
export interface FieldMeta {
  label: string;
  /** Symbol in the paper or in the usual notation. */
  symbol?: string;
  unit?: string;
  scale?: 'linear' | 'log';
  scope: Scope;
  help: string;
  /** The paper's value. */
  paper?: number | string | boolean;
}

type NumberMeta = FieldMeta & { min: number; max: number; default: number };

/** Inclusive bounds of a numeric field. */
export interface NumberBounds {
  integer: boolean;
  min: number;
  max: number;
}

/** What each field says about itself. */
export const about = z.registry<FieldMeta & Partial<NumberBounds>>();

const described = <T extends z.ZodMiniType>(type: T, meta: FieldMeta & Partial<NumberBounds>): T => {
  about.add(type, meta);
  return type;
};
const real = ({ default: value, ...meta }: NumberMeta) =>
  described(z._default(z.number().check(z.gte(meta.min), z.lte(meta.max)), value), { ...meta, integer: false });
const whole = ({ default: value, ...meta }: NumberMeta) =>
  described(z._default(z.int().check(z.gte(meta.min), z.lte(meta.max)), value), { ...meta, integer: true });
const flag = ({ default: value, ...meta }: FieldMeta & { default: boolean }) => described(z._default(z.boolean(), value), meta);
const text = ({ default: value, ...meta }: FieldMeta & { default: string }) => described(z._default(z.string().check(z.maxLength(200)), value), meta);
const choice = <const T extends readonly [string, ...string[]]>(options: T, { default: value, ...meta }: FieldMeta & { default: T[number] }) =>
  described(z._default(z.enum(options), value as never), meta);
const group = <T extends z.core.$ZodShape>(shape: T) => z.prefault(z.strictObject(shape), {} as never);

const noise = (value: number, label: string, help: string) =>
  real({ min: 0, max: 1, default: value, label, scope: 'setup', help });

/** The schema: zod objects nested as the key paths are. */
export const schema = z.strictObject({
  seed: whole({ min: 0, max: 4294967295, default: 0, label: 'Seed', scope: 'run', help: 'Starts every random number of a run: prompts, tokens, head initialisation.' }),
  steps: whole({ min: 1, max: 1000000, default: 150, scale: 'log', label: 'Steps', unit: 'steps', scope: 'run', paper: 513, help: 'Training steps; each samples one batch of rollouts. The learning rate decays over them.' }),
  tasks: group({
    mix: text({ default: 'math:1,code:1,science:1,toolUse:1,safety:1', label: 'Domain mix', scope: 'run', help: 'Share of each domain in a batch, as domain:weight pairs. A domain left out gets none.' }),
    world: whole({ min: 0, max: 4294967295, default: 7, label: 'World seed', scope: 'setup', help: 'Fixes the hidden semantics: tool signatures and harm scores, and the operators that Science permutes.' }),
    modulus: whole({ min: 3, max: 10, default: 5, label: 'Modulus', scope: 'setup', help: 'Arithmetic is done modulo this number. A small one lets wrong reasoning hit the right answer by luck.' }),
    relatedness: whole({ min: 0, max: 3, default: 3, label: 'Relatedness', scope: 'setup', help: 'How many of the three operators mean in Science what they mean in Math.' }),
    strict: flag({ default: false, label: 'Strict verifier', scope: 'setup', help: 'Rewards only the whole gold response, so that a lucky answer after wrong steps earns nothing.' }),
    instances: whole({ min: 8, max: 65536, default: 1024, scale: 'log', label: 'Training instances', unit: 'per benchmark', scope: 'setup', help: 'Size of the training set of each benchmark column.' }),
  }),
  rollout: group({
    prompts: whole({ min: 1, max: 2048, default: 40, scale: 'log', label: 'Prompts', symbol: 'B', unit: 'per step', scope: 'shape', paper: 128, help: 'Prompts in a rollout batch.' }),
    group: whole({ min: 1, max: 64, default: 8, scale: 'log', label: 'Group size', symbol: 'G', unit: 'rollouts', scope: 'shape', paper: 8, help: 'Rollouts sampled for each prompt; advantages compare rollouts within this group.' }),
    miniBatches: whole({ min: 1, max: 64, default: 1, scale: 'log', label: 'Updates per batch', unit: 'updates', scope: 'shape', paper: 2, help: 'Mini-batches that a batch is split into, one optimiser update each. With one, the ratio stays 1 and clipping never acts.' }),
    temperature: real({ min: 0.05, max: 5, default: 1, scale: 'log', label: 'Sampling temperature', symbol: 'T', scope: 'run', paper: 1, help: 'Logits are divided by it when sampling and in the objective.' }),
  }),
  sampler: group({
    filter: choice(['none', 'mixed'], { default: 'none', label: 'Dynamic sampling', scope: 'run', help: 'Which prompts are trained on: all, or only those whose group has a correct and a wrong rollout (DAPO); more are then generated until the batch is full.' }),
    rounds: whole({ min: 1, max: 64, default: 1, label: 'Generation limit', unit: '× B prompts', scope: 'run', help: 'Prompts generated in one step at most, in rounds of up to B: each as large as what is still missing asks for.' }),
  }),
  reward: group({
    overlongBuffer: real({ min: 0, max: 64, default: 0, label: 'Overlong buffer', symbol: 'L_c', unit: 'tokens', scope: 'run', help: 'Overlong soft punishment (DAPO): over the last tokens before the length limit the reward falls linearly. 0 turns it off.' }),
    overlongFactor: real({ min: 0, max: 10, default: 1, label: 'Overlong factor', scope: 'run', help: 'Punishment of a response that reaches the length limit.' }),
  }),
  policy: group({
    kind: choice(['transformer', 'gru'], { default: 'transformer', label: 'Backbone', scope: 'shape', help: 'Causal transformer, or gated recurrent units of the same width and depth.' }),
    width: whole({ min: 8, max: 512, default: 48, scale: 'log', label: 'Width', symbol: 'H', unit: 'channels', scope: 'shape', help: 'Width of the backbone; a multiple of 4, in a transformer of 4 times the number of heads.' }),
    layers: whole({ min: 1, max: 8, default: 2, label: 'Layers', symbol: 'L', scope: 'shape', help: 'Transformer blocks (attention and MLP), or recurrent layers.' }),
    heads: whole({ min: 1, max: 16, default: 4, scale: 'log', label: 'Attention heads', symbol: 'A', scope: 'shape', help: 'Attention heads of each block; recurrent layers have none.' }),
  }),
  optimizer: group({
    lr: real({ min: 1e-7, max: 1, default: 1e-3, scale: 'log', label: 'Learning rate', symbol: 'η', scope: 'run', paper: 1e-6, help: 'AdamW step size of the policy at its peak.' }),
    warmup: whole({ min: 0, max: 10000, default: 5, label: 'Rate warm-up', unit: 'steps', scope: 'run', help: 'Steps over which the learning rate rises linearly from zero.' }),
    decay: real({ min: 0, max: 1, default: 0.1, label: 'Final rate', unit: 'of the peak', scope: 'run', paper: 1, help: 'Learning rate at the last step as a fraction of the peak; linear in between.' }),
    beta1: real({ min: 0, max: 0.9999, default: 0.9, label: 'Adam β₁', symbol: 'β₁', scope: 'run', paper: 0.9, help: 'Decay of the gradient average.' }),
    beta2: real({ min: 0, max: 0.99999, default: 0.99, label: 'Adam β₂', symbol: 'β₂', scope: 'run', paper: 0.999, help: 'Decay of the squared-gradient average.' }),
    epsilon: real({ min: 1e-12, max: 1, default: 1e-8, scale: 'log', label: 'Adam ε', symbol: 'ε', scope: 'run', paper: 1e-8, help: 'Added to the root of the squared-gradient average.' }),
    weightDecay: real({ min: 0, max: 1, default: 0.01, label: 'Weight decay', scope: 'run', paper: 0.01, help: 'Decoupled weight decay (AdamW).' }),
    clipNorm: real({ min: 0, max: 1000, default: 1, scale: 'log', label: 'Gradient-norm clip', scope: 'run', paper: 1, help: 'Gradients longer than this are scaled down to it; 0 turns clipping off.' }),
  }),
  objective: group({
    clipLow: real({ min: 0, max: 1, default: 0.2, label: 'Clip range, low', symbol: 'ε_low', scope: 'run', paper: 0.2, help: 'The ratio may fall to 1 − this before its gradient stops.' }),
    clipHigh: real({ min: 0, max: 10, default: 0.2, label: 'Clip range, high', symbol: 'ε_high', scope: 'run', paper: 0.2, help: 'The ratio may rise to 1 + this before its gradient stops. DAPO uses 0.28.' }),
    dualClip: real({ min: 0, max: 100, default: 3, label: 'Dual clip', symbol: 'c', scope: 'run', paper: 3, help: 'Upper bound of the ratio for negative advantages; 0 turns it off.' }),
    entropy: real({ min: 0, max: 1, default: 0.001, scale: 'log', label: 'Entropy bonus', scope: 'run', paper: 0.001, help: 'Weight of the token-mean entropy in the objective.' }),
    normalizeStd: flag({ default: true, label: 'Divide by group deviation', scope: 'run', paper: true, help: 'GRPO divides the advantage by the standard deviation of the group; off is Dr. GRPO.' }),
  }),
  contrast: group({
    lambda: real({ min: 0, max: 100, default: 0.1, scale: 'log', label: 'Contrastive weight', symbol: 'λ', scope: 'run', paper: 0.1, help: 'Weight of the contrastive loss beside the policy loss (12); 0 leaves plain GRPO.' }),
    tau: real({ min: 0.01, max: 2, default: 0.1, scale: 'log', label: 'Contrastive temperature', symbol: 'τ', scope: 'run', paper: 0.1, help: 'Cosines are divided by it: smaller is sharper.' }),
    beta: real({ min: 0, max: 10, default: 0.5, label: 'Cross-domain weight', symbol: 'β', scope: 'run', paper: 0.5, help: 'Weight of the cross-domain loss in (11).' }),
    gamma: real({ min: 0, max: 10, default: 0.5, label: 'In-domain weight', symbol: 'γ', scope: 'run', paper: 0.5, help: 'Weight of the in-domain loss in (11).' }),
    warmup: whole({ min: 0, max: 1000000, default: 15, label: 'Contrastive warm-up', unit: 'updates', scope: 'run', paper: 100, help: 'Updates during which the contrastive loss trains the projection head only and leaves the policy alone.' }),
    scope: choice(['pool', 'prompt'], { default: 'pool', label: 'Contrastive scope', scope: 'run', paper: 'pool', help: 'Rollouts that an anchor is compared with: the whole pool, or those of its own prompt (CLIPO as an auxiliary loss; only the in-domain part is left).' }),
    weightMap: choice(['cosine', 'half', 'raw'], { default: 'cosine', label: 'Compatibility map', scope: 'run', help: 'Compatibility (5) from prototypes: max(0, cos), (1 + cos) / 2, or the clamped dot product of the means before normalisation.' }),
    weightGradient: flag({ default: false, label: 'Gradient through compatibility', scope: 'run', help: 'Lets the gradient flow through the compatibility weights too, instead of holding them fixed.' }),
    denominator: choice(['negatives', 'all'], { default: 'negatives', label: 'Denominator', scope: 'run', help: 'What a positive competes with: incorrect rollouts only, or all other rollouts (SupCon).' }),
    normalizer: choice(['global', 'anchor'], { default: 'global', label: 'Normaliser', scope: 'run', help: 'Each loss is divided by the mass of positives of the whole pool, or anchor by anchor, then averaged.' }),
    mixing: choice(['coefficients', 'convex'], { default: 'coefficients', label: 'Mixing (11)', scope: 'run', help: 'β L_x + γ L_in, or (1 − γ) L_x + γ L_in.' }),
    pooling: choice(['mean', 'last'], { default: 'mean', label: 'Pooling', scope: 'run', paper: 'mean', help: 'Representation of a rollout: mean over its response tokens, or the last one.' }),
    position: choice(['after', 'before'], { default: 'after', label: 'Pooling position', scope: 'run', help: 'Hidden state after a response token was read, or before, the one that predicts it.' }),
    labels: choice(['verifier', 'shaped'], { default: 'verifier', label: 'Labels', scope: 'run', help: 'Positives by the verifier’s reward, or by the shaped reward (with the overlong punishment) of at least 0.5.' }),
    backbone: flag({ default: true, label: 'Reaches the policy', scope: 'run', paper: true, help: 'Off: the head is trained as a mere probe and the policy never feels the contrastive loss.' }),
  }),
  head: group({
    hidden: whole({ min: 4, max: 1024, default: 64, scale: 'log', label: 'Head hidden width', symbol: 'K', unit: 'channels', scope: 'shape', paper: 256, help: 'Hidden width of the two-layer projection head; a multiple of 4.' }),
    width: whole({ min: 4, max: 1024, default: 64, scale: 'log', label: 'Embedding width', symbol: 'D', unit: 'channels', scope: 'shape', paper: 256, help: 'Width of the embedding that the head puts out; a multiple of 4.' }),
    activation: choice(['relu', 'gelu'], { default: 'relu', label: 'Head activation', scope: 'shape', help: 'Nonlinearity between the two layers of the projection head.' }),
    freeze: choice(['never', 'start', 'warmup'], { default: 'never', label: 'Frozen head', scope: 'run', paper: 'never', help: 'Keeps the projection head as initialised (from the start), or as it is after the contrastive warm-up.' }),
    lr: real({ min: 0, max: 1, default: 1e-3, scale: 'log', label: 'Head learning rate', scope: 'run', help: 'AdamW step size of the projection head; 0 freezes it at its initialisation.' }),
    weightDecay: real({ min: 0, max: 1, default: 0.01, label: 'Head weight decay', scope: 'run', help: 'Decoupled weight decay of the projection head.' }),
    clipNorm: real({ min: 0, max: 1000, default: 1, scale: 'log', label: 'Head gradient-norm clip', scope: 'run', help: 'As for the policy, taken over the head alone; 0 turns it off.' }),
  }),
  clipo: group({
    lambda: real({ min: 0, max: 10, default: 0, label: 'Contrastive reward', symbol: 'λ_c', scope: 'run', help: 'CLIPO: weight of the contrastive reward −λ_c · loss of a correct rollout; 0 turns it off. Its authors use 0.2.' }),
    tau: real({ min: 0.01, max: 2, default: 0.05, scale: 'log', label: 'CLIPO temperature', symbol: 'τ', scope: 'run', help: 'Temperature of CLIPO’s contrastive loss.' }),
    clamp: real({ min: 0, max: 10, default: 0.5, label: 'CLIPO clamp', scope: 'run', help: 'The contrastive reward is never below minus this.' }),
    loss: choice(['infonce', 'supconOut', 'supconIn', 'softNn'], { default: 'infonce', label: 'CLIPO loss', scope: 'run', help: 'InfoNCE with one positive drawn at random, SupCon with the mean outside or inside the logarithm, or soft nearest neighbours.' }),
    level: choice(['group', 'cross', 'batch'], { default: 'group', label: 'CLIPO level', scope: 'run', help: 'Positives and denominator from the prompt’s group; positives from the group, denominator over the batch; or both over the batch.' }),
    hidden: whole({ min: 0, max: 1024, default: 0, label: 'CLIPO head hidden width', unit: 'channels', scope: 'shape', help: 'Hidden width of CLIPO’s own head, a multiple of 4; 0 makes it linear.' }),
    width: whole({ min: 4, max: 1024, default: 64, scale: 'log', label: 'CLIPO embedding width', unit: 'channels', scope: 'shape', help: 'Width of CLIPO’s embedding; a multiple of 4.' }),
    lr: real({ min: 0, max: 1, default: 1e-3, scale: 'log', label: 'CLIPO head rate', scope: 'run', help: 'AdamW step size of CLIPO’s head, one update a step.' }),
    weightDecay: real({ min: 0, max: 1, default: 0.01, label: 'CLIPO head weight decay', scope: 'run', help: 'Decoupled weight decay of CLIPO’s head.' }),
    warmup: whole({ min: 0, max: 1000000, default: 0, label: 'CLIPO warm-up', unit: 'steps', scope: 'run', help: 'Steps that train CLIPO’s head only; the policy waits.' }),
  }),
  surgery: group({
    granularity: choice(['off', 'tensor', 'block', 'global'], { default: 'off', label: 'Gradient surgery', scope: 'run', help: 'MGS: projects conflicting domain gradients off each other, per parameter tensor, per block (attention, MLP, embedding, output), or over all parameters.' }),
  }),
  curriculum: group({
    rule: choice(['off', 'mean', 'strict'], { default: 'off', label: 'Task weights', scope: 'run', help: 'MT-GRPO: domains that improve little and score low are sampled more. Improvement as a mean once per step, or as its authors’ code has it (a sum, once per update).' }),
    lambda: real({ min: 0, max: 10, default: 0.2, label: 'Accuracy weight', symbol: 'λ_mt', scope: 'run', help: 'Weight of a domain’s accuracy beside its improvement.' }),
    kappa: real({ min: 0, max: 10, default: 0.1, label: 'Improvement clip', symbol: 'κ', scope: 'run', help: 'Improvements are clipped to ± this (strict: times learning rate / 1e-6).' }),
    lr: real({ min: 0, max: 1, default: 0.025, scale: 'log', label: 'Task-weight rate', scope: 'run', help: 'Adam step size of the task weights’ logits.' }),
    decay: real({ min: 0, max: 1, default: 1e-5, label: 'Task-weight decay', scope: 'run', help: 'L2 penalty of the logits, added to their gradient.' }),
    average: real({ min: 0, max: 0.999, default: 0.5, label: 'Accuracy average', scope: 'run', help: 'Decay of the running average of each domain’s accuracy.' }),
    filterAverage: real({ min: 0, max: 0.999, default: 0.9, label: 'Filter-rate average', scope: 'run', help: 'Decay of the running average of each domain’s share of filtered prompts.' }),
    maxFactor: real({ min: 1, max: 100, default: 5, label: 'Largest compensation', symbol: 'M_acc', scope: 'run', help: 'Bound of 1 / (1 − filter rate), by which a domain is oversampled.' }),
  }),
  warmStart: group({
    steps: whole({ min: 0, max: 1000000, default: 600, scale: 'log', label: 'Warm-start steps', unit: 'steps', scope: 'setup', help: 'Supervised steps on noisy demonstrations that make the base checkpoint.' }),
    batch: whole({ min: 1, max: 4096, default: 112, scale: 'log', label: 'Demonstrations', unit: 'per step', scope: 'setup', help: 'Demonstrations in one supervised step.' }),
    lr: real({ min: 1e-7, max: 1, default: 3e-3, scale: 'log', label: 'Warm-start rate', scope: 'setup', help: 'AdamW step size of the supervised steps (30 steps of linear warm-up).' }),
    mix: text({ default: 'math:5,code:2,science:5,toolUse:3,safety:2', label: 'Warm-start mix', scope: 'setup', help: 'Share of each domain among the demonstrations.' }),
    noiseAdd: noise(0.3, 'Noise: + as −', 'Chance that the demonstrator mistakes + for − in Math and Science.'),
    noiseSubtract: noise(0.5, 'Noise: − as +', 'Chance that the demonstrator mistakes − for + in Math and Science.'),
    noiseMultiply: noise(0.65, 'Noise: * as +', 'Chance that the demonstrator mistakes * for + in Math and Science.'),
    noiseInfix: noise(0.45, 'Noise: copies infix', 'Chance that a Code demonstration copies the infix expression.'),
    noisePrecedence: noise(0.35, 'Noise: ignores precedence', 'Chance that a Code demonstration ignores precedence and groups.'),
    noiseOrder: noise(0.75, 'Noise: argument order', 'Chance that a ToolUse demonstration keeps the order of appearance.'),
    noiseTool: noise(0.4, 'Noise: wrong tool', 'Chance that a ToolUse demonstration calls a random tool.'),
    noiseFormat: noise(0.4, 'Noise: forgets #', 'Chance that a Safety demonstration forgets the answer mark.'),
    noiseFirst: noise(0.4, 'Noise: first words only', 'Chance that a Safety demonstration compares only the first words.'),
  }),
  eval: group({
    every: whole({ min: 0, max: 1000000, default: 50, label: 'Evaluate every', unit: 'steps', scope: 'setup', help: 'Steps between held-out evaluations; 0 evaluates only before and after.' }),
    prompts: whole({ min: 1, max: 4096, default: 64, scale: 'log', label: 'Held-out prompts', unit: 'per benchmark', scope: 'setup', help: 'Held-out prompts of each benchmark column.' }),
    samples: whole({ min: 1, max: 256, default: 4, scale: 'log', label: 'Samples', symbol: 'k', unit: 'per prompt', scope: 'setup', paper: 32, help: 'Responses drawn for each held-out prompt: avg@k.' }),
    temperature: real({ min: 0, max: 5, default: 1, label: 'Evaluation temperature', scope: 'setup', help: 'Sampling temperature of evaluations; 0 is greedy.' }),
  }),
});

/** A complete, valid configuration. */
export type Config = z.infer<typeof schema>;
/** T with every key optional, at every depth. */
export type DeepPartial<T> = { [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] };
/** Part of a configuration: a preset or the user's changes. */
export type Layer = DeepPartial<Config>;
