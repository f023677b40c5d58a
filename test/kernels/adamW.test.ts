import { describe, expect, it } from 'vitest';
import { choiceIndex, HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { adamW, policyRate } from '../../src/kernels/adamW';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { compareKernel, expectClose, gpuBackend, normals, reference64, runKernel } from './harness';

const hyper = new Float64Array(HYPER_SIZE);
const settings: Record<string, number> = {
  steps: 11,
  'optimizer.lr': 0.01,
  'optimizer.warmup': 5,
  'optimizer.decay': 0.1,
  'optimizer.beta1': 0.9,
  'optimizer.beta2': 0.99,
  'optimizer.epsilon': 1e-8,
  'optimizer.weightDecay': 0.1,
  'head.lr': 0.02,
  'head.weightDecay': 0.2,
  'clipo.lr': 0.03,
  'clipo.weightDecay': 0.3,
};
for (const [path, value] of Object.entries(settings)) hyper[HYPER[path]] = value;

function stateOf(step: number, updates: number): Uint32Array {
  const state = new Uint32Array(STATE_SIZE);
  state[STATE.step] = step;
  state[STATE.adamPolicy] = updates;
  state[STATE.adamHead] = updates + 2;
  state[STATE.adamClipo] = updates + 1;
  return state;
}

describe('adamW', () => {
  it.each([
    [0, 4, 0, 4, 0, 1, 1],
    [0, 64, 0, 96, 3, 7, 3],
    [64, 260, 1, 324, 10, 300, 3],
    [64, 68, 2, 132, 10, 3, 1],
  ])(
    'from %i, %i parameters of group %i, size %i, step %i, update %i, runs %i',
    async (start, count, group, size, step, updates, runs) => {
      await compareKernel(
        await gpuBackend(),
        adamW,
        { start, count, group, size },
        {
          parameters: size,
          total: size,
          moment1: size,
          moment2: normals(size, 7).map(Math.abs),
          hyper,
          state: stateOf(step, updates),
          scale: [0.5, 0.7, 0.9, 0, 1, 1, 1, 0],
        },
        { runs, tolerance: { atol: 1e-6, rtol: 1e-5 } },
      );
    },
  );

  it('changes nothing when the guard vetoes the update', () => {
    const before = normals(8);
    const data = { parameters: before.slice(), total: normals(8, 2), moment1: before.slice(), moment2: before.slice() };
    const rest = { hyper, state: stateOf(0, 1), scale: Float64Array.of(1, 1, 1, 0, 0, 1, 1, 0) };
    const out = reference64(adamW, { start: 0, count: 8, group: 0, size: 8 }, { ...data, ...rest });
    expect([out.parameters, out.moment1, out.moment2]).toEqual([before, before, before]);
  });

  it('takes a first step of one learning rate against the gradient sign, plus decay', () => {
    const out = reference64(
      adamW,
      { start: 0, count: 4, group: 1, size: 4 },
      {
        parameters: Float64Array.of(1, 1, 1, 1),
        total: Float64Array.of(3, -5, 0.1, 0),
        moment1: new Float64Array(4),
        moment2: new Float64Array(4),
        hyper,
        state: Uint32Array.from(stateOf(0, 0), (v, i) => (i === STATE.adamHead ? 1 : v)),
        scale: Float64Array.of(1, 1, 1, 0, 1, 1, 1, 0),
      },
    );
    expectClose(out.parameters, [0.976, 1.016, 0.976, 0.996], 'parameters', { atol: 1e-7 });
  });

  it('warms the rate up and decays it to a tenth at the last step', () => {
    expect(policyRate(hyper, 0)).toBeCloseTo(0.01 / 5, 12);
    expect(policyRate(hyper, 5)).toBeCloseTo(0.01 * 0.55, 12);
    expect(policyRate(hyper, 10)).toBeCloseTo(0.001, 12);
  });

  it.each([
    ['start', 0, true],
    ['warmup', 3, false],
    ['warmup', 4, true],
    ['never', 9, false],
  ])('a head frozen from %s at update %i stays: %s', async (freeze, update, stays) => {
    const settings = hyper.slice();
    settings[HYPER['head.freeze']] = choiceIndex('head.freeze', freeze);
    settings[HYPER['contrast.warmup']] = 4;
    const state = stateOf(0, 1);
    state[STATE.update] = update;
    const before = Float32Array.from(normals(8));
    const inputs = { parameters: before, total: 8, moment1: 8, moment2: normals(8, 3).map(Math.abs), hyper: settings, state };
    const scale = [1, 1, 1, 0, 1, 1, 1, 0];
    for (const backend of [cpuBackend(), await gpuBackend()]) {
      const out = await runKernel(backend, adamW, { start: 0, count: 8, group: 1, size: 8 }, { ...inputs, scale });
      expect(out.parameters.every((p, i) => p === before[i])).toBe(stays);
    }
  });
});
