import { describe, expect, it } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { Data } from '../../src/gpu/kernel';
import { attention, attentionRows } from '../../src/kernels/attention';
import { embed } from '../../src/kernels/embed';
import { linear } from '../../src/kernels/linear';
import { rmsNorm } from '../../src/kernels/rmsNorm';
import { cacheLength, sample, sampleColumns } from '../../src/kernels/sample';
import { NONE, STATE, STATE_SIZE } from '../../src/kernels/state';
import { expectClose, gpuBackend, type Inputs, integers, normals, reference64, runKernel } from './harness';

interface Sizes {
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
}

function shapeOf(s: Sizes, columns = sampleColumns(s)) {
  const { width: H, vocabulary: V, layers } = s;
  const positionEmbedding = V * H;
  const firstLayer = positionEmbedding + (s.promptLength + s.responseLength) * H;
  const layerStride = 12 * H * H;
  const output = firstLayer + layers * layerStride;
  return {
    ...s,
    tokenEmbedding: 0,
    positionEmbedding,
    firstLayer,
    layerStride,
    output,
    stride: output + V * H + 8,
    eos: 1,
    columns,
    round: 0,
    rounds: 1,
  };
}
type Shape = ReturnType<typeof shapeOf>;

function inputs(s: Shape, temperature: number, weightScale = 0.3): Inputs {
  const hyper = new Float64Array(HYPER_SIZE);
  hyper[HYPER['rollout.temperature']] = temperature;
  return {
    parameters: (run) => normals(s.stride, 5 + run, weightScale),
    prompt: (run) => integers(s.prompts * s.promptLength, s.vocabulary, 10 + run),
    cache: new Float64Array(cacheLength(s)),
    response: s.prompts * s.group * s.responseLength,
    length: s.prompts * s.group,
    logp: s.prompts * s.group * s.responseLength,
    hyper,
    state: (run) => Uint32Array.from({ length: STATE_SIZE }, (_, i) => (i === STATE.seed ? 4000000000 + run : 17)),
  };
}

const SMALL: Sizes = { prompts: 3, group: 3, promptLength: 5, responseLength: 4, vocabulary: 12, width: 8, layers: 1, heads: 2 };
const CLASSROOM: Sizes = {
  prompts: 2,
  group: 8,
  promptLength: 16,
  responseLength: 12,
  vocabulary: 64,
  width: 48,
  layers: 2,
  heads: 4,
};

describe('sample', () => {
  it.each([
    ['small', SMALL, 1, 3],
    ['one of each', { ...SMALL, prompts: 1, group: 1, promptLength: 1, responseLength: 1 }, 0.7, 1],
    ['ragged team', { ...SMALL, group: 6, layers: 2 }, 1.3, 1],
    ['greedy', { ...SMALL, prompts: 5 }, 0, 3],
    ['classroom', CLASSROOM, 1, 2],
  ] as const)('draws the same tokens as the CPU (%s)', async (_, sizes, temperature, runs) => {
    const s = shapeOf(sizes, sizes.prompts === 3 ? 4 : undefined);
    const given = inputs(s, temperature);
    const want = await runKernel(cpuBackend(), sample, { ...s }, given, { runs });
    const have = await runKernel(await gpuBackend(), sample, { ...s }, given, { runs });
    expect(have.response).toEqual(want.response);
    expect(have.length).toEqual(want.length);
    expectClose(have.logp, want.logp, 'logp', { atol: 2e-5, rtol: 1e-4 });
  });

  it('does not depend on the number of columns', async () => {
    const base = shapeOf({ ...SMALL, group: 5 });
    const results = [];
    for (const columns of [1, 4, 8]) {
      const s = { ...base, columns };
      results.push((await runKernel(await gpuBackend(), sample, s, inputs(s, 1))).response);
    }
    for (const other of results.slice(1)) expect(other).toEqual(results[0]);
  });

  it('draws a later round from the random numbers after those of the rounds before it, and leaves empty places alone', async () => {
    const whole = shapeOf({ ...SMALL, prompts: 4 });
    const half = { ...shapeOf({ ...SMALL, prompts: 2 }), round: 1, rounds: 2 };
    const given = inputs(whole, 1);
    const prompt = (given.prompt as (run: number) => Data)(0);
    const outputs = { response: 4 * 3 * 4, length: 12, logp: new Float64Array(48).fill(7) };
    for (const backend of [cpuBackend(), await gpuBackend()]) {
      const all = await runKernel(backend, sample, { ...whole }, given);
      const later = { ...given, ...outputs, prompt: prompt.slice(10), cache: new Float64Array(cacheLength(half)) };
      const second = await runKernel(backend, sample, half, later);
      expect(second.response.slice(24)).toEqual(all.response.slice(24));
      expect(second.logp.slice(0, 24)).toEqual(new Float32Array(24).fill(7));
      const empty = { ...later, prompt: prompt.slice(10).map((t, i) => (i === 5 ? NONE : t)) };
      const rest = await runKernel(backend, sample, half, empty);
      expect(rest.response.slice(24, 36)).toEqual(all.response.slice(24, 36));
      expect(rest.logp.slice(36)).toEqual(new Float32Array(12).fill(7));
      expect(rest.length.slice(9)).toEqual(Uint32Array.of(0, 0, 0));
    }
  });

  it('pads with 0 after eos, and ends early somewhere', async () => {
    const s = shapeOf({ ...SMALL, prompts: 8, group: 4 });
    const { response, length, logp } = await runKernel(await gpuBackend(), sample, { ...s }, inputs(s, 2));
    const T = s.responseLength;
    expect(length.some((n) => n < T)).toBe(true);
    length.forEach((n, i) => {
      expect(response.subarray(i * T, i * T + n - 1).includes(s.eos)).toBe(false);
      if (n < T) expect(response[i * T + n - 1]).toBe(s.eos);
      expect([...response.subarray(i * T + n, (i + 1) * T), ...logp.subarray(i * T + n, (i + 1) * T)].every((v) => v === 0)).toBe(
        true,
      );
    });
  });

  it('draws tokens as often as their probabilities say', () => {
    const s = shapeOf({ ...SMALL, prompts: 1, group: 2000, responseLength: 1, vocabulary: 4 });
    const { response, logp } = reference64(
      sample,
      { ...s },
      {
        parameters: normals(s.stride, 5, 0.3),
        prompt: integers(s.promptLength, 4),
        cache: new Float64Array(4),
        response: new Uint32Array(2000),
        length: new Uint32Array(2000),
        logp: new Float64Array(2000),
        hyper: new Float64Array(HYPER_SIZE).fill(1),
        state: new Uint32Array(STATE_SIZE).fill(3),
      },
    );
    for (let v = 0; v < 4; v++) {
      const drawn = response.filter((y) => y === v).length;
      const p = Math.exp(logp[response.indexOf(v)]);
      expect(Math.abs(drawn - 2000 * p)).toBeLessThan(4 * Math.sqrt(2000 * p * (1 - p)));
    }
  });

  it('agrees with the training forward on the log-probabilities', async () => {
    const s = shapeOf({ ...SMALL, layers: 2 });
    const given = inputs(s, 1);
    const out = await runKernel(await gpuBackend(), sample, { ...s }, given);
    const content = (name: string) => (given[name] as (run: number) => Data)(0);
    const { logits, rows } = forward(s, Float64Array.from(content('parameters')), content('prompt'), out.response);
    const perPrompt = rows / s.prompts;
    const T = s.responseLength;
    for (let i = 0; i < s.prompts * s.group; i++)
      for (let t = 0; t < out.length[i]; t++) {
        const m = Math.floor(i / s.group);
        const row = m * perPrompt + s.promptLength - 1 + (t > 0 ? (i % s.group) * T + t : 0);
        const z = [...logits.subarray(row * s.vocabulary, (row + 1) * s.vocabulary)];
        const lse = Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0));
        expect(Math.abs(out.logp[i * T + t] - (z[out.response[i * T + t]] - lse))).toBeLessThan(2e-5);
      }
  });
});

/** Logits of all rows by the training kernels' references. */
function forward(s: Shape, parameters: Float64Array, prompt: Data, response: Data): { logits: Data; rows: number } {
  const rows = attentionRows(s);
  const { width, stride, totalPrompts } = { ...s, totalPrompts: s.prompts };
  const make = (columns: number) => new Float64Array(rows * columns);
  const x = make(width);
  const apply = (
    weight: number,
    from: Data,
    inputsCount: number,
    outputs: number,
    activation: number,
    y: Float64Array,
    accumulate: number,
  ) =>
    reference64(
      linear,
      { rows, inputs: inputsCount, outputs, weight, bias: -1, stride, activation, accumulate },
      { x: from, parameters, y },
    ).y;
  const norm = () => reference64(rmsNorm, { rows, width }, { x, y: make(width), inv: make(1) }).y;
  reference64(embed, { ...s, first: 0, totalPrompts }, { prompt, response, parameters, x });
  for (let l = 0; l < s.layers; l++) {
    const matrix = s.firstLayer + l * s.layerStride;
    const qkv = apply(matrix, norm(), width, 3 * width, 0, make(3 * width), 0);
    const { out } = reference64(attention, { ...s }, { qkv, out: make(width), lse: make(s.heads) });
    apply(matrix + 3 * width * width, out, width, width, 0, x, 1);
    const up = apply(matrix + 4 * width * width, norm(), width, 4 * width, 0, make(4 * width), 0);
    apply(matrix + 8 * width * width, up, 4 * width, width, 2, x, 1);
  }
  return { logits: apply(s.output, norm(), width, s.vocabulary, 0, make(s.vocabulary), 0), rows };
}
