import gruCell from '../../shaders/lib/gruCell.wgsl?raw';
import gumbel from '../../shaders/lib/gumbel.wgsl?raw';
import pickLane from '../../shaders/lib/pickLane.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import wgsl from '../../shaders/sampleGru.wgsl?raw';
import { hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { STREAM } from '../math/random';
import { type Decoder, decode, multiply, normalized } from './decode';
import { gruCell64 } from './gru';
import { stateWgsl } from './state';

const MAX_COLUMNS = 8;

/** Rollouts that one workgroup of `sampleGru` takes: a multiple of 4, at most 8; 1 for groups of one. */
export const gruColumns = (group: number): number => (group === 1 ? 1 : Math.min(MAX_COLUMNS, Math.ceil(group / 4) * 4));

/** Elements of one run's residual streams, states and logits. */
export const gruMemory = (s: Record<'prompts' | 'group' | 'columns' | 'layers' | 'width' | 'vocabulary', number>): number =>
  s.prompts * Math.ceil(s.group / s.columns) * s.columns * ((2 * s.layers + 2) * s.width + s.vocabulary);

/**
 * Samples every response of a batch with the policy of gated recurrent units in `parameters`; contract as `sample`. A layer
 * (`layerStride` apart, from `firstLayer`) holds W_ih [3H, H], W_hh [3H, H] and a bias [3H]; `output` is the matrix [V, H]. `columns` (at most 8)
 * rollouts share a workgroup; the result does not depend on it.
 */
export const sampleGru = kernel({
  name: 'sampleGru',
  wgsl,
  uses: [hyperWgsl, stateWgsl, `const STREAM_TOKEN: u32 = ${STREAM.token}u;`, random, gumbel, gruCell, pickLane],
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
    vocabulary: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    columns: 'u32',
    round: 'u32',
    rounds: 'u32',
  },
  buffers: {
    parameters: 'read',
    prompt: 'read',
    hidden: 'read_write',
    response: 'read_write',
    length: 'read_write',
    logp: 'read_write',
    hyper: 'read',
    state: 'read',
  },
  scratch: ['hidden'],
  // As for `sample`: a near tie changes the rest of its rollout.
  ties: 0.03,
  grid: ({ prompts, group, columns }, runs) => [prompts * Math.ceil(group / columns), 1, runs],
  cost: (s) => {
    const rows = s.prompts * (s.promptLength + s.group * (s.responseLength - 1));
    const perRow = 6 * s.width * s.width * s.layers;
    const outputs = s.prompts * s.group * s.responseLength * s.vocabulary * s.width;
    return {
      flops: 2 * (rows * perRow + outputs),
      bytes: 4 * (s.layers * 6 * s.width * s.width + rows * s.layers * 2 * s.width),
    };
  },
  reference(s, data) {
    decode(s, data, new GruDecoder(s, Float64Array.from(data.parameters)));
  },
});

type GruShape = Record<
  'width' | 'layers' | 'vocabulary' | 'tokenEmbedding' | 'positionEmbedding' | 'firstLayer' | 'layerStride' | 'output',
  number
>;

/** Everything that the recurrent policy remembers. */
interface Memory {
  position: number;
  x: Float64Array;
  states: Float64Array[];
}

class GruDecoder implements Decoder {
  private now: Memory;
  private afterPrompt: Memory | undefined;

  constructor(
    private readonly s: GruShape,
    private readonly parameters: Float64Array,
  ) {
    this.now = this.empty();
  }

  private empty(): Memory {
    const { width, layers } = this.s;
    return {
      position: 0,
      x: new Float64Array(width),
      states: Array.from({ length: layers }, () => new Float64Array(width)),
    };
  }

  reset(): void {
    this.now = this.empty();
    this.afterPrompt = undefined;
  }

  rewind(): void {
    this.afterPrompt ??= this.now;
    this.now = this.afterPrompt;
  }

  logits(): Float64Array {
    return multiply(this.parameters, this.s.output, this.s.vocabulary, normalized(this.now.x));
  }

  read(token: number): void {
    const { width, tokenEmbedding, positionEmbedding, firstLayer, layerStride } = this.s;
    const { parameters } = this;
    const { position } = this.now;
    const place = positionEmbedding + position * width;
    let x = Float64Array.from(
      { length: width },
      (_, i) => parameters[tokenEmbedding + token * width + i] + parameters[place + i],
    );
    const states = this.now.states.map((was, l) => {
      const matrix = firstLayer + l * layerStride;
      const bias = matrix + 6 * width * width;
      const a = multiply(parameters, matrix, 3 * width, normalized(x)).map((v, o) => v + parameters[bias + o]);
      const b = multiply(parameters, matrix + 3 * width * width, 3 * width, was);
      const of = (y: Float64Array, i: number) => [y[i], y[width + i], y[2 * width + i]];
      const h = was.map((previous, i) => gruCell64(of(a, i), of(b, i), previous).h);
      x = x.map((v, i) => v + h[i]);
      return h;
    });
    this.now = { position: position + 1, x, states };
  }
}
