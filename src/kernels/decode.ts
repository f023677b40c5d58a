import { HYPER } from '../config/hyper';
import type { Data } from '../gpu/kernel';
import { randomUnit, STREAM } from '../math/random';
import { NONE, STATE } from './state';

/** A policy, one token at a time (float64). */
export interface Decoder {
  /** Forgets everything. */
  reset(): void;
  /** Reads the next token. */
  read(token: number): void;
  /** Goes back to the state after the prompt: the first call since `reset` keeps it. */
  rewind(): void;
  /** Logits of the token that comes next. */
  logits(): Float64Array;
}

/** Sizes that every sampler shares. */
export interface DecodeShape {
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
  vocabulary: number;
  eos: number;
  round: number;
}

/**
 * Reference of the samplers: draws every response of row `round` by the largest z − log(−log u), as their headers say, with `decoder`.
 * `data` holds prompt, response, length, logp, hyper and state; empty places (first prompt token NONE) are left alone.
 */
export function decode(
  s: DecodeShape,
  data: Record<'prompt' | 'response' | 'length' | 'logp' | 'hyper' | 'state', Data>,
  decoder: Decoder,
): void {
  const { prompts, group, promptLength: Q, responseLength: T, vocabulary, eos } = s;
  const { prompt, hyper, state } = data;
  const before = s.round * prompts * group;
  const [response, logp] = [data.response, data.logp].map((x) => x.subarray(before * T));
  const length = data.length.subarray(before);
  const temperature = hyper[HYPER['rollout.temperature']];
  for (let m = 0; m < prompts; m++) {
    if (prompt[m * Q] === NONE) continue;
    response.fill(0, m * group * T, (m + 1) * group * T);
    logp.fill(0, m * group * T, (m + 1) * group * T);
    decoder.reset();
    for (let q = 0; q < Q; q++) decoder.read(prompt[m * Q + q]);
    for (let rollout = m * group; rollout < (m + 1) * group; rollout++) {
      decoder.rewind();
      length[rollout] = T;
      for (let t = 0; t < T; t++) {
        const z = decoder.logits().map((x) => x / (temperature || 1));
        let best = 0;
        let bestScore = Number.NEGATIVE_INFINITY;
        for (let v = 0; v < vocabulary; v++) {
          const counter = ((before + rollout) * T + t) * vocabulary + v;
          const u = temperature > 0 ? randomUnit(state[STATE.seed], STREAM.token, state[STATE.step], counter) : 0;
          const score = temperature > 0 ? z[v] - Math.log(-Math.log(u)) : z[v];
          if (score > bestScore) {
            bestScore = score;
            best = v;
          }
        }
        const top = z.reduce((a, b) => Math.max(a, b));
        response[rollout * T + t] = best;
        logp[rollout * T + t] = z[best] - top - Math.log(z.reduce((sum, x) => sum + Math.exp(x - top), 0));
        if (best === eos) {
          length[rollout] = t + 1;
          break;
        }
        if (t + 1 < T) decoder.read(best);
      }
    }
  }
}

/** `x` as `rmsNorm` makes it. */
export function normalized(x: Float64Array): Float64Array {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  const inv = 1 / Math.sqrt(squares / x.length + 1e-6);
  return x.map((v) => v * inv);
}

/** The matrix [outputs, inputs] at offset `weight` of `parameters` times `x`. */
export function multiply(parameters: Data, weight: number, outputs: number, x: Float64Array): Float64Array {
  const y = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    const w = weight + o * x.length;
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += parameters[w + i] * x[i];
    y[o] = sum;
  }
  return y;
}
