import gumbel from '../../shaders/lib/gumbel.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import wgsl from '../../shaders/sample.wgsl?raw';
import { hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { STREAM } from '../math/random';
import { type Decoder, decode, multiply, normalized } from './decode';
import { stateWgsl } from './state';

/** Sizes of a batch and of the policy that samples it. */
export interface SampleShape {
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
}

const WORKGROUP_BYTES = 16384;
/** Token, position, slot and end of a column; the threads' partial results and the counter. */
const COLUMN_WORDS = 4;
const FIXED_BYTES = 64 * 16 + 64;
const MAX_COLUMNS = 8;

/**
 * Rollouts that one workgroup of `sample` takes: a multiple of 4 (at most 8) while the activations fit workgroup memory, else 2 or 1.
 * @throws Error when the policy is too wide for workgroup memory.
 */
export function sampleColumns(s: Omit<SampleShape, 'layers' | 'prompts'>): number {
  const bytes =
    4 * (2 * s.width + Math.max(4 * s.width, s.vocabulary) + s.heads * (s.promptLength + s.responseLength) + COLUMN_WORDS);
  const fits = (columns: number) => columns * bytes + FIXED_BYTES <= WORKGROUP_BYTES;
  const wanted = Math.min(MAX_COLUMNS, Math.ceil(s.group / 4) * 4);
  const found = [wanted, 4, 2, 1].find(fits);
  if (!found)
    throw new Error(
      `policy width ${s.width} needs ${bytes + FIXED_BYTES} bytes of workgroup memory (at most ${WORKGROUP_BYTES})`,
    );
  return found;
}

/** Elements of one run's key and value cache. */
export const cacheLength = (s: SampleShape & { columns: number }): number =>
  s.prompts * Math.ceil(s.group / s.columns) * s.layers * (s.promptLength + s.columns * s.responseLength) * 2 * s.width;

/**
 * Samples every response of a batch with the policy in `parameters`. A layer (`layerStride` apart, from `firstLayer`) holds
 * qkv [3H, H], out [H, H], up [4H, H], down [H, 4H]; `output` is the matrix [V, H]. The result depends on seed and step
 * (`state`), prompt and weights only, not on `columns`. Outputs go to row `round` of `rounds`; rollouts are numbered over all rounds.
 */
export const sample = kernel({
  name: 'sample',
  wgsl,
  uses: [hyperWgsl, stateWgsl, `const STREAM_TOKEN: u32 = ${STREAM.token}u;`, random, gumbel],
  params: {
    prompts: 'u32',
    group: 'u32',
    layers: 'u32',
    tokenEmbedding: 'u32',
    positionEmbedding: 'u32',
    firstLayer: 'u32',
    layerStride: 'u32',
    output: 'u32',
    stride: 'u32',
    eos: 'u32',
    width: 'u32',
    heads: 'u32',
    vocabulary: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    round: 'u32',
    rounds: 'u32',
  },
  overrides: { columns: 'u32', width: 'u32', heads: 'u32', vocabulary: 'u32', promptLength: 'u32', responseLength: 'u32' },
  buffers: {
    parameters: 'read',
    prompt: 'read',
    cache: 'read_write',
    response: 'read_write',
    length: 'read_write',
    logp: 'read_write',
    hyper: 'read',
    state: 'read',
  },
  scratch: ['cache'],
  // One near tie in a hundred rollouts; the rest of that rollout then differs.
  ties: 0.03,
  grid: ({ prompts, group, columns }, runs) => [prompts * Math.ceil(group / columns), 1, runs],
  cost: (s) => {
    const rows = s.prompts * (s.promptLength + s.group * (s.responseLength - 1));
    const perRow = 12 * s.width * s.width * s.layers;
    const outputs = s.prompts * s.group * s.responseLength * s.vocabulary * s.width;
    return {
      flops: 2 * (rows * perRow + outputs),
      bytes: 4 * (s.layers * 12 * s.width * s.width + rows * s.layers * 4 * s.width),
    };
  },
  reference(s, data) {
    decode(s, data, new TransformerDecoder(s, Float64Array.from(data.parameters)));
  },
});

type DecoderShape = Omit<SampleShape, 'prompts' | 'group'> &
  Record<'tokenEmbedding' | 'positionEmbedding' | 'firstLayer' | 'layerStride' | 'output', number>;

/** The policy, one token at a time, with a key and value cache (float64). */
class TransformerDecoder implements Decoder {
  private position = 0;
  private readonly x: Float64Array;
  private readonly afterPrompt: Float64Array;
  private readonly cache: Float64Array;

  constructor(
    private readonly s: DecoderShape,
    private readonly parameters: Float64Array,
  ) {
    this.x = new Float64Array(s.width);
    this.afterPrompt = new Float64Array(s.width);
    this.cache = new Float64Array(s.layers * (s.promptLength + s.responseLength) * 2 * s.width);
  }

  reset(): void {
    this.position = 0;
  }

  rewind(): void {
    const { promptLength } = this.s;
    if (this.position === promptLength) this.afterPrompt.set(this.x);
    this.position = promptLength;
    this.x.set(this.afterPrompt);
  }

  logits(): Float64Array {
    return multiply(this.parameters, this.s.output, this.s.vocabulary, normalized(this.x));
  }

  read(token: number): void {
    const { width, layers, heads, promptLength, responseLength, tokenEmbedding, positionEmbedding, firstLayer, layerStride } =
      this.s;
    const { x, parameters } = this;
    const square = width * width;
    for (let i = 0; i < width; i++)
      x[i] = parameters[tokenEmbedding + token * width + i] + parameters[positionEmbedding + this.position * width + i];
    for (let l = 0; l < layers; l++) {
      const matrix = firstLayer + l * layerStride;
      const layerCache = l * (promptLength + responseLength) * 2 * width;
      const qkv = multiply(this.parameters, matrix, 3 * width, normalized(x));
      this.cache.set(qkv.subarray(width), layerCache + this.position * 2 * width);
      this.add(multiply(this.parameters, matrix + 3 * square, width, this.attend(qkv, layerCache, heads)));
      const up = multiply(this.parameters, matrix + 4 * square, 4 * width, normalized(x)).map((u) => Math.max(u, 0) ** 2);
      this.add(multiply(this.parameters, matrix + 8 * square, width, up));
    }
    this.position++;
  }

  private add(y: Float64Array): void {
    for (let i = 0; i < y.length; i++) this.x[i] += y[i];
  }

  private attend(qkv: Float64Array, layerCache: number, heads: number): Float64Array {
    const { width } = this.s;
    const d = width / heads;
    const out = new Float64Array(width);
    for (let h = 0; h < heads; h++) {
      const p = new Float64Array(this.position + 1);
      let top = Number.NEGATIVE_INFINITY;
      for (let n = 0; n <= this.position; n++) {
        const key = layerCache + n * 2 * width + h * d;
        for (let i = 0; i < d; i++) p[n] += qkv[h * d + i] * this.cache[key + i];
        p[n] /= Math.sqrt(d);
        top = Math.max(top, p[n]);
      }
      let sum = 0;
      for (let n = 0; n <= this.position; n++) sum += p[n] = Math.exp(p[n] - top);
      for (let n = 0; n <= this.position; n++) {
        const value = layerCache + n * 2 * width + width + h * d;
        for (let i = 0; i < d; i++) out[h * d + i] += (p[n] / sum) * this.cache[value + i];
      }
    }
    return out;
  }
}
