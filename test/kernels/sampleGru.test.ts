import { describe, expect, it } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { Data } from '../../src/gpu/kernel';
import { gruColumns, gruMemory, sampleGru } from '../../src/kernels/sampleGru';
import { NONE, STATE, STATE_SIZE } from '../../src/kernels/state';
import { randomUnit, STREAM } from '../../src/math/random';
import { expectClose, gpuBackend, type Inputs, integers, normals, reference64, runKernel } from './harness';

const SMALL = { prompts: 3, group: 3, promptLength: 5, responseLength: 4, vocabulary: 12, width: 8, layers: 1 };
const CLASSROOM = { prompts: 12, group: 8, promptLength: 16, responseLength: 12, vocabulary: 64, width: 48, layers: 2 };
type Sizes = typeof SMALL;

function shapeOf(s: Sizes, { columns = gruColumns(s.group), round = 0, rounds = 1 } = {}) {
  const { width: H, vocabulary: V } = s;
  const firstLayer = (V + s.promptLength + s.responseLength) * H;
  const layerStride = 6 * H * H + 3 * H;
  const output = firstLayer + s.layers * layerStride;
  return {
    ...s,
    tokenEmbedding: 0,
    positionEmbedding: V * H,
    firstLayer,
    layerStride,
    output,
    stride: output + V * H + 8,
    eos: 1,
    columns,
    round,
    rounds,
  };
}
type Shape = ReturnType<typeof shapeOf>;

function inputs(s: Shape, temperature: number, weightScale = 0.3): Inputs {
  const hyper = new Float64Array(HYPER_SIZE);
  hyper[HYPER['rollout.temperature']] = temperature;
  const rollouts = s.rounds * s.prompts * s.group;
  return {
    parameters: (run) => normals(s.stride, 5 + run, weightScale),
    prompt: (run) => integers(s.prompts * s.promptLength, s.vocabulary, 10 + run),
    hidden: new Float64Array(gruMemory(s)).fill(7),
    response: new Uint32Array(rollouts * s.responseLength).fill(9),
    length: new Uint32Array(rollouts).fill(9),
    logp: new Float64Array(rollouts * s.responseLength).fill(9),
    hyper,
    state: (run) => Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.seed ? 4000000000 + run : 17)),
  };
}

async function expectSame(s: Shape, given: Inputs, runs = 1) {
  const want = await runKernel(cpuBackend(), sampleGru, { ...s }, given, { runs });
  const have = await runKernel(await gpuBackend(), sampleGru, { ...s }, given, { runs });
  expect(have.response).toEqual(want.response);
  expect(have.length).toEqual(want.length);
  expectClose(have.logp, want.logp, 'logp', { atol: 2e-5, rtol: 1e-4 });
  return have;
}

describe('sampleGru', () => {
  it.each([
    ['small', SMALL, 1, 3],
    ['one of each', { ...SMALL, prompts: 1, group: 1, promptLength: 1, responseLength: 1, width: 4 }, 0.7, 1],
    ['two teams, the second ragged', { ...SMALL, group: 11, layers: 2, width: 20 }, 1.3, 1],
    ['greedy', { ...SMALL, prompts: 5, layers: 3 }, 0, 3],
    ['classroom, 2304 tokens', CLASSROOM, 1, 2],
  ] as const)('draws the same tokens as the CPU (%s)', async (_, sizes, temperature, runs) => {
    const s = shapeOf(sizes);
    await expectSame(s, inputs(s, temperature), runs);
  });

  it('writes one round of several, with random numbers of its own, and leaves empty places alone', async () => {
    const s = shapeOf(SMALL, { round: 1, rounds: 3 });
    const given = inputs(s, 1);
    const prompt = integers(s.prompts * s.promptLength, s.vocabulary, 10);
    prompt[s.promptLength] = NONE;
    const whole = s.prompts * s.group * s.responseLength;
    const { response, length } = await expectSame(s, { ...given, prompt }, 2);
    const part = (round: number, p: number) =>
      response.subarray(round * whole + (p * whole) / s.prompts, round * whole + ((p + 1) * whole) / s.prompts);
    expect(
      [...response.subarray(0, whole), ...part(1, 1), ...response.subarray(2 * whole, 3 * whole)].every((t) => t === 9),
    ).toBe(true);
    expect(length[s.prompts * s.group + s.group]).toBe(9);
    const first = shapeOf(SMALL);
    const other = await expectSame(first, { ...inputs(first, 1), prompt });
    expect([...part(1, 0), ...part(1, 2)]).not.toEqual([
      ...other.response.subarray(0, whole / 3),
      ...other.response.subarray((2 * whole) / 3),
    ]);
  });

  it('does not depend on the number of columns', async () => {
    const results = [];
    for (const columns of [1, 4, 8]) {
      const s = shapeOf({ ...SMALL, group: 5 }, { columns });
      results.push((await runKernel(await gpuBackend(), sampleGru, { ...s }, inputs(s, 1))).response);
    }
    for (const other of results.slice(1)) expect(other).toEqual(results[0]);
  });

  it('pads with 0 after eos, and ends early somewhere', async () => {
    const s = shapeOf({ ...SMALL, prompts: 8, group: 4 });
    const { response, length, logp } = await runKernel(await gpuBackend(), sampleGru, { ...s }, inputs(s, 2));
    const T = s.responseLength;
    expect(length.some((n) => n < T)).toBe(true);
    length.forEach((n, i) => {
      expect(response.subarray(i * T, i * T + n - 1).includes(s.eos)).toBe(false);
      if (n < T) expect(response[i * T + n - 1]).toBe(s.eos);
      const rest = [...response.subarray(i * T + n, (i + 1) * T), ...logp.subarray(i * T + n, (i + 1) * T)];
      expect(rest.every((v) => v === 0)).toBe(true);
    });
  });

  it('is the recurrent policy written out: every token is the best, its log-probability the softmax’s', () => {
    const s = shapeOf({ ...SMALL, layers: 2 });
    const temperature = 0.8;
    const given = inputs(s, temperature);
    const content = (name: string) => (given[name] as (run: number) => Data)(0);
    const parameters = Float64Array.from(content('parameters'));
    const prompt = content('prompt');
    const rollouts = s.prompts * s.group;
    const { response, length, logp } = reference64(
      sampleGru,
      { ...s },
      {
        parameters,
        prompt,
        hidden: new Float64Array(gruMemory(s)),
        response: new Uint32Array(rollouts * s.responseLength),
        length: new Uint32Array(rollouts),
        logp: new Float64Array(rollouts * s.responseLength),
        hyper: given.hyper as Float64Array,
        state: content('state'),
      },
    );
    for (let i = 0; i < rollouts; i++) {
      const m = Math.floor(i / s.group);
      const tokens = [...prompt.subarray(m * s.promptLength, (m + 1) * s.promptLength)];
      for (let t = 0; t < length[i]; t++) {
        const z = logits(s, parameters, tokens).map((x) => x / temperature);
        const noise = (v: number) => randomUnit(4000000000, STREAM.token, 17, (i * s.responseLength + t) * s.vocabulary + v);
        const scores = z.map((x, v) => x - Math.log(-Math.log(noise(v))));
        const drawn = response[i * s.responseLength + t];
        expect(scores.indexOf(Math.max(...scores))).toBe(drawn);
        const total = Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0));
        expect(logp[i * s.responseLength + t]).toBeCloseTo(z[drawn] - total, 10);
        tokens.push(drawn);
      }
    }
  });
});

/** Logits after a whole sequence, layer by layer, straight from the definition. */
function logits(s: Shape, parameters: Float64Array, tokens: number[]): number[] {
  const H = s.width;
  const row = (at: number, i: number, count = H) => [...parameters.subarray(at + i * count, at + (i + 1) * count)];
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const norm = (x: number[]) => x.map((v) => v / Math.sqrt(dot(x, x) / H + 1e-6));
  const sigmoid = (v: number) => 0.5 * (1 + Math.tanh(v / 2));
  let xs = tokens.map((token, i) => {
    const place = row(s.positionEmbedding, i);
    return row(s.tokenEmbedding, token).map((v, k) => v + place[k]);
  });
  for (let l = 0; l < s.layers; l++) {
    const matrix = s.firstLayer + l * s.layerStride;
    let h = new Array<number>(H).fill(0);
    xs = xs.map((x) => {
      const y = norm(x);
      const from = (gate: number, i: number) => dot(row(matrix, gate * H + i), y) + parameters[matrix + 6 * H * H + gate * H + i];
      const back = (gate: number, i: number) => dot(row(matrix + 3 * H * H, gate * H + i), h);
      h = h.map((was, i) => {
        const reset = sigmoid(from(0, i) + back(0, i));
        const update = sigmoid(from(1, i) + back(1, i));
        return (1 - update) * Math.tanh(from(2, i) + reset * back(2, i)) + update * was;
      });
      return x.map((v, i) => v + h[i]);
    });
  }
  const final = norm(xs[xs.length - 1]);
  return Array.from({ length: s.vocabulary }, (_, v) => dot(row(s.output, v), final));
}
