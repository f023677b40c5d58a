import { Random, STREAM } from '../math/random';
import type { HeadShape, PolicyShape } from './shape';

/** A tensor in the flat parameter buffer: row-major [rows, columns] from `offset`. */
export interface Tensor {
  name: string;
  offset: number;
  rows: number;
  columns: number;
}

/** Where every tensor lies: the policy, then the projection head, then CLIPO's head. */
export interface ParameterLayout {
  tensors: Tensor[];
  /** All parameters, P. */
  size: number;
  /** First parameter of the head, and of CLIPO's head; a head that is missing has none. */
  headStart: number;
  clipoStart: number;
  at(name: string): Tensor;
}

/** Key of the random numbers of CLIPO's first tensor, beyond any other tensor's. */
const CLIPO_KEY = 10_000;

const up4 = (n: number) => Math.ceil(n / 4) * 4;

/** Lays out the policy and, when given, the projection head and CLIPO's. */
export function parameterLayout(policy: PolicyShape, head?: HeadShape, clipo?: HeadShape): ParameterLayout {
  const tensors: Tensor[] = [];
  let size = 0;
  const add = (name: string, rows: number, columns: number) => {
    tensors.push({ name, offset: size, rows, columns });
    size = up4(size + rows * columns);
  };
  const { width, vocabulary } = policy;
  add('policy.tokenEmbedding', vocabulary, width);
  add('policy.positionEmbedding', policy.promptLength + policy.responseLength, width);
  for (let layer = 0; layer < policy.layers; layer++) {
    const name = `policy.layers.${layer}`;
    if (policy.kind === 'gru') {
      // Rows: reset gate, update gate, candidate.
      add(`${name}.inputGates`, 3 * width, width);
      add(`${name}.hiddenGates`, 3 * width, width);
      add(`${name}.gateBias`, 1, 3 * width);
    } else {
      add(`${name}.qkv`, 3 * width, width);
      add(`${name}.out`, width, width);
      add(`${name}.up`, 4 * width, width);
      add(`${name}.down`, width, 4 * width);
    }
  }
  add('policy.output', vocabulary, width);
  const headStart = size;
  if (head) {
    add('head.hidden.weight', head.hidden, head.input);
    add('head.hidden.bias', 1, head.hidden);
    add('head.output.weight', head.width, head.hidden);
    add('head.output.bias', 1, head.width);
  }
  const clipoStart = size;
  if (clipo?.hidden) add('clipo.hidden.weight', clipo.hidden, clipo.input);
  if (clipo) add('clipo.output.weight', clipo.width, clipo.hidden || clipo.input);
  const byName = new Map(tensors.map((t) => [t.name, t]));
  return {
    tensors,
    size,
    headStart,
    clipoStart,
    at(name) {
      const found = byName.get(name);
      if (!found) throw new Error(`unknown tensor: ${name}`);
      return found;
    },
  };
}

/**
 * Random initialisation: normal with deviation 1/√inputs, embeddings 0.1, matrices that write into the
 * residual stream divided by √(2L), biases zero but for update gates (`updateBias`). Head and policy draw from separate counters, so
 * that a head of another size leaves the policy's numbers alone.
 */
export function initialParameters(layout: ParameterLayout, layers: number, seed: number): Float32Array {
  const out = new Float32Array(layout.size);
  layout.tensors.forEach(({ name, offset, rows, columns }, index) => {
    if (name.endsWith('.bias')) return;
    if (name.endsWith('.gateBias')) {
      const width = columns / 3;
      const { rows: span } = layout.at('policy.positionEmbedding');
      for (let i = 0; i < width; i++) out[offset + width + i] = updateBias(i, width, span);
      return;
    }
    // CLIPO's head draws the same numbers whether or not the fleet has a projection head before it.
    const clipo = name.startsWith('clipo.') ? CLIPO_KEY - layout.tensors.findIndex((t) => t.name.startsWith('clipo.')) : 0;
    const random = new Random(seed, STREAM.init, index + clipo);
    let deviation = 1 / Math.sqrt(columns);
    if (name.endsWith('Embedding')) deviation = 0.1;
    if (name.endsWith('.out') || name.endsWith('.down')) deviation /= Math.sqrt(2 * layers);
    for (let i = 0; i < rows * columns; i++) out[offset + i] = deviation * random.normal();
  });
  return out;
}

/**
 * Initial bias of channel i's update gate: log k for k evenly from 1 to `span` over the channels, which then keep their state for
 * about that many tokens (chrono initialisation, Tallec and Ollivier 2018).
 */
const updateBias = (i: number, width: number, span: number): number => Math.log(1 + ((span - 1) * i) / (width - 1));
