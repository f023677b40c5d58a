import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/config/fields';
import { resolve } from '../../src/config/resolve';
import type { Config, Layer } from '../../src/config/schema';
import { type Ailment, diagnose, type Finding, type History } from '../../src/engine/doctor';
import type { StepMetrics } from '../../src/engine/metricsRing';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { tinyBase } from './support';

/** A run of `count` steps without an ailment, as the tiny GRPO runs are, with some of its metrics replaced. */
function history(count: number, changes: Record<string, (step: number) => number | null> = {}): History {
  const wave = (step: number) => Math.sin(step * 2.4);
  const healthy: Record<string, (step: number) => number | null> = {
    'reward/generated': (s) => 0.35 + 0.0015 * s + 0.05 * wave(s),
    'policy/entropy': (s) => 0.35 - 0.001 * s + 0.02 * wave(s),
    'policy/clipFraction': () => 0,
    'group/mixed': (s) => 0.6 + 0.1 * wave(s),
    'group/allRight': (s) => 0.15 - 0.05 * wave(s),
    'group/allWrong': (s) => 0.25 - 0.05 * wave(s),
    'gradient/norm': (s) => 0.8 + 0.3 * wave(s),
    'gradient/skipped': () => 0,
    'gradient/empty': () => 0,
    'sampler/missing': () => 0,
    'sampler/kept': () => 0.5,
    'embedding/rank': (s) => 2.6 - 0.01 * s,
    'embedding/uniformity': (s) => -1.3 + 0.005 * s,
  };
  const steps = Array.from({ length: count }, (_, i) => i + 1);
  return { steps, metric: (name) => steps.map((s) => (changes[name] ?? healthy[name] ?? (() => Number.NaN))(s)) };
}

const config = (method = 'mcpo-grpo', layer: Layer = {}) => resolve(['tiny', method], layer);
const only = (findings: Finding[]) => {
  expect(findings.map((f) => f.ailment)).toHaveLength(1);
  return findings[0];
};
/** `before` up to step 50, then a straight line to `after` at step 70. */
const turning = (before: number, after: number) => (step: number) =>
  before + (after - before) * Math.min(1, Math.max(0, (step - 50) / 20));

it('finds nothing wrong with a healthy run, at any of its steps', () => {
  for (let n = 0; n <= 100; n++) expect(diagnose(history(n), config())).toEqual([]);
});

describe('names what goes wrong, with evidence, advice and a step to go back to:', () => {
  /** Ailment, what changes, its metric, and which field the first advice turns. */
  const cases: [Ailment, Record<string, (step: number) => number | null>, string, string, Config][] = [
    [
      'entropyCollapse',
      { 'policy/entropy': turning(0.35, 0.02), 'group/mixed': turning(0.6, 0) },
      'policy/entropy',
      'objective.entropy',
      config(),
    ],
    ['noise', { 'policy/entropy': turning(0.35, 3) }, 'policy/entropy', 'optimizer.lr', config()],
    ['rewardCollapse', { 'reward/generated': turning(0.5, 0.1) }, 'reward/generated', 'optimizer.lr', config()],
    ['allWrong', { 'group/allWrong': turning(0.3, 1) }, 'group/allWrong', 'rollout.group', config()],
    ['representationCollapse', { 'embedding/rank': turning(2, 1.02) }, 'embedding/rank', 'contrast.lambda', config()],
    [
      'representationCollapse',
      { 'embedding/uniformity': turning(-1, -0.01) },
      'embedding/uniformity',
      'contrast.lambda',
      config(),
    ],
    [
      'clipSaturation',
      { 'policy/clipFraction': turning(0.05, 0.6) },
      'policy/clipFraction',
      'rollout.miniBatches',
      config('grpo', { rollout: { miniBatches: 4 } }),
    ],
    ['gradientExplosion', { 'gradient/norm': turning(0.8, 500) }, 'gradient/norm', 'contrast.lambda', config()],
    [
      'gradientExplosion',
      { 'gradient/norm': turning(0.01, 40) },
      'gradient/norm',
      'optimizer.lr',
      config('grpo', { optimizer: { clipNorm: 0 } }),
    ],
  ];
  it.each(cases)('%s', (ailment, changes, metric, path, of) => {
    expect(diagnose(history(49, changes), of)).toEqual([]);
    const found = diagnose(history(80, changes), of).find((f) => f.ailment === ailment) as Finding;
    const { severity, evidence, turns, since, title, advice } = found;
    expect([severity, evidence.metric]).toEqual(['act', metric]);
    expect(evidence.from).toBeGreaterThan(50);
    expect(evidence.from).toBeLessThanOrEqual(70);
    // Before it began, and not much before.
    expect(since).toBeLessThanOrEqual(evidence.from);
    expect(since).toBeGreaterThan(40);
    const last = history(80, changes).metric(metric)[79] as number;
    expect(Math.sign(last - evidence.threshold)).toBe(Math.sign(evidence.value - evidence.threshold));
    expect(evidence.text).toMatch(new RegExp(`^${metric} is [-\\d.e+]+, (above|below) [-\\d.e+]+, since step ${evidence.from}$`));
    expect(turns[0].path).toBe(path);
    for (const t of turns) {
      const field = FIELDS.find((f) => f.path === t.path);
      expect([t.paper, t.default]).toEqual([field?.paper, field?.default]);
    }
    expect(title.length + advice.length).toBeGreaterThan(40);
    // On the way there it is worth an eye first.
    const severities = Array.from({ length: 30 }, (_, i) =>
      diagnose(history(51 + i, changes), of).find((f) => f.ailment === ailment),
    ).flatMap((f) => f?.severity ?? []);
    expect(severities[0]).toBe('watch');
    // A run that recovers is healthy again.
    const recovered = Object.fromEntries(Object.entries(changes).map(([name, of]) => [name, (s: number) => of(s <= 80 ? s : 1)]));
    expect(diagnose(history(100, recovered), of)).toEqual([]);
  });

  it('allRight, which is nothing to act on', () => {
    const found = only(diagnose(history(80, { 'group/allRight': turning(0.2, 0.9) }), config()));
    expect([found.ailment, found.severity, found.turns[0].path]).toEqual(['allRight', 'watch', 'sampler.filter']);
  });

  it('notFinite: one skipped update is worth an eye, a row of them needs action', () => {
    const once = only(diagnose(history(60, { 'gradient/skipped': (s) => Number(s === 55) }), config()));
    expect([once.ailment, once.severity, once.evidence.from, once.since]).toEqual(['notFinite', 'watch', 55, 54]);
    const row = only(diagnose(history(90, { 'gradient/skipped': (s) => Number(s >= 55) }), config()));
    expect([row.severity, row.evidence.value]).toEqual(['act', 1]);
    // A broken policy may well have no entropy and no gradient to speak of.
    const changes = { 'gradient/skipped': () => 1, 'gradient/norm': () => null, 'policy/entropy': () => Number.NaN };
    const start = only(diagnose(history(3, changes), config()));
    expect([start.severity, start.since]).toEqual(['act', 0]);
    expect(diagnose(history(90, { 'gradient/skipped': (s) => Number(s === 55) }), config())).toEqual([]);
  });

  it('emptyBatches: skipped steps, and batches with empty places', () => {
    const dapo = config('dapo');
    const empty = only(diagnose(history(60, { 'gradient/empty': (s) => Number(s > 52) }), dapo));
    expect([empty.ailment, empty.severity, empty.evidence.from]).toEqual(['emptyBatches', 'act', 53]);
    expect(empty.turns[0]).toMatchObject({ path: 'sampler.rounds', to: 'raise', value: 30 });
    const missing = only(diagnose(history(80, { 'sampler/missing': turning(0, 0.5) }), dapo));
    expect([missing.ailment, missing.severity, missing.evidence.metric]).toEqual(['emptyBatches', 'watch', 'sampler/missing']);
  });
});

it('tells a filter that drops nearly everything apart: all wrong, or all right', () => {
  const dapo = config('dapo');
  const kept = {
    'sampler/kept': turning(0.5, 0.02),
    'group/allWrong': () => 0,
    'group/allRight': () => 0,
    'group/mixed': () => 1,
  };
  const wrong = diagnose(history(80, { ...kept, 'reward/generated': turning(0.35, 0.3) }), dapo);
  expect(wrong.map((f) => [f.ailment, f.severity])).toEqual([['allWrong', 'act']]);
  const right = diagnose(history(80, { ...kept, 'reward/generated': turning(0.6, 0.98) }), dapo);
  expect(right.map((f) => [f.ailment, f.severity])).toEqual([['allRight', 'watch']]);
});

it('lets a policy be certain that is right, and a run without contrastive loss have any embeddings', () => {
  const solved = { 'policy/entropy': turning(0.35, 0.01), 'reward/generated': turning(0.5, 0.97) };
  expect(diagnose(history(80, solved), config())).toEqual([]);
  expect(diagnose(history(80, { 'embedding/rank': () => 1 }), config('grpo'))).toEqual([]);
});

it('puts what calls for action first', () => {
  const changes = { 'group/allRight': turning(0.2, 0.7), 'policy/entropy': turning(0.35, 3), 'policy/clipFraction': () => 0.25 };
  const severities = diagnose(history(80, changes), config()).map((f) => f.severity);
  expect(severities).toEqual(['act', 'watch', 'watch']);
});

/** Findings after every step of a real training on the CPU. */
async function examined(of: Config, steps: number): Promise<Finding[][]> {
  const trainer = await Trainer.create(cpuBackend(), [of], [tinyBase()]);
  const all: StepMetrics[] = [];
  while (trainer.stepsDone < steps) all.push(...(await trainer.step(Math.min(10, steps - trainer.stepsDone)))[0]);
  trainer.destroy();
  return all.map((_, i) => {
    const part = all.slice(0, i + 1);
    return diagnose({ steps: part.map((s) => s.step), metric: (name) => part.map((s) => s.metrics[name] ?? null) }, of);
  });
}

it('names the collapse of a training with a hundred times the learning rate', async () => {
  const found = await examined(config('grpo', { rollout: { prompts: 10, group: 4 }, optimizer: { lr: 0.1 } }), 12);
  const last = found[11].map((f) => [f.ailment, f.severity]);
  expect(last).toEqual(
    expect.arrayContaining([
      ['rewardCollapse', 'act'],
      ['noise', 'act'],
      ['allWrong', 'act'],
    ]),
  );
  const [rate] = found[11][0].turns;
  expect([rate.path, rate.to, rate.value, rate.paper]).toEqual(['optimizer.lr', 'lower', 0.1, 1e-6]);
  expect(found[11].every((f) => f.since <= 5)).toBe(true);
});

it('has nothing to act on in a healthy training of 100 steps', async () => {
  const found = await examined(config('grpo', { rollout: { prompts: 10, group: 4 } }), 100);
  expect(found.flat().filter((f) => f.severity === 'act')).toEqual([]);
});
