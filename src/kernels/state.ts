/**
 * The `state` buffer, u32[R, STATE_SIZE]: the counters of each run. Kernels advance them, so a replayed plan needs no CPU.
 */
export const STATE = {
  /** Seed of every random number of the run. */
  seed: 0,
  /** Training steps done. */
  step: 1,
  /** Mini-batch updates done (the contrastive warm-up counts these). */
  update: 2,
  /** Optimiser updates applied to the policy and to the head (Adam's bias correction counts these). */
  adamPolicy: 3,
  adamHead: 4,
  /** Updates that the NaN guard skipped. */
  skipped: 5,
  /** Position in a list that a plan walks through: held-out instances, demonstrations. */
  cursor: 6,
  /** Updates of CLIPO's head. */
  adamClipo: 7,
  /** Updates skipped because the batch held no rollout. */
  empty: 8,
  /** Sampler, this step (from here on, all that follows): 1 when no further round is needed. */
  samplerDone: 9,
  /** Sampler, this step: groups that passed the filter. */
  samplerKept: 10,
  /** Sampler, this step: rounds generated so far, and prompts that the next one draws. */
  samplerRounds: 11,
  samplerSlots: 12,
  /** Sampler, this step, MAX_DOMAINS entries each: prompts wanted, generated, kept, and correct rollouts among the generated. */
  samplerWanted: 16,
  samplerGenerated: 24,
  samplerAccepted: 32,
  samplerCorrect: 40,
} as const;
/** u32 per run in `state`. */
export const STATE_SIZE = 48;
/** Marks an empty place: a prompt slot without a record, a candidate that was not kept. */
export const NONE = 0xffffffff;

const constant = (name: string) => name.replace(/([A-Z])/g, '_$1').toUpperCase();

/** WGSL constants `STATE_SEED`, … */
export const stateWgsl: string = [
  ...Object.entries(STATE).map(([name, at]) => `const STATE_${constant(name)}: u32 = ${at}u;`),
  `const NONE: u32 = ${NONE}u;`,
  `const STATE_SIZE: u32 = ${STATE_SIZE}u;`,
].join('\n');
