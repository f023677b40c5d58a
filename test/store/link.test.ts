import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELDS, type Field, type Value } from '../../src/config/fields';
import { PRESETS } from '../../src/config/presets';
import { completePresets, merged, nest, resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { domainIds } from '../../src/host/catalog';
import { type Experiment, lanesOf, MAX_RUNS, type Race } from '../../src/store/lanes';
import { defaultExperiment, readLink, writeLink } from '../../src/store/link';
import { KNOBS, type Variant } from '../../src/store/variants';
import { DEFAULT_VIEW, OPTIONS, type OptionName, PARTS, VIEWS, type ViewState } from '../../src/store/view';

/** Values of a field within its bounds; mixes of domains for texts. */
function anyValue(f: Field): fc.Arbitrary<Value> {
  if (f.kind === 'boolean') return fc.boolean();
  if (f.options) return fc.constantFrom(...f.options);
  if (f.kind === 'text')
    return fc
      .uniqueArray(fc.tuple(fc.constantFrom(...domainIds), fc.integer({ min: 1, max: 9 })), {
        minLength: 1,
        selector: ([id]) => id,
      })
      .map((parts) => parts.map(([id, weight]) => `${id}:${weight}`).join(','));
  const { min, max } = f as { min: number; max: number };
  return f.kind === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }).map((x) => x + 0);
}

const anyOf = (fields: readonly Field[]) =>
  fc.constantFrom(...fields).chain((f) => anyValue(f).map((value) => [f.path, value] as [string, Value]));

const names = (kind: string) => PRESETS.filter((p) => p.kind === kind).map((p) => p.name);
const methods = names('method');

const presets = fc
  .tuple(fc.constantFrom(...names('size')), fc.constantFrom(...methods), fc.subarray(names('ablation'), { maxLength: 2 }))
  .map(([size, method, ablations]) => completePresets([size, method, ...ablations]));

/** A preset's configuration with fields changed one after the other, where the change goes together with the rest. */
const configured = fc.tuple(presets, fc.array(anyOf(FIELDS), { maxLength: 12 })).map(([chosen, changes]) => ({
  presets: chosen,
  config: changes.reduce<Config>((config, [path, value]) => {
    try {
      return merged(config, nest(path, value) as Layer);
    } catch {
      return config;
    }
  }, resolve(chosen)),
}));

const raceable = FIELDS.filter((f) => f.scope === 'run' && f.path !== 'seed' && f.kind !== 'text' && f.kind !== 'boolean');
const race: fc.Arbitrary<Race | null> = fc.oneof(
  fc.constant(null),
  fc.subarray(methods, { minLength: 2, maxLength: 8 }).map((all): Race => ({ kind: 'methods', names: all })),
  fc
    .constantFrom(...raceable)
    .chain((f) =>
      fc
        .uniqueArray(anyValue(f).map(String), { minLength: 2, maxLength: 4 })
        .map((values): Race => ({ kind: 'field', path: f.path, values })),
    ),
);

const experiments: fc.Arbitrary<Experiment> = fc
  .tuple(configured, race, fc.integer({ min: 1, max: 8 }))
  .map(([own, raced, seeds]) => ({ ...own, race: raced, seeds }))
  .map((experiment) => {
    try {
      lanesOf(experiment);
      return experiment;
    } catch {
      return { ...experiment, race: null };
    }
  });

const variant: fc.Arbitrary<Variant> = fc.record({
  method: fc.option(fc.constantFrom(...methods)),
  values: fc
    .uniqueArray(anyOf(FIELDS.filter((f) => KNOBS.some((k) => k === f.path))), { maxLength: 4, selector: ([path]) => path })
    .map((all) => Object.fromEntries(all)),
});

const options = fc
  .uniqueArray(
    fc
      .constantFrom(...(Object.keys(OPTIONS) as OptionName[]))
      .chain((name) => fc.constantFrom(...OPTIONS[name].slice(1)).map((value) => [name, value] as [OptionName, string])),
    { selector: ([name]) => name },
  )
  .map((all) => Object.fromEntries(all));

const step = fc.nat({ max: 100_000 });
const viewsOf = (runs: number): fc.Arbitrary<ViewState> =>
  fc.record({
    view: fc.constantFrom(...VIEWS),
    at: fc.option(step),
    zoom: fc.option(fc.tuple(step, step).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b) + 1])),
    focus: fc.nat({ max: runs - 1 }),
    selected: fc.option(fc.nat({ max: 4095 })),
    options,
    variants: fc.array(variant, { minLength: 1, maxLength: 2 }),
    muted: fc.subarray([...domainIds]),
    embed: fc.boolean(),
    hidden: fc.subarray([...PARTS]),
  });

const pages = experiments.chain((experiment) =>
  fc.tuple(fc.constant(experiment), viewsOf(Math.min(MAX_RUNS, lanesOf(experiment).length * experiment.seeds))),
);

describe('what a link writes it reads', () => {
  test('whatever is trained and wherever one looks', () => {
    fc.assert(
      fc.property(pages, ([experiment, view]) => {
        const text = writeLink(experiment, view);
        expect(readLink(`#${text}`)).toEqual({ experiment, view, problems: [] });
        expect(text).toMatch(/^[\w!'()*.~%:,&=-]+$/);
      }),
      { numRuns: 300 },
    );
  });

  test('only what differs from the defaults is in it', () => {
    expect(writeLink(defaultExperiment(), DEFAULT_VIEW)).toBe('v=1&preset=classroom&preset=mcpo-grpo');
    expect(readLink('')).toEqual({ experiment: defaultExperiment(), view: DEFAULT_VIEW, problems: [] });
  });
});

/** A good link with one thing done to it that people and programs do to links. */
const damaged = pages
  .map(([experiment, view]) => writeLink(experiment, view))
  .chain((text) =>
    fc.tuple(fc.constant(text), fc.nat({ max: text.length }), fc.string({ maxLength: 8 }), fc.constantFrom('cut', 'put', 'drop')),
  )
  .map(([text, at, piece, what]) =>
    what === 'cut'
      ? text.slice(0, at)
      : what === 'put'
        ? text.slice(0, at) + piece + text.slice(at)
        : text.slice(0, at) + text.slice(at + 3),
  );

describe('whatever stands in a link', () => {
  test.each([
    ['damaged links', damaged],
    ['texts', fc.string({ unit: 'binary', maxLength: 300 })],
    [
      'odd words',
      fc
        .array(
          fc.tuple(
            fc.constantFrom(
              '__proto__',
              'constructor',
              'preset',
              'seed',
              'view',
              'hide',
              'race',
              'zoom',
              'whatif',
              'tasks.mix',
              'v',
              '',
            ),
            fc.oneof(fc.string(), fc.constantFrom('%', '%E0', '-1', '1e999', 'NaN', 'tiny', ':', ';;;', ',,')),
          ),
        )
        .map((words) => words.map(([k, v]) => `${k}=${v}`).join('&')),
    ],
  ] as const)('%s give a page that can be linked to, or say what is wrong', (_, texts) => {
    fc.assert(
      fc.property(texts as fc.Arbitrary<string>, (text) => {
        const { experiment, view, problems } = readLink(text);
        expect(lanesOf(experiment).length * experiment.seeds).toBeGreaterThan(view.focus);
        expect(readLink(writeLink(experiment, view))).toEqual({ experiment, view, problems: [] });
        for (const problem of problems) expect(problem.length).toBeLessThan(400);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['zoom=1-2-3', 'invalid zoom: 1-2-3 (first and last step, as 10-50)'],
    ['mute=maths', 'invalid mute: maths (one of math, code, '],
    ['tasks.mix=math:1,chess:2', 'invalid tasks.mix: chess is no domain (one of '],
    ['race=tasks.mix:math:1,chess:1', 'invalid tasks.mix: chess is no domain'],
    ['seed=1&seed=2', 'seed is given twice: the last one counts'],
    ['view=logits&view=runs', 'view is given twice: the last one counts'],
    ['__proto__=1', 'unknown key: __proto__'],
    ['v=2', 'unknown link version: 2 (this page reads 1)'],
    ['hide=header,footer', 'invalid hide: footer (one of fields, transport, tabs, header)'],
    ['embed=yes', 'invalid embed: yes (one of 1, 0)'],
    ['sampler.rounds=7&rollout.prompts=7.5', 'invalid rollout.prompts: 7.5 (an integer from'],
  ])('%s is named', (text, sentence) => {
    const { problems } = readLink(`#${text}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(sentence);
  });

  test('a link as long as a book is refused at once, and a thousand faults are told as a few', () => {
    const start = performance.now();
    const book = readLink(`#${'seed=1&'.repeat(200_000)}`);
    expect(book.problems).toEqual(['the link is 1400000 characters long (at most 32000): nothing of it is used']);
    const faults = readLink(`#${Array.from({ length: 4000 }, (_, i) => `k${i}`).join('&')}`).problems;
    expect(faults).toHaveLength(31);
    expect(faults[0]).toMatch(/^unknown key: k0/);
    expect(faults.at(-1)).toBe('and 3970 more');
    const clash = FIELDS.filter((f) => f.kind !== 'text').map(
      (f) => `${f.path}=${f.kind === 'integer' ? f.max : String(f.default)}`,
    );
    readLink(`#${clash.join('&')}&${clash.join('&')}`);
    expect(readLink(`#seed=${'9'.repeat(20_000)}`).problems[0].length).toBeLessThan(400);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
