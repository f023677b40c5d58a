import type { Array as JaxArray } from '@jax-js/jax';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Contender } from './measure';
import type { Jax, Tf } from './peers';
import { type Answer, type BenchPool, inPoolOrder, type Prepared, rowsOf, WEIGHTS, WIDTH } from './pool';

/** A contender of the contrastive step: `run` reads the loss back and leaves the gradient where it is; `answer` reads both. */
export interface ContrastContender extends Contender {
  run(): Promise<number>;
  answer(): Promise<Answer>;
  destroy(): void;
}

const { tau, beta } = WEIGHTS;

/**
 * How a user would write the step in TensorFlow.js: autodiff over the two blocks of S that count, P+ x P+ and P+ x N-. The embeddings
 * come arranged by role, and what depends on labels only is made beforehand (both favour the peer).
 */
export async function tfContrast(tf: Tf, backend: string, pool: BenchPool, prepared: Prepared): Promise<ContrastContender> {
  await tf.setBackend(backend);
  const P = prepared.anchors.length;
  const matrix = (data: Float32Array, columns: number) => tf.tensor2d(data, [data.length / columns, columns]);
  const correct = matrix(rowsOf(pool, prepared.anchors), WIDTH);
  const wrong = matrix(rowsOf(pool, prepared.negatives), WIDTH);
  const promptOf = tf.tensor1d(prepared.promptOf, 'int32');
  const member = matrix(prepared.member, P);
  const cross = matrix(prepared.cross, P);
  const inDomain = matrix(prepared.inDomain, P);
  const unit = (x: Tensor) => tf.mul(x, tf.rsqrt(tf.sum(tf.square(x), 1, true))) as Tensor2D;

  /** W of (5) to (8); constant in the gradient. */
  const pairWeights = () => {
    const prototype = unit(tf.matMul(member, unit(correct)));
    const w = tf.relu(tf.matMul(prototype, prototype, false, true));
    const crossing = tf.mul(tf.gather(tf.gather(w, promptOf, 0), promptOf, 1), cross);
    return tf.add(tf.mul(crossing, tf.div(beta, tf.sum(crossing))), inDomain);
  };
  const step = () =>
    tf.tidy(() => {
      const W = pairWeights();
      return tf.valueAndGrads((x: Tensor, y: Tensor) => {
        const anchor = unit(x);
        const negative = unit(y);
        const hot = tf.mul(anchor, 1 / tau) as Tensor2D;
        const energy = tf.log(tf.sum(tf.exp(tf.matMul(hot, negative, false, true)), 1, true));
        const gap = tf.sub(energy, tf.matMul(hot, anchor, false, true));
        return tf.sum(tf.mul(W, tf.softplus(gap)));
      })([correct, wrong]);
    });
  return {
    name: `TensorFlow.js ${backend}`,
    async run() {
      await tf.setBackend(backend);
      const { value, grads } = step();
      const loss = (await value.data())[0];
      tf.dispose([value, ...grads]);
      return loss;
    },
    async answer() {
      await tf.setBackend(backend);
      const { value, grads } = step();
      const [loss, first, second] = [(await value.data())[0], await grads[0].data(), await grads[1].data()];
      tf.dispose([value, ...grads]);
      return { loss, du: inPoolOrder(prepared, first, second) };
    },
    destroy: () => tf.dispose([correct, wrong, promptOf, member, cross, inDomain]),
  };
}

/**
 * The same in jax-js, under jit, where shapes are fixed. `masks`: all of S, roles as masks, one program for every batch. `blocks`: only
 * the two blocks of S that count; a training would compile it anew whenever the number of correct rollouts changes.
 */
export async function jaxContrast(
  { numpy: np, nn, lax, jit, valueAndGrad, devicePut, blockUntilReady }: Jax,
  backend: string,
  form: 'masks' | 'blocks',
  pool: BenchPool,
  prepared: Prepared,
): Promise<ContrastContender> {
  const device = backend as 'webgpu' | 'wasm';
  const anchors = prepared.anchors.length;
  const put = (data: Float32Array | Int32Array, ...shape: number[]) =>
    devicePut(np.array(data).reshape(shape), device) as Promise<JaxArray>;
  const inputs = [await put(rowsOf(pool, prepared.anchors), anchors, WIDTH)];
  if (form === 'blocks') inputs.push(await put(rowsOf(pool, prepared.negatives), prepared.negatives.length, WIDTH));
  const constants = {
    promptOf: await put(prepared.promptOf, anchors),
    member: await put(prepared.member, pool.prompts, anchors),
    cross: await put(prepared.cross, anchors, anchors),
    inDomain: await put(prepared.inDomain, anchors, anchors),
    negative: await put(
      pool.reward.map((r) => 1 - r),
      1,
      pool.size,
    ),
  };
  type Constants = typeof constants;
  const unit = (x: JaxArray) => x.ref.div(np.sqrt(np.sum(np.square(x), 1, { keepdims: true })));
  /** S between anchors and themselves, and the sum of exp S over negatives. */
  const logits = (hot: JaxArray, anchor: JaxArray, y: JaxArray | undefined, negative: JaxArray): [JaxArray, JaxArray] => {
    const total = (x: JaxArray) => np.sum(x, 1, { keepdims: true });
    if (y) {
      negative.dispose();
      return [np.matmul(hot.ref, np.transpose(anchor)), total(np.exp(np.matmul(hot, np.transpose(unit(y)))))];
    }
    const S = np.matmul(hot, np.transpose(anchor));
    return [S.ref, total(np.exp(S).mul(negative))];
  };
  const loss = (x: JaxArray[], c: Constants) => {
    const anchor = unit(x[0]);
    const prototype = unit(np.matmul(c.member, lax.stopGradient(anchor.ref)));
    const w = nn.relu(np.matmul(prototype.ref, np.transpose(prototype)));
    const crossing = np.take(np.take(w, c.promptOf.ref, 0), c.promptOf, 1).mul(c.cross);
    const W = crossing.ref.mul(np.trueDivide(beta, np.sum(crossing))).add(c.inDomain);
    const [S, energy] = logits(anchor.ref.mul(1 / tau), anchor, x[1], c.negative);
    return np.sum(W.mul(nn.softplus(np.log(energy).sub(S))));
  };
  const step = jit(valueAndGrad(loss));
  const both = () => {
    const counted = Object.fromEntries(Object.entries(constants).map(([k, v]) => [k, v.ref])) as Constants;
    const [value, gradients] = step(
      inputs.map((x) => x.ref),
      counted,
    ) as unknown as [JaxArray, JaxArray[]];
    return { value, gradients };
  };
  return {
    name: `jax-js ${backend}${form === 'blocks' ? ' (blocks)' : ''}`,
    async run() {
      const { value, gradients } = both();
      await blockUntilReady(gradients);
      for (const g of gradients) g.dispose();
      return (await value.data())[0];
    },
    async answer() {
      const { value, gradients } = both();
      const [first, second] = await Promise.all(gradients.map((g) => g.data()));
      return { loss: (await value.data())[0], du: second ? inPoolOrder(prepared, first, second) : (first as Float32Array) };
    },
    destroy() {
      for (const a of [...inputs, ...Object.values(constants)]) a.dispose();
    },
  };
}
