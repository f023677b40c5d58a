import type { NamedFile } from '../../src/archive/exchange/openFile';
import { complete } from '../../src/archive/exchange/runReader';
import { makeRecord } from '../../src/archive/record';
import type { NewRun, RunData, StepMetrics } from '../../src/archive/types';
import { resolve } from '../../src/config/resolve';

/** Awkward numbers: those that a careless text form would change. */
const AWKWARD = [0.1 + 0.2, -0, 5e-324, 1.7976931348623157e308, 1 / 3, -1e-7, 123456789.12345679, 1e21, Math.fround(0.1)];

/** A step as the engine measures it, with numbers that differ from step to step. */
export function stepOf(step: number, seed = 0): StepMetrics {
  const x = (k: number) => (AWKWARD[(step + k + seed) % AWKWARD.length] * (k + 1)) / (step + seed + 1);
  return {
    step,
    metrics: {
      'reward/mean': (step % 7) / 7,
      'loss/policy': x(1),
      'logit/margin': step % 3 ? x(2) : null,
      'gradient/norm': step % 5 ? x(3) : Number.NaN,
      'mass/cross': step % 11 ? -0 : Number.POSITIVE_INFINITY,
    },
    centroids: [
      [0, x(4), null],
      [x(4), 0, null],
      [null, null, null],
    ],
    gradientCosine: [
      [1, x(5), -1],
      [x(5), 1, null],
      [-1, null, 1],
    ],
  };
}

/** Steps `from` to `to`. */
export const stepsOf = (from: number, to: number, seed = 0): StepMetrics[] =>
  Array.from({ length: to - from + 1 }, (_, i) => stepOf(from + i, seed));

export const evaluationOf = (step: number) => ({
  benchmarks: { AIME24: step / 1000 + 1 / 3, HumanEval: 0.25 },
  domains: { math: step / 1000 + 1 / 3, code: 0.25 },
  average: step / 1000 + 0.1 + 0.2,
});

/** A run to create. */
export const newRun = (method: string, seed = 0): NewRun => ({
  lane: method.toUpperCase(),
  presets: ['tiny', method],
  config: resolve(['tiny', method], { seed, contrast: { tau: 0.30000000000000004 } }),
  backend: 'cpu',
  adapter: 'CPU',
});

/** Bytes that tell a step's checkpoint from others. */
export const bytesOf = (step: number, length = 1000): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (step * 31 + i) % 256);

/** A run as an archive would load it. */
export function runOf(method: string, steps: number, seed = 0): RunData {
  const record = makeRecord(
    { ...newRun(method, seed), notes: 'a "note",\nof two lines 🦊', tags: ['a b', 'ü'] },
    'fleet1',
    seed,
    1.7e12,
  );
  const run: RunData = {
    record: { ...record, id: `${method.replace('-', '')}${seed}` },
    steps: stepsOf(1, steps, seed),
    evaluations: [0, Math.floor(steps / 2), steps].map((step) => ({ step, result: evaluationOf(step) })),
  };
  return complete(run);
}

/** A file with a name. */
export const fileOf = (content: BlobPart, name: string): NamedFile => Object.assign(new Blob([content]), { name });
