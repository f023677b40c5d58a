import { beforeAll, describe, expect, it } from 'vitest';
import { merged, resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { type Counterfactual, counterfactual } from '../../src/engine/counterfactual';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { settingsOf, UNCHANGED } from '../../src/store/variants';
import type { Outcome } from '../../src/store/whatif';
import { advantageChange } from '../../src/ui/whatif/advantages';
import { baseRows, changed, columnsOf, logpChanges } from '../../src/ui/whatif/columns';
import { type EffectLine, effectOf } from '../../src/ui/whatif/effect';
import { effectFigure, gradientFigure } from '../../src/ui/whatif/figures';
import { differsText, notesOf, updatesNote } from '../../src/ui/whatif/notes';
import { questionsOf } from '../../src/ui/whatif/questions';
import { inWords } from '../../src/ui/whatif/words';
import { tinyBase } from '../engine/support';

const config = resolve(['tiny', 'mcpo-grpo'], {
  tasks: { instances: 32 },
  rollout: { prompts: 10, group: 4 },
  contrast: { warmup: 0 },
});
const SMALL: Layer[] = [
  { contrast: { lambda: 0 } },
  { contrast: { tau: 0.3 } },
  { rollout: { group: 2 } },
  { objective: { normalizeStd: false } },
];
let made: Counterfactual;

/** The step of a run after two, and of it without λ, with another τ, half the group, and undivided advantages. */
beforeAll(async () => {
  const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
  await trainer.step(2);
  made = await counterfactual(
    trainer,
    0,
    SMALL.map((change) => merged(config, change)),
  );
  trainer.destroy();
});

const line = (outcomes: readonly Outcome[], label: string): EffectLine => {
  const found = effectOf(outcomes, config.contrast.tau)
    .flatMap((g) => g.lines)
    .find((l) => l.row.label === label);
  if (!found) throw new Error(`no line ${label}`);
  return found;
};

describe('the table of effects', () => {
  it('adds the contrastive term to the policy loss, and takes it away at λ = 0', () => {
    const outcomes = [made.base, made.variants[0]];
    const [whole, policy, term] = ['Whole loss', 'Policy loss', 'λ × contrastive loss'].map((l) => line(outcomes, l).moves);
    for (const at of ['before', 'after'] as const) {
      expect(whole[0][at]).toBeCloseTo((policy[0][at] as number) + (term[0][at] as number), 12);
      expect(term[0][at]).toBeCloseTo(0.1 * (made.base[at].metrics['loss/contrastive'] as number), 12);
      expect([term[1][at], whole[1][at]]).toEqual([0, policy[1][at]]);
    }
    // The batch is one: so is where the policy starts.
    expect(policy[1].before).toBe(policy[0].before);
    expect(policy[1].after).not.toBe(policy[0].after);
  });

  it('measures logits by the run’s τ, so that all columns start at one place', () => {
    for (const label of ['Cross-domain positive', 'Negative', 'Margin']) {
      const [own, warm] = line([made.base, made.variants[1]], label).moves;
      expect(warm.before).toBeCloseTo(own.before as number, 4);
      expect(Math.abs((warm.after as number) - (own.after as number))).toBeGreaterThan(1e-3);
    }
  });

  it('has no logits where no step trains an embedding, and no before for what only an update has', () => {
    const bare = (o: Outcome): Outcome => ({
      ...o,
      config: merged(o.config, { contrast: { lambda: 0 } }),
      before: { frame: { ...o.before.frame, vectors: null }, metrics: { 'loss/policy': 1, 'gradient/norm': 2 } },
      after: { ...o.after, metrics: { 'loss/policy': 0.5 } },
    });
    const groups = effectOf([bare(made.base)], 0.1);
    expect(groups.map((g) => [g.group.title, g.lines.map((l) => l.row.label)])).toEqual([
      ['Loss', ['Whole loss', 'Policy loss']],
      ['Gradient', ['Norm, policy']],
    ]);
    expect(groups[1].lines[0].moves).toEqual([{ before: null, after: 2 }]);
  });
});

describe('responses', () => {
  it('become likelier or less so by the ratio of their probabilities', () => {
    const { before, after } = made.base;
    const changes = logpChanges(made.base) as Float64Array;
    const T = before.frame.responseLength;
    const probability = (frame: Outcome['before']['frame'], i: number) => {
      let p = 1;
      for (let t = 0; t < (frame.length?.[i] ?? 0); t++)
        p *= Math.exp(frame.tokens?.logp[i * T + t] ?? 0) * (frame.tokens?.ratio[i * T + t] ?? 0);
      return p;
    };
    for (let i = 0; i < before.frame.n; i++)
      expect(Math.exp(changes[i])).toBeCloseTo(probability(after.frame, i) / probability(before.frame, i), 4);
    // One step down the policy loss: rewarded responses gain on average, beside the others.
    const mean = (right: number) => {
      const some = changes.filter((_, i) => before.frame.advantage && Math.sign(before.frame.advantage[i]) === right);
      return some.reduce((s, x) => s + x, 0) / some.length;
    };
    expect(mean(1)).toBeGreaterThan(mean(-1));
  });

  it('of a smaller group are the first of each prompt', () => {
    const rows = baseRows(made.variants[2], made.base);
    expect([...rows]).toEqual([...Array(40).keys()].filter((i) => i % 4 < 2));
    const own = made.variants[2].before.frame;
    rows.forEach((row, i) => expect(own.reason[i]).toBe(made.base.before.frame.reason[row]));
  });
});

describe('advantages', () => {
  it('that a variant leaves alone do not change', () => {
    const change = advantageChange(made.base, made.variants[0], made.batch.prompt);
    expect(change).toEqual({ rollouts: 40, changed: 0, flips: 0, turns: 0, left: 0, prompts: [] });
    expect(inWords(change)).toBe('same advantages as the run.');
  });

  it('without division by the group’s deviation change, but never their sign', () => {
    const change = advantageChange(made.base, made.variants[3], made.batch.prompt);
    const mixed = [...Array(10).keys()].filter((p) => {
      const right = made.batch.reward.slice(4 * p, 4 * p + 4).reduce((s, r) => s + r, 0);
      return right > 0 && right < 4;
    });
    expect(change.prompts.map((p) => p.prompt).sort((a, b) => a - b)).toEqual(mixed);
    expect([change.changed, change.flips, change.turns]).toEqual([4 * mixed.length, 0, 0]);
  });

  it('counts those that change sides, appear, and are left out', () => {
    const fake = (advantage: number[], rows: number[]) =>
      ({ advantage: Float32Array.from(advantage), rows: Uint32Array.from(rows) }) as Outcome;
    const base = fake([1, -1, 0, 0, 0.5, -0.5], [0, 1, 2, 3, 4, 5]);
    const change = advantageChange(base, fake([-1, 1, 0, 0.5, 0.25], [0, 1, 2, 3, 4]), [0, 0, 1, 1, 2, 2]);
    expect(change).toMatchObject({ rollouts: 6, changed: 4, flips: 2, turns: 1, left: 1 });
    expect(change.prompts.map((p) => [p.prompt, p.first, p.flips, p.turns])).toEqual([
      [0, 0, 2, 0],
      [1, 2, 0, 1],
      [2, 4, 0, 0],
    ]);
    expect(change.prompts[2]).toMatchObject({ before: [0.5, -0.5], after: [0.25, Number.NaN] });
    expect(inWords(change)).toBe(
      '4 of 5 advantages change; 2 responses go from one side to the other; 1 has one in only one of the two; 1 response left out.',
    );
  });
});

it('columns: the run first; a variant that changes nothing is the run', () => {
  const run = { presets: ['tiny', 'mcpo-grpo'], config };
  const result = { ...made, variants: [made.variants[0], made.base] };
  const columns = columnsOf({ fleet: null as never, key: '', run, variants: [run, run], result });
  expect(columns.map((c) => [c.name, c.variant, c.same])).toEqual([
    ['Run', null, true],
    ['A', 0, false],
    ['B', 1, true],
  ]);
  expect(changed(columns).map((c) => c.name)).toEqual(['A']);
  const figure = effectFigure(columns.slice(0, 2), config.contrast.tau);
  expect(figure.table.rows.find((r) => r[0] === 'Policy loss' && r[1] === 'A')).toEqual([
    'Policy loss',
    'A',
    made.base.before.metrics['loss/policy'],
    made.variants[0].after.metrics['loss/policy'],
  ]);
  const domains = made.batch.domains.map((id) => ({ id, label: id, columns: [] }));
  expect(gradientFigure(columns, domains).table.rows[0]).toEqual([
    made.batch.domains[0],
    made.variants[0].domainGradients[0].cosine,
    made.variants[0].domainGradients[0].ratio,
  ]);
});

it('says that effects are of the last update where a batch makes several, and only there', async () => {
  expect(updatesNote(config)).toBeNull();
  const twice = merged(config, { rollout: { miniBatches: 2 } });
  expect(updatesNote(twice)).toContain('This batch makes 2 updates, one after the other, each on 5 of its prompts.');
  const trainer = await Trainer.create(cpuBackend(), [twice], [tinyBase()]);
  const { batch, base } = await counterfactual(trainer, 0, []);
  trainer.destroy();
  expect([batch.promptText.length, base.before.frame.promptText.length]).toEqual([10, 5]);
  // The first update has moved the policy: ratios have left 1 before the last one.
  expect(base.before.metrics['policy/ratio']).not.toBeCloseTo(1, 6);
});

describe('what is said about a variant', () => {
  const notes = (change: Layer, run: Config = config, held: string[] = [], updates = 2) =>
    notesOf(run, merged(run, change), held, updates).join(' ');

  it('names what differs with the run’s value', () => {
    const run = { presets: ['tiny', 'mcpo-grpo'], config };
    const variant = { ...UNCHANGED, values: { 'contrast.lambda': 0, 'surgery.granularity': 'tensor' } };
    expect(differsText(run, settingsOf(run, variant))).toBe('λ 0 (0.1) · Gradient surgery Per tensor (Off)');
    expect(differsText(run, run)).toBe('');
  });

  it('says why nothing changes', () => {
    expect(notes({ objective: { clipLow: 1 } })).toContain('with one update per batch every ratio is still 1');
    expect(notes({ objective: { clipLow: 1 } }, merged(config, { rollout: { miniBatches: 2 } }))).toContain(
      'from the second of the 2 updates on',
    );
    expect(notes({ contrast: { lambda: 0, tau: 0.5 } })).toContain('λ is 0: τ, β and γ act on nothing.');
    const waiting = merged(config, { contrast: { warmup: 15 } });
    expect(notes({ contrast: { lambda: 0 } }, waiting)).toContain('until update 15 (this is update 3)');
    expect(notes({ contrast: { lambda: 0 } }, waiting, [], 15)).toBe('');
    expect(notes({ contrast: { lambda: 0 } })).toBe('');
  });

  it('says where the real step would draw another batch', () => {
    expect(notes({ rollout: { group: 2 } })).toContain(
      'the first 2 of each prompt’s 4 responses. The real step would draw its own.',
    );
    expect(notes({ sampler: { filter: 'mixed' } }, config, ['sampler.filter'])).toContain('Dynamic sampling: this decides which');
  });
});

it('asks what the run does not answer already', () => {
  const texts = (c: Config) => questionsOf(c).map((q) => q.text);
  expect(texts(config)).toEqual(['λ were 0?', 'nothing were clipped?', 'MGS?', 'G were halved?', 'η were doubled?']);
  expect(questionsOf(config)[3].variant.values).toEqual({ 'rollout.group': 2 });
  const other = merged(config, { contrast: { lambda: 0 }, surgery: { granularity: 'tensor' }, rollout: { group: 1 } });
  expect(texts(other)).toEqual(['λ were 0.1?', 'nothing were clipped?', 'η were doubled?']);
  const run = { presets: ['tiny', 'mcpo-grpo'], config };
  for (const { variant } of questionsOf(config)) expect(differsText(run, settingsOf(run, variant))).not.toBe('');
});
