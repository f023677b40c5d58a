import type { Frame } from '../../../src/engine/frame';
import type { ContrastPool } from '../../../src/math/contrast';
import { Random } from '../../../src/math/random';

/** How a synthetic frame is made. */
export interface FrameSettings {
  seed?: number;
  source?: Frame['source'];
  step?: number;
  domains?: number;
  /** Prompts in each domain. */
  prompts?: number;
  group?: number;
  width?: number;
  /** Chance of a correct rollout. */
  correct?: number;
  /** How far the domains lie apart, beside noise of deviation 1 in each of `width` numbers. */
  apart?: number;
  /** Noise of each rollout. */
  noise?: number;
}

/** Rollouts around a centre of their domain and one of their prompt. Centres depend on the seed, the rest on seed and step. */
export function makeFrame({
  seed = 1,
  source = 'pool',
  step = 0,
  domains = 3,
  prompts = 3,
  group = 4,
  width = 6,
  correct = 0.5,
  apart = 1,
  noise = 1,
}: FrameSettings = {}): Frame {
  const fixed = new Random(seed, 77);
  const random = new Random(seed, 78, step);
  const n = domains * prompts * group;
  const prompt = Uint32Array.from({ length: n }, (_, i) => Math.floor(i / group));
  const domain = prompt.map((p) => Math.floor(p / prompts));
  const centre = Array.from({ length: domains }, () => Array.from({ length: width }, () => apart * fixed.normal()));
  const topic = Array.from({ length: domains * prompts }, () =>
    Array.from({ length: width }, () => 0.5 * apart * fixed.normal()),
  );
  const vectors = Float32Array.from({ length: n * width }, (_, at) => {
    const i = Math.floor(at / width);
    return centre[domain[i]][at % width] + topic[prompt[i]][at % width] + noise * random.normal();
  });
  return {
    source,
    run: 0,
    step,
    n,
    domains: Array.from({ length: domains }, (_, d) => `domain ${d}`),
    columns: ['all'],
    domain,
    column: new Uint32Array(n),
    prompt,
    reward: Float32Array.from({ length: n }, () => Number(random.unit() < correct)),
    advantage: null,
    score: null,
    vectors,
    width,
    promptText: Array.from({ length: domains * prompts }, (_, p) => `prompt ${p}`),
    reason: Array.from({ length: n }, () => ''),
    response: null,
    length: null,
    responseLength: 0,
    tokens: null,
  };
}

/** The same rollouts as `contrast` of src/math takes them; `rows`: only these. */
export function poolFor({ n, width, vectors, reward, prompt, domain }: Frame, rows?: readonly number[]): ContrastPool {
  const all = rows ?? Array.from({ length: n }, (_, i) => i);
  return {
    u: all.map((i) => Array.from((vectors as Float32Array).subarray(i * width, (i + 1) * width))),
    reward: all.map((i) => reward[i]),
    prompt: all.map((i) => prompt[i]),
    domain: all.map((i) => domain[i]),
  };
}
