import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { ParameterLayout } from '../src/engine/parameters';
import type { BatchShape, PolicyShape } from '../src/engine/shape';
import type { Tf } from './peers';

/**
 * How the attention of new tokens over the cache is written. `single`: one row of scores per rollout and head, the prefix copied to
 * each rollout. `grouped`: the rollouts of a group as the rows of one product with the prefix and the responses of the whole group,
 * those of others masked out: more arithmetic in far fewer, larger products.
 */
export type AttentionForm = 'single' | 'grouped';

/** Sampled (or forced) tokens and their log-probabilities, [T, N] each. */
export interface TfSamples {
  tokens: Int32Array;
  logp: Float32Array;
}

/**
 * The policy in TensorFlow.js as a user would sample from it: all rollouts in one batch, each prompt's prefix computed once for its
 * group, keys and values cached, tokens drawn on the device, one readback at the end.
 */
export class TfPolicy {
  private readonly weights: {
    embedding: Tensor2D;
    position: Tensor2D;
    output: Tensor2D;
    layers: Record<'qkv' | 'out' | 'up' | 'down', Tensor2D>[];
  };
  private readonly mask: Tensor2D;
  /** f32[G, Q + T·G], for `grouped`: 0 where rollout j sees the column, which is a prompt token or (t, j'). */
  private readonly groupMask: Tensor2D;
  private readonly prompts: Tensor1D;
  private seed = 1;

  /** @param prompts u32[B, Q] */
  constructor(
    private readonly tf: Tf,
    private readonly policy: PolicyShape,
    private readonly batch: BatchShape,
    layout: ParameterLayout,
    parameters: Float32Array,
    prompts: Uint32Array,
    private readonly form: AttentionForm,
  ) {
    const matrix = (name: string, scaledRows = 0) => {
      const { offset, rows, columns } = layout.at(name);
      const data = parameters.slice(offset, offset + rows * columns);
      // 1/√(head width) of the attention goes into the query weights.
      for (let i = 0; i < scaledRows * columns; i++) data[i] /= Math.sqrt(policy.width / policy.heads);
      return tf.tensor2d(data, [rows, columns]);
    };
    this.weights = {
      embedding: matrix('policy.tokenEmbedding'),
      position: matrix('policy.positionEmbedding'),
      output: matrix('policy.output'),
      layers: Array.from({ length: policy.layers }, (_, l) => ({
        qkv: matrix(`policy.layers.${l}.qkv`, policy.width),
        out: matrix(`policy.layers.${l}.out`),
        up: matrix(`policy.layers.${l}.up`),
        down: matrix(`policy.layers.${l}.down`),
      })),
    };
    const Q = policy.promptLength;
    this.mask = tf.tensor2d(
      Float32Array.from({ length: Q * Q }, (_, i) => (i % Q > Math.floor(i / Q) ? -1e9 : 0)),
      [Q, Q],
    );
    const [G, columns] = [batch.group, Q + policy.responseLength * batch.group];
    const others = (i: number) => i % columns >= Q && ((i % columns) - Q) % G !== Math.floor(i / columns);
    this.groupMask = tf.tensor2d(
      Float32Array.from({ length: G * columns }, (_, i) => (others(i) ? -1e9 : 0)),
      [G, columns],
    );
    this.prompts = tf.tensor1d(Int32Array.from(prompts), 'int32');
  }

  private norm = (x: Tensor) =>
    this.tf.mul(x, this.tf.rsqrt(this.tf.add(this.tf.mean(this.tf.square(x), 1, true), 1e-6))) as Tensor2D;
  private linear = (x: Tensor, w: Tensor2D) => this.tf.matMul(x as Tensor2D, w, false, true);

  /** Logits of rows that end the blocks: x f32[rows, H] → [rows, V]. */
  private logits = (x: Tensor) => this.linear(this.norm(x), this.weights.output) as Tensor2D;

  private block(x: Tensor, layer: number, attend: (q: Tensor, k: Tensor, v: Tensor) => Tensor): Tensor {
    const { tf } = this;
    const w = this.weights.layers[layer];
    const [q, k, v] = tf.split(this.linear(this.norm(x), w.qkv), 3, 1);
    const mixed = tf.add(x, this.linear(attend(q, k, v), w.out));
    return tf.add(mixed, this.linear(tf.square(tf.relu(this.linear(this.norm(mixed), w.up))), w.down));
  }

  /** The prompts, once per group: keys and values per layer ([N, A, Q, d] or, grouped, [B, A, Q, d]), and the last row's logits [N, V]. */
  private prefill(): { cache: Tensor[][]; logits: Tensor2D } {
    const { tf } = this;
    const { width, heads, layers, promptLength: Q, vocabulary } = this.policy;
    const { prompts: B, group: G } = this.batch;
    const d = width / heads;
    const split = (x: Tensor) => tf.transpose(tf.reshape(x, [B, Q, heads, d]), [0, 2, 1, 3]);
    const forGroup = (x: Tensor) =>
      this.form === 'grouped' ? x : tf.reshape(tf.tile(tf.reshape(x, [B, 1, heads * Q * d]), [1, G, 1]), [B * G, heads, Q, d]);
    const place = tf.slice(this.weights.position, 0, Q);
    let x: Tensor = tf.reshape(tf.add(tf.reshape(tf.gather(this.weights.embedding, this.prompts), [B, Q, width]), place), [
      B * Q,
      width,
    ]);
    const cache: Tensor[][] = [];
    for (let l = 0; l < layers; l++)
      x = this.block(x, l, (q, k, v) => {
        const [keys, values] = [split(k), split(v)];
        cache.push([forGroup(keys), forGroup(values)]);
        const shares = tf.softmax(tf.add(tf.matMul(split(q), keys, false, true), this.mask));
        return tf.reshape(tf.transpose(tf.matMul(shares, values), [0, 2, 1, 3]), [B * Q, width]);
      });
    const last = tf.reshape(tf.slice(tf.reshape(x, [B, Q, width]), [0, Q - 1, 0], [B, 1, width]), [B, width]);
    const logits = tf.tile(tf.reshape(this.logits(last), [B, 1, vocabulary]), [1, G, 1]);
    return { cache, logits: tf.reshape(logits, [B * G, vocabulary]) as Tensor2D };
  }

  /** One more token of every rollout, at `position`. */
  private decode(tokens: Tensor1D, position: number, old: Tensor[][]): { cache: Tensor[][]; logits: Tensor2D } {
    const { tf } = this;
    const { width, heads, layers } = this.policy;
    const N = this.batch.prompts * this.batch.group;
    const grouped = this.form === 'grouped';
    const d = width / heads;
    const [B, G] = [this.batch.prompts, this.batch.group];
    const one = (x: Tensor) =>
      grouped ? tf.transpose(tf.reshape(x, [B, G, heads, d]), [0, 2, 1, 3]) : tf.reshape(x, [N, heads, 1, d]);
    let x: Tensor = tf.add(tf.gather(this.weights.embedding, tokens), tf.slice(this.weights.position, position, 1));
    const cache: Tensor[][] = [];
    for (let l = 0; l < layers; l++)
      x = this.block(x, l, (q, k, v) => {
        const keys = tf.concat([old[l][0], one(k)], 2);
        const values = tf.concat([old[l][1], one(v)], 2);
        cache.push([keys, values]);
        const scores = tf.matMul(one(q), keys, false, true);
        if (!grouped) return tf.reshape(tf.matMul(tf.softmax(scores), values), [N, width]);
        const mask = tf.slice(this.groupMask, [0, 0], [G, keys.shape[2] as number]);
        return tf.reshape(tf.transpose(tf.matMul(tf.softmax(tf.add(scores, mask)), values), [0, 2, 1, 3]), [N, width]);
      });
    return { cache, logits: this.logits(x) };
  }

  /** Samples every rollout at temperature 1; with `forced` ([T, N] tokens) takes those instead of drawing. */
  async sample(forced?: Int32Array): Promise<TfSamples> {
    const { tf } = this;
    const { responseLength: T, promptLength: Q, vocabulary } = this.policy;
    const N = this.batch.prompts * this.batch.group;
    const tokens: Tensor1D[] = [];
    const logps: Tensor[] = [];
    let { cache, logits } = tf.tidy(() => this.prefill());
    for (let t = 0; t < T; t++) {
      const drawn = tf.tidy(() => {
        const token = forced
          ? tf.tensor1d(forced.subarray(t * N, (t + 1) * N), 'int32')
          : (tf.reshape(tf.multinomial(logits, 1, this.seed++), [N]) as Tensor1D);
        const logp = tf.sub(tf.sum(tf.mul(logits, tf.oneHot(token, vocabulary)), 1), tf.logSumExp(logits, 1));
        return { token, logp };
      });
      tokens.push(drawn.token);
      logps.push(drawn.logp);
      if (t === T - 1) break;
      const next = tf.tidy(() => this.decode(drawn.token, Q + t, cache));
      tf.dispose([logits, cache]);
      ({ cache, logits } = next);
    }
    const result = tf.tidy(() => [tf.stack(tokens), tf.stack(logps)]);
    tf.dispose([logits, cache, tokens, logps]);
    const [drawn, logp] = await Promise.all(result.map((x) => x.data()));
    tf.dispose(result);
    return { tokens: drawn as Int32Array, logp: logp as Float32Array };
  }

  destroy(): void {
    this.tf.dispose([this.weights, this.mask, this.groupMask, this.prompts] as never);
  }
}
