import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, FIELDS, type Field, field, getValue, parseValue, type Value } from '../src/config/fields';
import { choiceIndex, HYPER, HYPER_MIX, HYPER_SIZE, hyperWgsl, packHyper } from '../src/config/hyper';
import { PRESETS } from '../src/config/presets';
import {
  CONFIG_VERSION,
  cautions,
  completePresets,
  DEFAULT_PRESETS,
  differences,
  fromUrlText,
  nest,
  parseAssignments,
  resolve,
  toUrlText,
  validate,
} from '../src/config/resolve';
import type { Config, Layer } from '../src/config/schema';

const PRESET_NAMES = PRESETS.map((p) => p.name);

describe('fields', () => {
  test('every field has a default within its bounds, a label and a help sentence', () => {
    expect(FIELDS.length).toBeGreaterThan(40);
    expect(new Set(FIELDS.map((f) => f.path)).size).toBe(FIELDS.length);
    for (const f of FIELDS) {
      expect(f.label, f.path).not.toBe('');
      expect(f.help, f.path).toMatch(/\.$/);
      expect(parseValue(f.path, String(f.default)), f.path).toBe(f.default);
      if (f.kind === 'integer' || f.kind === 'number') expect(f.min, f.path).toBeLessThan(f.max as number);
    }
  });

  test("the paper's values lie within the bounds", () => {
    for (const f of FIELDS) if (f.paper !== undefined) expect(parseValue(f.path, String(f.paper)), f.path).toBe(f.paper);
  });
});

describe('defaults and presets', () => {
  test('an empty configuration is valid and equals the defaults', () => {
    const config = validate({});
    for (const f of FIELDS) expect(getValue(config, f.path), f.path).toBe(f.default);
  });

  test.each(PRESET_NAMES)('preset %s is valid, alone and with every other', (name) => {
    expect(() => resolve([name])).not.toThrow();
    for (const other of PRESET_NAMES) expect(() => resolve([name, other])).not.toThrow();
  });

  test('one preset of each kind is always there', () => {
    expect(completePresets([])).toEqual(DEFAULT_PRESETS);
    expect(completePresets(['grpo'])).toEqual(['classroom', 'grpo']);
    expect(completePresets(['tiny'])).toEqual(['tiny', 'mcpo-grpo']);
  });

  test("later layers win, and the user's values win over all", () => {
    expect(resolve(['grpo']).contrast.lambda).toBe(0);
    expect(resolve(['mcpo-grpo', 'grpo']).contrast.lambda).toBe(0);
    expect(resolve(['grpo'], { contrast: { lambda: 0.7 } }).contrast.lambda).toBe(0.7);
  });

  test('resolving leaves the presets as they are', () => {
    const before = JSON.stringify(PRESETS);
    resolve(['paper'], { rollout: { prompts: 4 } });
    expect(JSON.stringify(PRESETS)).toBe(before);
  });
});

describe('errors are one sentence with place, value and bound', () => {
  test.each([
    ['contrast.tau=9', 'invalid contrast.tau: 9 (0.01 to 2)'],
    ['contrast.tau=NaN', 'invalid contrast.tau: NaN (0.01 to 2)'],
    ['contrast.tau=', 'invalid contrast.tau: (empty) (0.01 to 2)'],
    ['contrast.tau=Infinity', 'invalid contrast.tau: Infinity (0.01 to 2)'],
    ['contrast.tau=a lot', 'invalid contrast.tau: a lot (0.01 to 2)'],
    ['steps=0', 'invalid steps: 0 (an integer from 1 to 1000000)'],
    ['steps=1.5', 'invalid steps: 1.5 (an integer from 1 to 1000000)'],
    ['rollout.group=-8', 'invalid rollout.group: -8 (an integer from 1 to 64)'],
    ['seed=4294967296', 'invalid seed: 4294967296 (an integer from 0 to 4294967295)'],
    ['seed=-1', 'invalid seed: -1 (an integer from 0 to 4294967295)'],
    ['objective.normalizeStd=yes', 'invalid objective.normalizeStd: yes (true or false)'],
    ['contrast.temperature=1', 'unknown key: contrast.temperature (did you mean rollout.temperature or eval.temperature?)'],
    ['contrast=1', 'unknown key: contrast (did you mean contrast.lambda or contrast.tau or contrast.beta?)'],
    ['nonsense=1', 'unknown key: nonsense (see `mcpo-lab help fields`)'],
    ['__proto__.x=1', 'unknown key: __proto__.x (see `mcpo-lab help fields`)'],
    ['contrast.weightMap=cos', 'invalid contrast.weightMap: cos (cosine, half, raw)'],
    ['steps', 'invalid argument: steps (key=value)'],
    ['=5', 'invalid argument: =5 (key=value)'],
  ])('%s', (word, message) => {
    expect(() => parseAssignments([word])).toThrow(new ConfigError(message));
  });

  test('text may have at most 200 characters', () => {
    expect(parseValue('tasks.mix', 'm'.repeat(200))).toBe('m'.repeat(200));
    expect(() => parseValue('tasks.mix', 'm'.repeat(201))).toThrow(/^invalid tasks\.mix: m+ \(text of at most 200 characters\)$/);
  });

  test.each<[string, unknown, string]>([
    ['out of range', { contrast: { tau: 9 } }, 'invalid contrast.tau: 9 (0.01 to 2)'],
    ['not a number', { contrast: { tau: Number.NaN } }, 'invalid contrast.tau: NaN (0.01 to 2)'],
    ['text for a number', { contrast: { tau: '0.1' } }, 'invalid contrast.tau: 0.1 (0.01 to 2)'],
    ['null', { steps: null }, 'invalid steps: null (an integer from 1 to 1000000)'],
    ['a list', { steps: [5] }, 'invalid steps: [5] (an integer from 1 to 1000000)'],
    ['unknown key', { contrast: { tua: 0.1 } }, 'unknown key: contrast.tua'],
    ['unknown group', { contrasts: {} }, 'unknown key: contrasts'],
    [
      'width',
      { policy: { width: 50 } },
      'invalid policy.width: 50 (a multiple of 16: 4 channels or a multiple for each of the policy.heads)',
    ],
    [
      'heads',
      { policy: { width: 48, heads: 5 } },
      'invalid policy.width: 48 (a multiple of 20: 4 channels or a multiple for each of the policy.heads)',
    ],
    ['head', { head: { hidden: 30 } }, 'invalid head.hidden: 30 (a multiple of 4)'],
    ['embedding', { head: { width: 6 } }, 'invalid head.width: 6 (a multiple of 4)'],
    [
      'too many candidates',
      { rollout: { prompts: 2048, group: 64 }, sampler: { filter: 'mixed', rounds: 9 } },
      'invalid sampler.rounds: 9 (at most 8 rounds of 131072 rollouts)',
    ],
    ['CLIPO', { clipo: { width: 6 } }, 'invalid clipo.width: 6 (a multiple of 4)'],
    [
      'batch',
      { rollout: { prompts: 40, miniBatches: 3 } },
      'invalid rollout.prompts: 40 (a multiple of 3, the number of rollout.miniBatches)',
    ],
  ])('a file with %s', (_title, input, message) => {
    expect(() => validate(input)).toThrow(new ConfigError(message));
  });

  test.each([null, 7, 'x', []])('a file that holds %j', (input) => {
    expect(() => validate(input)).toThrow(/^invalid configuration: /);
  });

  test('an unknown preset', () => {
    expect(() => resolve(['ppo'])).toThrow(new ConfigError(`unknown preset: ppo (one of ${PRESET_NAMES.join(', ')})`));
  });
});

describe('assignments', () => {
  test('make a layer; the last one wins', () => {
    expect(parseAssignments(['contrast.tau=0.2', 'steps=5', 'steps=6', 'contrast.lambda=1e-2'])).toEqual({
      contrast: { tau: 0.2, lambda: 0.01 },
      steps: 6,
    });
  });

  test('text may hold an equals sign', () => {
    expect(parseAssignments(['tasks.mix=a=b'])).toEqual({ tasks: { mix: 'a=b' } });
  });
});

/** Any value that a field admits. */
function admitted(f: Field): fc.Arbitrary<Value> {
  const min = f.min as number;
  const max = f.max as number;
  if (f.kind === 'boolean') return fc.boolean();
  if (f.options) return fc.constantFrom(...f.options);
  if (f.kind === 'text') return fc.string({ unit: 'grapheme', maxLength: 40 }).filter((s) => s.length <= 200);
  if (f.path === 'policy.width') return fc.integer({ min: 1, max: 8 }).map((n) => 64 * n);
  if (f.path === 'policy.heads') return fc.constantFrom(1, 2, 4);
  if (/^head\.(hidden|width)$/.test(f.path)) return fc.integer({ min: 1, max: 256 }).map((n) => 4 * n);
  if (f.path === 'clipo.width') return fc.integer({ min: 1, max: 256 }).map((n) => 4 * n);
  if (f.path === 'clipo.hidden') return fc.integer({ min: 0, max: 256 }).map((n) => 4 * n);
  if (f.kind === 'integer') return fc.integer({ min, max });
  return fc.double({ min, max, noNaN: true }).map((x) => x + 0);
}
const changes: fc.Arbitrary<[Field, Value][]> = fc
  .subarray(FIELDS.filter((f) => !/^rollout\.(prompts|miniBatches)$/.test(f.path)))
  .chain((fields) => fc.tuple(...fields.map((f) => admitted(f).map((v): [Field, Value] => [f, v]))));
const batch = fc.option(
  fc
    .tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }))
    .map(([m, k]) => ({ prompts: m * k, miniBatches: m })),
  { nil: undefined },
);
const configs: fc.Arbitrary<[string[], Config]> = fc
  .tuple(fc.subarray(PRESET_NAMES), changes, batch)
  .map(([presets, list, sizes]) => {
    const config = structuredClone(resolve(presets)) as unknown as Record<string, unknown>;
    for (const [f, value] of list) {
      const [outer, inner] = f.path.split('.');
      if (inner) (config[outer] as Record<string, Value>)[inner] = value;
      else config[outer] = value;
    }
    if (sizes) Object.assign(config.rollout as object, sizes);
    return [presets, validate(config)];
  });

describe('URL text', () => {
  test('names version and presets, and only what differs from them', () => {
    expect(toUrlText(['grpo'], resolve(['grpo']))).toBe(`v=${CONFIG_VERSION}&preset=classroom&preset=grpo`);
    expect(toUrlText(['grpo'], resolve(['grpo'], { contrast: { tau: 0.2 } }))).toBe(
      `v=${CONFIG_VERSION}&preset=classroom&preset=grpo&contrast.tau=0.2`,
    );
  });

  test('reading gives back what was written', () => {
    fc.assert(
      fc.property(configs, ([presets, config]) => {
        const read = fromUrlText(`#${toUrlText(presets, config)}`);
        expect(read.problems).toEqual([]);
        expect(read.config).toEqual(config);
        expect(read.presets).toEqual(completePresets(presets));
        expect(differences(read.config, config)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('the order of the parts does not matter for values that fit together', () => {
    const { config, problems } = fromUrlText('rollout.prompts=45&preset=paper&rollout.miniBatches=3&v=1');
    expect(problems).toEqual([]);
    expect(config.rollout).toMatchObject({ prompts: 45, miniBatches: 3 });
  });

  test('every bad part gives a sentence, and the good parts stay', () => {
    const text = 'v=9&preset=ppo&contrast.tau=9&steps=7&nonsense=1&policy.width=50&tasks.mix=%E0%A4%A&seed';
    const { config, presets, problems } = fromUrlText(text);
    expect(problems.sort()).toEqual([
      'invalid contrast.tau: 9 (0.01 to 2)',
      'invalid policy.width: 50 (a multiple of 16: 4 channels or a multiple for each of the policy.heads)',
      'invalid seed: (empty) (an integer from 0 to 4294967295)',
      'invalid tasks.mix: %E0%A4%A (not a URL text)',
      'unknown key: nonsense (see `mcpo-lab help fields`)',
      'unknown link version: 9 (this page reads 1)',
      `unknown preset: ppo (one of ${PRESET_NAMES.join(', ')})`,
    ]);
    expect(presets).toEqual(DEFAULT_PRESETS);
    expect(config).toEqual(resolve([], { steps: 7 }));
  });

  test('no text whatever makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.constantFrom('v', '=', '&', '%', 'preset', 'steps', '1', '#')).map((a) => a.join('')),
        ),
        (text) => {
          expect(() => validate(fromUrlText(text).config)).not.toThrow();
        },
      ),
    );
  });
});

describe('hyper buffer', () => {
  const scalars = FIELDS.filter((f) => f.scope === 'run' && f.kind !== 'text' && f.path !== 'seed');

  test('every per-run scalar has an offset of its own, before the mix', () => {
    expect(Object.keys(HYPER)).toEqual(scalars.map((f) => f.path));
    expect(new Set(Object.values(HYPER)).size).toBe(HYPER_MIX);
  });

  test('the WGSL constants name the same offsets', () => {
    expect(hyperWgsl).toContain(`const HYPER_CONTRAST_TAU: u32 = ${HYPER['contrast.tau']}u;`);
    expect(hyperWgsl).toContain(`const HYPER_OBJECTIVE_CLIP_LOW: u32 = ${HYPER['objective.clipLow']}u;`);
    expect(hyperWgsl).toContain('const CONTRAST_WEIGHT_MAP_RAW: f32 = 2.0;');
    const names = [...hyperWgsl.matchAll(/^const (\w+): (?:u32 = \d+u|f32 = \d+\.0);$/gm)].map((m) => m[1]);
    expect(names).toHaveLength(hyperWgsl.split('\n').length);
    expect(new Set(names).size).toBe(names.length);
  });

  test('packing puts every value where its constant points', () => {
    const layer: Layer = parseAssignments(['contrast.tau=0.25', 'objective.normalizeStd=false', 'steps=12']);
    const packed = packHyper(resolve([], layer), [0.5, 0.25, 0.25]);
    expect(packed).toHaveLength(HYPER_SIZE);
    expect(packed[HYPER['contrast.tau']]).toBe(0.25);
    expect(packed[HYPER['objective.normalizeStd']]).toBe(0);
    expect(packed[HYPER.steps]).toBe(12);
    const strict = packHyper(resolve(['mt-grpo-strict']), []);
    expect(strict[HYPER['curriculum.rule']]).toBe(choiceIndex('curriculum.rule', 'strict'));
    expect(() => choiceIndex('curriculum.rule', 'lax')).toThrow('curriculum.rule has no option lax');
    expect([...packed.subarray(HYPER_MIX, HYPER_MIX + 4)]).toEqual([0.5, 0.25, 0.25, 0]);
  });
});

test('nest and field agree on paths', () => {
  expect(nest('contrast.tau', 1)).toEqual({ contrast: { tau: 1 } });
  expect(field('contrast.tau').symbol).toBe('τ');
});

test('what is allowed but hardly meant is warned of', () => {
  const said = (presets: string[], layer: Layer = {}) => cautions(resolve(presets, layer)).join('; ');
  for (const method of PRESETS.filter((p) => p.kind === 'method')) expect(said([method.name])).toBe('');
  expect(said(['grpo'], { rollout: { group: 1 } })).toMatch(/^rollout\.group is 1/);
  expect(said(['dapo'], { sampler: { rounds: 1 } })).toMatch(/^sampler\.rounds is 1/);
  expect(said(['mt-grpo'], { sampler: { filter: 'none' } })).toMatch(/^curriculum\.rule without sampler\.filter=mixed/);
});
