import type { Cloud } from '../../src/charts/cloud';
import { Random, STREAM } from '../../src/math/random';

/** A cloud in typed arrays. */
export interface Clusters extends Cloud {
  points: Float32Array;
  domain: Uint8Array;
  prompt: Uint16Array;
  correct: Float32Array;
  advantage: Float32Array;
}

/** A cloud of `count` points in five clusters, one for each domain, on the unit square or cube around the origin. */
export function clusters(count: number, dims: 2 | 3 = 2, seed = 1): Clusters {
  const random = new Random(seed, STREAM.analysis);
  const near = () => (random.unit() + random.unit() + random.unit() - 1.5) * 0.3;
  const points = new Float32Array(count * dims);
  const domain = new Uint8Array(count);
  const prompt = new Uint16Array(count);
  const correct = new Float32Array(count);
  const advantage = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    domain[i] = (5 * i) / count;
    prompt[i] = i >> 3;
    correct[i] = random.unit() < 0.5 ? 1 : 0;
    advantage[i] = correct[i] * 2 - 1;
    for (let k = 0; k < dims; k++) points[i * dims + k] = Math.cos(domain[i] * 1.2566 + k * 1.6) * 0.6 + near();
  }
  return { points, dims, domain, prompt, correct, advantage, color: 'domain' };
}
