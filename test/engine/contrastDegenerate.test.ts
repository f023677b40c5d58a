import { describe, expect, test } from 'vitest';
import { HYPER, HYPER_SIZE } from '../../src/config/hyper';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { ContrastResult, ContrastSwitches } from '../../src/math/contrast';
import { Random } from '../../src/math/random';
import { type Case, setChoices } from '../kernels/contrastPool';
import { gpuBackend } from '../kernels/harness';
import { executeStep, expectDefinition, type PoolInputs } from './contrastChecks';

/** The degenerate cases of method.md 10 that concern the contrastive loss. */

/** Prompts as (domain, rewards of their rollouts); a reward below 0 is an empty place. */
type Prompts = readonly (readonly [domain: number, rewards: readonly number[]])[];

interface Degenerate {
  title: string;
  prompts: Prompts;
  /** Changes embedding i; without it they are random. */
  embedding?: (u: number[], i: number) => number[];
  expect: (want: ContrastResult) => void;
}

const zero = (r: ContrastResult) => {
  expect(r.loss.contrastive).toBe(0);
  expect(r.du.flat().every((x) => x === 0)).toBe(true);
};
const axis = (k: number, sign = 1) => Array.from({ length: 8 }, (_, c) => (c === k ? sign : 0));

const CASES: Degenerate[] = [
  {
    title: 'no correct rollout',
    prompts: [
      [0, [0, 0]],
      [1, [0, 0, 0]],
    ],
    expect: zero,
  },
  {
    title: 'one correct rollout',
    prompts: [
      [0, [0, 1]],
      [1, [0, 0, 0]],
    ],
    expect: zero,
  },
  {
    title: 'no incorrect rollout',
    prompts: [
      [0, [1, 1]],
      [1, [1, 1, 1]],
    ],
    expect: (r) => {
      zero(r);
      expect(r.mass.cross).toBeGreaterThan(0);
    },
  },
  {
    title: 'a single domain',
    prompts: [
      [0, [1, 1, 0]],
      [0, [1, 0, 1]],
    ],
    expect: (r) => {
      expect([r.loss.cross, r.mass.cross, r.logit.crossPositive]).toEqual([0, 0, null]);
      expect(r.loss.inDomain).toBeGreaterThan(0);
    },
  },
  {
    title: 'correct rollouts in one domain only',
    prompts: [
      [0, [1, 1, 0]],
      [1, [0, 0]],
    ],
    expect: (r) => {
      expect([r.loss.cross, r.mass.cross]).toEqual([0, 0]);
      expect(r.loss.inDomain).toBeGreaterThan(0);
    },
  },
  {
    title: 'one correct rollout a domain',
    prompts: [
      [0, [1, 0]],
      [1, [0, 1]],
      [2, [1]],
    ],
    expect: (r) => {
      expect([r.loss.inDomain, r.mass.inDomain, r.logit.inDomainPositive]).toEqual([0, 0, null]);
    },
  },
  {
    title: 'prompts nearly at right angles: a cross-domain mass too small to normalise by',
    prompts: [
      [0, [1, 0]],
      [1, [1, 1]],
    ],
    embedding: (_u, i) => (i === 1 ? axis(0).map((x, k) => x + axis(1)[k]) : i === 0 ? axis(0) : [1e-9, 1, 0, 0, 0, 0, 0, 0]),
    expect: (r) => {
      expect(r.mass.cross).toBeGreaterThan(0);
      expect([r.loss.cross, r.loss.attraction]).toEqual([0, null]);
      expect(r.loss.inDomain).toBeGreaterThan(0);
    },
  },
  {
    title: 'a prompt without a correct rollout',
    prompts: [
      [0, [1, 1]],
      [0, [0, 0, 0]],
      [1, [1, 0]],
    ],
    expect: (r) => {
      expect(r.compatibility.matrix[0][1]).toBeNull();
      expect(r.negatives).toBe(4);
    },
  },
  {
    title: 'a prompt of only correct rollouts',
    prompts: [
      [0, [1, 1, 1]],
      [1, [1, 0]],
    ],
    expect: (r) => expect(r.loss.inDomain).toBeGreaterThan(0),
  },
  {
    title: 'embeddings of a prompt that cancel: no compatibility with anyone',
    prompts: [
      [0, [1, 1]],
      [1, [1, 1, 0]],
      [2, [1]],
    ],
    embedding: (u, i) => (i === 0 ? axis(2) : i === 1 ? axis(2, -3) : u),
    expect: (r) => expect([r.compatibility.matrix[0][1], r.compatibility.matrix[0][2]]).toEqual([0, 0]),
  },
  {
    title: 'embeddings too short, zero, infinite or no number',
    prompts: [
      [0, [1, 1, 0, 1]],
      [1, [1, 0, 1, 0]],
    ],
    embedding: (u, i) => {
      if (i === 0) return u.map((x) => 1e-14 * x);
      if (i === 2) return u.map(() => 0);
      if (i === 4) return u.map((x, k) => (k === 3 ? Number.POSITIVE_INFINITY : x));
      return i === 5 ? u.map((x, k) => (k === 1 ? Number.NaN : x)) : u;
    },
    expect: (r) => {
      expect([r.excluded, r.positives, r.negatives]).toEqual([4, 3, 1]);
      for (const i of [0, 2, 4, 5]) expect(r.du[i].every((x) => x === 0)).toBe(true);
      expect(r.loss.contrastive).toBeGreaterThan(0);
    },
  },
  {
    title: 'a prompt of empty places in the last domain',
    prompts: [
      [0, [1, 1, 0]],
      [1, [1, 0, 1]],
      [2, [-1, -1, -1]],
    ],
    expect: (r) => {
      expect([r.excluded, r.centroidDistance.matrix[0][2]]).toEqual([3, null]);
      expect(r.loss.inDomain).toBeGreaterThan(0);
    },
  },
  {
    title: 'half of the pool empty, among it a whole domain',
    prompts: [
      [0, [1, -1, 0]],
      [1, [-1, -1]],
      [2, [1, 0, 1]],
      [2, [-1, -1, -1]],
    ],
    expect: (r) => expect([r.excluded, r.positives]).toEqual([6, 3]),
  },
  {
    title: 'nothing but empty places',
    prompts: [
      [2, [-1, -1]],
      [2, [-1, -1]],
    ],
    expect: (r) => {
      zero(r);
      expect([r.excluded, r.embedding.rank, r.embedding.uniformity]).toEqual([4, null, null]);
    },
  },
  {
    title: 'one usable rollout',
    prompts: [
      [0, [1, -1]],
      [2, [-1]],
    ],
    expect: (r) => {
      zero(r);
      expect([r.embedding.rank, r.embedding.uniformity]).toEqual([1, null]);
    },
  },
];

/** Recommended, and every other branch. */
const CHOICES: Partial<ContrastSwitches>[] = [
  {},
  { denominator: 'all', weightMap: 'half', weightGradient: true },
  { normalizer: 'anchor', weightMap: 'raw', weightGradient: true },
  { scope: 'prompt', denominator: 'all', normalizer: 'anchor' },
  { scope: 'prompt', mixing: 'convex', weightGradient: true },
];

function inputsOf({ prompts, embedding = (u) => u }: Degenerate, choices: Partial<ContrastSwitches>): PoolInputs {
  const random = new Random(23, 40);
  const rows = prompts.flatMap(([domain, rewards], prompt) => rewards.map((reward) => ({ domain, prompt, reward })));
  const hyper = new Float32Array(HYPER_SIZE);
  hyper.set([0.2], HYPER['contrast.tau']);
  for (const name of ['beta', 'gamma', 'lambda']) hyper[HYPER[`contrast.${name}`]] = 0.5;
  setChoices(hyper, choices);
  return {
    hyper,
    'contrast.u': Float32Array.from(
      rows.flatMap((_, i) =>
        embedding(
          Array.from({ length: 8 }, () => random.normal() + 0.4),
          i,
        ),
      ),
    ),
    'contrast.reward': Float32Array.from(rows, (r) => r.reward),
    'contrast.prompt': Uint32Array.from(rows, (r) => r.prompt),
    'contrast.domain': Uint32Array.from(rows, (r) => r.domain),
  };
}

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
] as const)('on %s', (_, open) => {
  test.each(CASES)('$title', async (degenerate) => {
    const inputs = CHOICES.map((choices) => inputsOf(degenerate, choices));
    const pool = inputs[0]['contrast.reward'].length;
    const given: Case = {
      title: degenerate.title,
      shape: { pool, prompts: degenerate.prompts.length, width: 8, domains: 3 },
      runs: CHOICES.length,
      correct: 0,
    };
    const [du, stats] = await executeStep(await open(), given, inputs, ['contrast.du', 'stats']);
    CHOICES.forEach((choices, run) => {
      const want = expectDefinition(given, inputs[run], choices, { du, stats, run });
      if (run === 0) degenerate.expect(want);
    });
    expect(du.every(Number.isFinite)).toBe(true);
    expect(stats.every(Number.isFinite)).toBe(true);
  });
});
