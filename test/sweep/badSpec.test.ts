import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_TRIALS, parseSpec, SpecError, specJson } from '../../src/sweep/spec';

const tau = { field: 'contrast.tau', from: 0.05, to: 0.5 };
const lambda = { field: 'contrast.lambda', values: [0.1, 0.3] };
/** A good specification with one thing changed. */
const sweep = (over: object) => ({ fields: [lambda], ...over });
const random = (over: object) => ({ fields: [tau], sampler: 'random', budget: 20, ...over });
const fields = (...list: unknown[]) => ({ fields: list });

/** What is wrong, the input, the whole sentence. */
const BAD: [string, unknown, string][] = [
  ['no object', 7, 'invalid sweep: 7 (an object)'],
  ['a list', [], 'invalid sweep: [] (an object)'],
  ['a newer version', sweep({ version: 2 }), 'unknown version of a sweep: 2 (this program reads 1)'],
  ['an unknown key', sweep({ sampler: 'grid', seed: 3 }), 'unknown key: seed (did you mean seeds?)'],
  [
    'an unknown key inside',
    random({ sampler: { kind: 'tpe', starup: 3 } }),
    'unknown key: sampler.starup (did you mean startup?)',
  ],
  ['a key of another kind', sweep({ sampler: { kind: 'grid', seed: 1 } }), 'unknown key: sampler.seed (one of kind)'],
  ['an empty name', sweep({ name: ' ' }), 'invalid name: " " (text of 1 to 200 characters)'],
  ['a preset twice', sweep({ presets: ['tiny', 'tiny'] }), 'invalid presets[1]: "tiny" (each once)'],
  ['no fields', {}, 'invalid fields: nothing (a list)'],
  ['an empty list of fields', fields(), 'invalid fields: 0 entries (1 to 16)'],
  [
    'an unknown field',
    fields({ field: 'contrast.temperature', from: 1, to: 2 }),
    'fields[0].field: unknown key: contrast.temperature (did you mean rollout.temperature or eval.temperature?)',
  ],
  [
    'a field without a name',
    fields({ from: 1, to: 2 }),
    'invalid fields[0].field: nothing (a key path of the configuration, or method)',
  ],
  ['a swept seed', fields({ field: 'seed', values: [1, 2] }), 'invalid fields[0].field: "seed" (seeds are listed in seeds)'],
  [
    'a value too large',
    fields({ field: 'contrast.tau', values: [0.1, 9] }),
    'invalid fields[0].values[1]: 9 (contrast.tau: 0.01 to 2)',
  ],
  [
    'a value of another type',
    fields({ field: 'contrast.tau', values: ['0.1'] }),
    'invalid fields[0].values[0]: "0.1" (contrast.tau: 0.01 to 2)',
  ],
  [
    'half an update',
    fields({ field: 'contrast.warmup', values: [1.5] }),
    'invalid fields[0].values[0]: 1.5 (contrast.warmup: an integer from 0 to 1000000)',
  ],
  [
    'an unknown option',
    fields({ field: 'contrast.scope', values: ['world'] }),
    'invalid fields[0].values[0]: "world" (contrast.scope: pool, prompt)',
  ],
  [
    'a text that names no domain',
    fields({ field: 'tasks.mix', values: ['maths:1'] }),
    'invalid fields[0].values[0]: maths is no domain (one of math, code, science, toolUse, safety)',
  ],
  [
    'no method',
    fields({ field: 'method', values: ['grpo', 'tiny'] }),
    'invalid fields[0].values[1]: "tiny" (a method: grpo, dapo, dapo-reward-only, clipo, clipo-aux, mgs, mt-grpo, mt-grpo-strict, mcpo-grpo, mcpo-dapo)',
  ],
  [
    'a range of methods',
    fields({ field: 'method', from: 0, to: 2 }),
    'invalid fields[0].values: nothing (methods: grpo, dapo, dapo-reward-only, clipo, clipo-aux, mgs, mt-grpo, mt-grpo-strict, mcpo-grpo, mcpo-dapo)',
  ],
  ['an end out of bounds', fields({ ...tau, to: 3, count: 2 }), 'invalid fields[0].to: 3 (contrast.tau: 0.01 to 2)'],
  ['an end missing', fields({ field: 'contrast.tau', from: 0.1 }), 'invalid fields[0].to: nothing (contrast.tau: 0.01 to 2)'],
  ['an infinite end', fields({ ...tau, to: Number.POSITIVE_INFINITY }), 'invalid fields[0].to: null (contrast.tau: 0.01 to 2)'],
  ['an empty range', fields(lambda, { ...tau, from: 0.5, to: 0.05 }), 'invalid fields[1].to: 0.05 (above from, 0.5)'],
  ['a range of one point', fields({ ...tau, to: 0.05 }), 'invalid fields[0].to: 0.05 (above from, 0.05)'],
  [
    'log of zero',
    fields(tau, { field: 'contrast.lambda', from: 0, to: 1 }),
    'invalid fields[1].from: 0 (above 0 on a log scale)',
  ],
  [
    'log of zero, asked for',
    fields({ field: 'contrast.beta', from: 0, to: 1, scale: 'log' }),
    'invalid fields[0].from: 0 (above 0 on a log scale)',
  ],
  [
    'log of a negative number',
    fields({ field: 'contrast.lambda', from: -1, to: 1 }),
    'invalid fields[0].from: -1 (contrast.lambda: 0 to 100)',
  ],
  ['an unknown scale', fields({ ...tau, scale: 'ln' }), 'invalid fields[0].scale: "ln" (one of linear, log)'],
  [
    'a range of choices',
    fields({ field: 'contrast.scope', from: 0, to: 1 }),
    'invalid fields[0].from: 0 (contrast.scope takes values: pool, prompt)',
  ],
  [
    'a range and values',
    fields({ ...tau, values: [0.1] }),
    'invalid fields[0]: values and from together (either values, or from and to)',
  ],
  [
    'neither range nor values',
    fields({ field: 'contrast.tau' }),
    'invalid fields[0]: neither values nor from and to (contrast.tau: 0.01 to 2)',
  ],
  ['a count of one', fields({ ...tau, count: 1 }), 'invalid fields[0].count: 1 (an integer from 2 to 1000)'],
  [
    'more counts than integers',
    fields({ field: 'policy.layers', from: 1, to: 3, count: 4 }),
    'invalid fields[0].count: 4 (two of its values would be 2)',
  ],
  ['a wrong integer mark', fields({ ...tau, integer: true }), 'invalid fields[0].integer: true (false: what contrast.tau is)'],
  ['no values', fields({ field: 'contrast.scope', values: [] }), 'invalid fields[0].values: 0 entries (1 to 1000)'],
  [
    'a value twice',
    fields({ field: 'contrast.tau', values: [0.1, 0.2, 0.1] }),
    'invalid fields[0].values[2]: 0.1 (each value once)',
  ],
  ['a field twice', fields(lambda, tau, lambda), 'invalid fields[2].field: "contrast.lambda" (swept by fields[0] already)'],
  [
    'a field swept and fixed',
    sweep({ changes: { contrast: { lambda: 1 } } }),
    'invalid changes.contrast.lambda: 1 (fields[0] sweeps it)',
  ],
  [
    'an unknown change',
    sweep({ changes: { 'contrast.lamda': 1 } }),
    'changes: unknown key: contrast.lamda (did you mean contrast.lambda?)',
  ],
  ['a change out of bounds', sweep({ changes: { contrast: { tau: 9 } } }), 'invalid changes.contrast.tau: 9 (0.01 to 2)'],
  [
    'a change twice',
    sweep({ changes: { contrast: { tau: 1 }, 'contrast.tau': 1 } }),
    'invalid changes.contrast.tau: 1 (each field once)',
  ],
  ['a seed among the changes', sweep({ changes: { seed: 1 } }), 'invalid changes.seed: 1 (seeds are listed in seeds)'],
  [
    'a method among the changes',
    sweep({ changes: { method: 'grpo' } }),
    'invalid changes.method: "grpo" (a method is named in presets)',
  ],
  ['changes of no shape', sweep({ changes: 3 }), 'invalid changes: 3 (an object of key paths and values)'],
  ['no seed', sweep({ seeds: 0 }), 'invalid seeds: 0 (an integer from 1 to 64)'],
  ['an empty list of seeds', sweep({ seeds: [] }), 'invalid seeds: 0 entries (1 to 64)'],
  ['too many seeds', sweep({ seeds: 65 }), 'invalid seeds: 65 (an integer from 1 to 64)'],
  ['a seed twice', sweep({ seeds: [4, 4] }), 'invalid seeds[1]: 4 (each seed once)'],
  ['a seed below 0', sweep({ seeds: [-1] }), 'invalid seeds[0]: -1 (an integer from 0 to 4294967295)'],
  ['an unknown sampler', sweep({ sampler: 'cma' }), 'invalid sampler.kind: "cma" (one of grid, random, sobol, tpe, optuna)'],
  [
    'a sampler of no shape',
    sweep({ sampler: 3 }),
    'invalid sampler: 3 (one of grid, random, sobol, tpe, optuna, or an object with this as its kind)',
  ],
  [
    'no candidates',
    random({ sampler: { kind: 'optuna', candidates: 0 } }),
    'invalid sampler.candidates: 0 (an integer from 1 to 1000)',
  ],
  [
    'a text for a flag',
    random({ sampler: { kind: 'optuna', multivariate: 'yes' } }),
    'invalid sampler.multivariate: "yes" (true or false)',
  ],
  [
    'a grid over a range',
    { ...fields(lambda, tau), sampler: 'grid' },
    'missing fields[1].count (a grid needs the number of values of contrast.tau)',
  ],
  ['an unknown metric', sweep({ objective: 'reward/men' }), 'unknown metric: reward/men (did you mean reward/mean?)'],
  [
    'an unknown benchmark',
    sweep({ objective: 'heldOut/AIME26' }),
    'unknown metric: heldOut/AIME26 (did you mean heldOut/AIME24 or heldOut/AIME25?)',
  ],
  [
    'an unknown domain',
    sweep({ objective: { metric: 'heldOut/domain/history' } }),
    'unknown metric: heldOut/domain/history (one of heldOut/domain/math, heldOut/domain/code, heldOut/domain/science, heldOut/domain/toolUse, heldOut/domain/safety)',
  ],
  ['an unknown direction', sweep({ objective: { direction: 'up' } }), 'invalid objective.direction: "up" (one of max, min)'],
  ['an empty window', sweep({ objective: { window: 0 } }), 'invalid objective.window: 0 (an integer from 1 to 1000000)'],
  [
    'an unknown pruner',
    sweep({ pruner: 'percentile' }),
    'invalid pruner.kind: "percentile" (one of none, median, asha, hyperband, wilcoxon)',
  ],
  [
    'a first rung before the first report',
    sweep({ pruner: { kind: 'asha', min: 5 } }),
    'invalid pruner.min: 5 (an integer from 10 to 100)',
  ],
  ['a factor of one', sweep({ pruner: { kind: 'hyperband', factor: 1 } }), 'invalid pruner.factor: 1 (an integer from 2 to 16)'],
  ['a level of zero', sweep({ seeds: 5, pruner: { kind: 'wilcoxon', p: 0 } }), 'invalid pruner.p: 0 (above 0, at most 0.5)'],
  [
    'too few seeds for the test',
    sweep({ seeds: 3, pruner: 'wilcoxon' }),
    'invalid seeds: 3 (at least 4: with fewer pairs no signed-rank test reaches a pruner.p of 0.1)',
  ],
  [
    'unequal lengths compared',
    { ...fields({ field: 'steps', values: [50, 100] }), pruner: 'median' },
    'invalid pruner.kind: "median" (none or wilcoxon where steps are swept: the others compare trials of one length)',
  ],
  ['no end', random({ budget: undefined }), 'missing budget (trials, steps or minutes: the sampler random has no end of points)'],
  ['no trials', random({ budget: 0 }), 'invalid budget.trials: 0 (an integer from 1 to 100000)'],
  ['10⁹ trials', random({ budget: { trials: 1e9 } }), 'invalid budget.trials: 1000000000 (an integer from 1 to 100000)'],
  [
    'fewer trials than seeds',
    random({ budget: 3, seeds: 4 }),
    'invalid budget.trials: 3 (at least 4: a point is tried with every seed)',
  ],
  [
    'fewer steps than a point takes',
    random({ budget: { steps: 59 }, seeds: 2, changes: { steps: 30 } }),
    'invalid budget.steps: 59 (at least 60: 2 × 30 steps of one point)',
  ],
  ['no minutes', random({ budget: { minutes: 0 } }), 'invalid budget.minutes: 0 (above 0, at most 100000)'],
  ['no places', sweep({ places: 0 }), 'invalid places: 0 (an integer from 1 to 256)'],
  ['a report after the end', sweep({ report: 101 }), 'invalid report: 101 (an integer from 1 to 100)'],
  [
    'a grid of 10⁹ trials',
    fields(
      { ...tau, count: 1000 },
      { field: 'contrast.beta', from: 0, to: 1, count: 1000 },
      { field: 'contrast.gamma', from: 0, to: 1, count: 1000 },
    ),
    `too many trials: 1000 × 1000 × 1000 × 1 = 1000000000 (fields’ values times seeds: at most ${MAX_TRIALS})`,
  ],
  [
    'conflicting shapes in a grid',
    fields({ field: 'policy.heads', values: [4, 8] }, { field: 'policy.width', values: [32, 48] }),
    'conflict at policy.heads = 8, policy.width = 48: invalid policy.width: 48 (a multiple of 32: 4 channels or a multiple for each of the policy.heads)',
  ],
  [
    'conflicting shapes within a range',
    random({ fields: [{ field: 'policy.width', from: 16, to: 128 }, tau] }),
    'conflict at policy.width = 17, contrast.tau = 0.05: invalid policy.width: 17 (a multiple of 16: 4 channels or a multiple for each of the policy.heads)',
  ],
  [
    'conflicting shapes at a corner of ranges',
    random({
      fields: [
        { field: 'rollout.prompts', values: [60, 1984] },
        { field: 'rollout.miniBatches', values: [3, 4] },
      ],
    }),
    'conflict at rollout.prompts = 1984, rollout.miniBatches = 3: invalid rollout.prompts: 1984 (a multiple of 3, the number of rollout.miniBatches)',
  ],
  [
    'values that do not fit a change',
    { ...fields({ field: 'head.width', values: [32, 64] }), changes: { 'head.hidden': 30 } },
    'conflict at head.width = 32: invalid head.hidden: 30 (a multiple of 4)',
  ],
  [
    'methods made equal',
    { ...fields({ field: 'method', values: ['grpo', 'mcpo-grpo'] }), changes: { 'contrast.lambda': 0.1 } },
    'no difference between method = "grpo" and method = "mcpo-grpo": changes and other fields override what tells them apart',
  ],
];

test.each(BAD)('named clearly: %s', (_, input, sentence) => {
  let error: unknown;
  try {
    parseSpec(input);
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(SpecError);
  expect((error as Error).message).toBe(sentence);
});

test('the good specifications that these are made from are read', () => {
  expect(parseSpec(sweep({})).fields).toEqual([lambda]);
  expect(parseSpec(random({})).budget).toEqual({ trials: 20 });
});

test('an unknown preset is named with what there is', () => {
  expect(() => parseSpec(sweep({ presets: ['huge'] }))).toThrow(
    /^presets\[0\]: unknown preset: huge \(one of tiny, classroom, paper, /,
  );
});

test('whatever is put in one place of a specification, it is read, or refused with one sentence', () => {
  const good = {
    name: 'a',
    presets: ['tiny', 'mgs'],
    changes: { 'contrast.beta': 1 },
    fields: [tau, lambda, { field: 'method', values: ['grpo'] }],
    seeds: [1, 2],
    sampler: { kind: 'optuna', seed: 1, startup: 2, candidates: 3, multivariate: true },
    objective: { metric: 'reward/mean', direction: 'max', at: 'best', window: 3 },
    pruner: { kind: 'asha', min: 10, factor: 2 },
    budget: { trials: 5, steps: 100, minutes: 1 },
    places: 4,
    report: 10,
  };
  const places: (readonly (string | number)[])[] = [];
  const walk = (node: unknown, path: readonly (string | number)[]) => {
    if (path.length) places.push(path);
    if (typeof node === 'object' && node !== null)
      for (const key of Object.keys(node)) walk((node as Record<string, unknown>)[key], [...path, key]);
  };
  walk(good, []);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
      const input = structuredClone(good) as never as Record<string, unknown>;
      let at = input;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
      at[path[path.length - 1]] = value;
      try {
        const spec = parseSpec(input);
        expect(parseSpec(JSON.parse(specJson(spec)))).toEqual(spec);
      } catch (error) {
        expect(error).toBeInstanceOf(SpecError);
        expect((error as Error).message).toMatch(/^[a-z][^\n]+[^.]$/);
      }
    }),
    { numRuns: 1500 },
  );
});
