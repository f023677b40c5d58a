import { describe, expect, it } from 'vitest';
import { gru } from '../../src/kernels/gru';
import { gruGrad } from '../../src/kernels/gruGrad';
import { compareKernel, expectClose, expectGradient, gpuBackend, normals, reference64, runKernel } from './harness';
import { gruBuffers, gruGradBuffers, gruShape } from './recurrent';

const SIZES = [
  [1, 1, 1, 1, 4, 1],
  [3, 3, 5, 4, 20, 3],
  [2, 8, 16, 12, 48, 2],
  [5, 5, 2, 3, 8, 1],
  [1, 64, 3, 2, 12, 1],
  [2, 2, 3, 1, 264, 2],
] as const;

describe('gru', () => {
  it.each(SIZES)(
    '%i prompts of %i rollouts, %i + %i tokens, width %i, runs %i',
    async (...[prompts, group, Q, T, width, runs]) => {
      const s = gruShape(prompts, group, Q, T, width);
      await compareKernel(await gpuBackend(), gru, s, gruBuffers(s), { runs });
    },
  );

  it('keeps digits of tiny inputs and stays finite for large ones', async () => {
    const s = gruShape(1, 2, 3, 2, 4);
    const gates = Float64Array.from({ length: 7 * 12 }, (_, i) => (i % 2 ? -1 : 1) * Math.fround(10 ** ((i % 11) - 6)));
    const parameters = new Float64Array(s.stride);
    const want = reference64(gru, s, { ...gruBuffers64(s), parameters, gates: gates.slice() });
    const have = await runKernel(await gpuBackend(), gru, s, { ...gruBuffers(s), parameters, gates });
    expectClose(have.gates, want.gates, 'gates', { atol: 1e-34, rtol: 2e-6 });
    expectClose(have.hidden, want.hidden, 'hidden', { atol: 1e-12, rtol: 1e-5 });
  });

  it('is the unit of PyTorch, walked along each whole sequence', () => {
    const s = gruShape(2, 3, 4, 3, 8);
    const given = gruBuffers64(s);
    const { prompts, group, promptLength: Q, responseLength: T, width: H } = s;
    const inputs = given.gates.slice();
    const before = given.x.slice();
    const W = given.parameters.subarray(s.weight);
    const { x, hidden } = reference64(gru, s, given);
    for (let m = 0; m < prompts; m++)
      for (let j = 0; j < group; j++) {
        const first = m * (Q + group * T);
        const rows = Array.from({ length: Q + T }, (_, i) => first + (i < Q ? i : j * T + i));
        let h = new Array<number>(H).fill(0);
        for (const row of rows) {
          expectClose(hidden.subarray(row * H, (row + 1) * H), h, `state before row ${row}`, { atol: 1e-12, rtol: 0 });
          h = torchCell([...inputs.subarray(row * 3 * H, (row + 1) * 3 * H)], W, h);
          for (let i = 0; i < H; i++) expect(x[row * H + i]).toBeCloseTo(before[row * H + i] + h[i], 12);
        }
      }
  });
});

describe('gruGrad', () => {
  it.each(SIZES)(
    '%i prompts of %i rollouts, %i + %i tokens, width %i, runs %i',
    async (...[prompts, group, Q, T, width, runs]) => {
      const s = gruShape(prompts, group, Q, T, width);
      await compareKernel(await gpuBackend(), gruGrad, s, gruGradBuffers(s), { runs, ignore: ['carry'] });
    },
  );

  it('is the derivative of gru, in the gates and in the states', () => {
    const s = gruShape(2, 3, 4, 3, 8);
    const inputs = gruBuffers64(s).gates;
    const { parameters, x } = gruBuffers64(s);
    const weight = normals(x.length, 77);
    const forward = () => reference64(gru, s, { ...gruBuffers64(s), parameters, gates: inputs.slice(), x: x.slice() });
    const loss = () => {
      const out = forward().x;
      return weight.reduce((sum, v, i) => sum + v * out[i], 0);
    };
    const { gates, hidden, candidate } = forward();
    const { dgates, dhidden } = reference64(gruGrad, s, {
      parameters,
      gates,
      hidden,
      candidate,
      dx: weight,
      dgates: new Float64Array(gates.length),
      dhidden: new Float64Array(gates.length),
      carry: new Float64Array(s.prompts * s.group * s.width),
    });
    expectGradient(loss, inputs, dgates, 'dgates');
    const H = s.width;
    const dW = new Float64Array(parameters.length);
    for (let row = 0; row < x.length / H; row++)
      for (let o = 0; o < 3 * H; o++)
        for (let i = 0; i < H; i++) dW[s.weight + o * H + i] += dhidden[row * 3 * H + o] * hidden[row * H + i];
    expectGradient(loss, parameters, dW, 'dW');
  });
});

/** torch.nn.GRUCell's formulas with the input's part already made: rows r, z, n. */
function torchCell(a: number[], W: ArrayLike<number>, h: number[]): number[] {
  const H = h.length;
  const product = (gate: number, i: number) => h.reduce((sum, v, k) => sum + v * W[(gate * H + i) * H + k], 0);
  const sigmoid = (v: number) => 0.5 * (1 + Math.tanh(v / 2));
  return h.map((was, i) => {
    const reset = sigmoid(a[i] + product(0, i));
    const update = sigmoid(a[H + i] + product(1, i));
    const candidate = Math.tanh(a[2 * H + i] + reset * product(2, i));
    return candidate + update * (was - candidate);
  });
}

const gruBuffers64 = (s: ReturnType<typeof gruShape>) => {
  const rows = s.prompts * (s.promptLength + s.group * s.responseLength);
  return {
    parameters: normals(s.stride, 1, 0.4),
    gates: normals(rows * 3 * s.width, 2),
    hidden: new Float64Array(rows * s.width).fill(9),
    candidate: new Float64Array(rows * s.width),
    x: normals(rows * s.width, 3),
  };
};
