/**
 * N rollouts of one run at one step, as the page's views see them: geometry, logits, contrastive inspector, rollout inspector. Rollouts of a
 * prompt lie together, prompts of a domain too; places that a sampler left empty are left out.
 */
export interface Frame {
  /** The last mini-batch of training, fresh responses to held-out prompts, or a pool that the user brought. */
  source: 'pool' | 'heldOut' | 'file';
  /** Place of the run in its fleet. */
  run: number;
  /** Steps done when these rollouts had been trained on (pool) or were sampled (heldOut); 0 for files. */
  step: number;
  /** N. */
  n: number;
  /** Names by index: domain ids, benchmark columns. */
  domains: string[];
  columns: string[];
  /** u32[N]. `prompt` counts 0, 1, … in the order of the rows. */
  domain: Uint32Array;
  column: Uint32Array;
  prompt: Uint32Array;
  /** f32[N]: the verifier's 0 or 1. */
  reward: Float32Array;
  /** f32[N]: group-relative advantage, and what it was made from (reward, punishment, bonus); null outside training. */
  advantage: Float32Array | null;
  score: Float32Array | null;
  /** f32[N, width]: unit embeddings of the projection head (pool), pooled hidden states (heldOut), a file's vectors; null without any. */
  vectors: Float32Array | null;
  width: number;
  /** Text of each prompt, by `prompt`. */
  promptText: string[];
  /** What the verifier says about each rollout; empty strings for files. */
  reason: string[];
  /** u32[N, responseLength] and tokens of each, EOS included; null for files. */
  response: Uint32Array | null;
  length: Uint32Array | null;
  /** T. */
  responseLength: number;
  /**
   * f32[N, T] each, of response tokens; null outside training. `logp`: log-probability when sampled, at the sampling temperature;
   * `ratio`: probability now over then; `entropy`: nats; `objective`: the token's loss in (3), clipped, without entropy bonus.
   */
  tokens: { logp: Float32Array; ratio: Float32Array; entropy: Float32Array; objective: Float32Array } | null;
}
