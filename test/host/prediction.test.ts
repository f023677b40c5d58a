import { expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import { encodeCheckpoint } from '../../src/engine/checkpoint';
import { compareMetrics, compareParameters } from '../../src/host/prediction';
import type { StepMetrics } from '../../src/host/protocol';

const step = (metrics: StepMetrics['metrics'], cosine: number | null = 0.5): StepMetrics => ({
  step: 3,
  metrics,
  centroids: [],
  gradientCosine: [
    [1, cosine],
    [cosine, 1],
  ],
});

it('finds metrics that are not bit for bit as predicted; what the step did not measure is no miss', () => {
  const predicted = step({ a: 0.1 + 0.2, b: 1, c: 4, d: Number.NaN });
  expect(compareMetrics(predicted, step({ a: 0.1 + 0.2, b: 1, c: null, d: Number.NaN }))).toEqual({ compared: 7, misses: [] });
  expect(compareMetrics(predicted, step({ a: 0.3, e: 2 }, 0.25)).misses).toEqual([
    { name: 'a', predicted: 0.1 + 0.2, measured: 0.3 },
    { name: 'e', predicted: null, measured: 2 },
    { name: 'gradient cosine 0-1', predicted: 0.5, measured: 0.25 },
    { name: 'gradient cosine 1-0', predicted: 0.5, measured: 0.25 },
  ]);
});

it('counts parameters that differ in any bit', () => {
  const tensor = (...data: number[]) => ({ shape: [1, data.length], data: Float32Array.from(data) });
  const config = resolve(['tiny', 'grpo']);
  const bytes = encodeCheckpoint({
    config,
    parameters: new Map([
      ['policy.a', tensor(1, 2, 3)],
      ['policy.b', tensor(0)],
    ]),
  });
  const compare = (...parameters: [string, ReturnType<typeof tensor>][]) => compareParameters(new Map(parameters), bytes);
  expect(compare(['policy.a', tensor(1, 2, 3)], ['policy.b', tensor(0)])).toEqual({ compared: 4, differ: 0 });
  expect(compare(['policy.a', tensor(1, 2, 3.0000002)], ['policy.b', tensor(-0)])).toEqual({ compared: 4, differ: 2 });
  expect(compare(['policy.a', tensor(1, 2, 3)], ['head.c', tensor(1, 1)])).toEqual({ compared: 6, differ: 3 });
  expect(() => compareParameters(new Map(), new Uint8Array(3))).toThrow('the checkpoint after the step');
});
