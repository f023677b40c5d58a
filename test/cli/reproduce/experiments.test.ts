import { describe, expect, test } from 'vitest';
import { experiment } from '../../../src/cli/reproduce/experiments';
import { TABLE_1_4B, TABLE_1_8B, TABLE_2 } from '../../../src/cli/reproduce/paper';
import { configOf, trainedVariants } from '../../../src/cli/reproduce/sizes';
import { EXPERIMENTS, type Figures, SIZES } from '../../../src/cli/reproduce/types';
import { METRICS } from '../../../src/kernels/metrics';
import { columnsOf, DOMAINS, parseMix } from '../../../src/tasks/registry';

const every = SIZES.flatMap((size) => EXPERIMENTS.map((id) => ({ size, id, e: experiment(id, size) })));
const byText = (id: (typeof EXPERIMENTS)[number], text: string) => {
  const found = experiment(id, 'classroom').claims.find((c) => c.text === text);
  if (!found) throw new Error(`no such claim: ${text}`);
  return found;
};

describe.each(every)('$id at $size', ({ e, size }) => {
  test('every trained variant is a valid configuration of that size', () => {
    for (const variant of trainedVariants(e.variants)) {
      const config = configOf(variant, { size, seed: 3, steps: 7 });
      expect([config.seed, config.steps]).toEqual([3, 7]);
      expect(parseMix(config.tasks.mix).reduce((a, b) => a + b)).toBeCloseTo(1);
    }
  });

  test('ids are unique and every reference exists', () => {
    const ids = e.variants.map((v) => v.id);
    const columns = e.columns.map((c) => c.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(columns).size).toBe(columns.length);
    for (const id of e.panels) expect(columns).toContain(id);
    for (const v of e.variants) {
      const from = v.from && ('base' in v.from ? [v.from.base] : v.from.parts);
      for (const id of [...(v.base ? [v.base] : []), ...(from ?? [])]) expect(ids).toContain(id);
    }
    for (const c of e.claims) {
      expect(columns).toContain(c.column);
      for (const id of Object.keys(c.contrast)) expect(ids).toContain(id);
      // A difference compares like with like: its weights sum to 0. A change over training is one variant alone.
      const weights = Object.values(c.contrast);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(weights.length === 1 ? 1 : 0);
      if (c.column.endsWith(':change')) expect(weights).toEqual([1]);
    }
    const texts = e.claims.map((c) => c.text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('claims point where the paper’s figures do, on both backbones', () => {
    for (const { paper, second, sign, text } of e.claims) {
      if (paper !== null) expect(Math.sign(paper), text).toBe(sign);
      if (second !== null) expect(Math.sign(second), text).toBe(sign);
    }
  });

  test('variants that are trained alike are the same variant', () => {
    const configs = trainedVariants(e.variants).map((v) => JSON.stringify(configOf(v, { size, seed: 0 })));
    expect(new Set(configs).size).toBe(configs.length);
  });
});

describe('the paper’s figures', () => {
  const nine = columnsOf().map((c) => c.column.id);
  const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  const rows: [string, Figures][] = [
    ...Object.entries(TABLE_1_4B).map(([k, v]): [string, Figures] => [`${k}, 4B`, v]),
    ...Object.entries(TABLE_1_8B).map(([k, v]): [string, Figures] => [`${k}, 8B`, v]),
  ];

  test.each(rows)('Table 1, %s: the nine columns average to the printed overall average', (_, row) => {
    expect(Math.abs(mean(nine.map((id) => row[id])) - row.average)).toBeLessThanOrEqual(0.01);
  });

  test.each(Object.entries(TABLE_2))(
    'Table 2, %s: domain scores weighted by their benchmarks give the printed average',
    (_, row) => {
      const weighted = DOMAINS.reduce((sum, d) => sum + d.columns.length * row[d.id], 0) / nine.length;
      expect(Math.abs(weighted - row.average)).toBeLessThanOrEqual(0.01);
    },
  );

  test('rows that both tables print agree', () => {
    // Printed LCB scores of DAPO average to 29.885: the paper rounds up.
    for (const id of ['dapo', 'mcpo-dapo'])
      for (const [column, value] of Object.entries(TABLE_2[id]))
        expect(Math.abs(value - TABLE_1_8B[id][column])).toBeLessThanOrEqual(0.0051);
  });

  test('differences are those of the paper’s text', () => {
    const gain = byText('table1', 'MCPO-GRPO scores higher than GRPO on average.');
    expect([gain.paper, gain.second]).toEqual([3.74, 3.71]);
    const dapo = byText('table1', 'MCPO-DAPO scores higher than DAPO on average.');
    expect([dapo.paper, dapo.second]).toEqual([3.36, 4.19]);
    const second = (domain: string) => byText('table1', `MCPO-DAPO scores higher than DAPO in ${domain}.`).second;
    // "improves Math and Science by 4.60 and 2.10 points, Code by 5.74 points, and ToolUse and Safety by 4.72 and 3.50"
    expect(['Math', 'Science', 'Code', 'ToolUse', 'Safety'].map(second)).toEqual([4.6, 2.1, 5.74, 4.72, 3.5]);
    // "leaving a 5.41-point gap to MCPO-DAPO on Qwen3-8B"
    expect(byText('table1', 'MCPO-DAPO scores higher than CLIPO on average.').second).toBe(5.41);
    // "drops from 55.64 in DAPO (Single) to 51.68 in DAPO (Mixed), a 3.96-point loss"
    expect(byText('table2a', 'DAPO (mixed) scores lower than DAPO (single) on average.').paper).toBe(-3.96);
    // "outperforms DAPO (Single) on Code and Science"
    const single = (domain: string, way: string) =>
      byText('table2a', `MCPO-DAPO scores ${way} than DAPO (single) in ${domain}.`).paper;
    expect([single('Code', 'higher'), single('Science', 'higher'), single('Math', 'lower')]).toEqual([0.67, 1.33, -0.15]);
    // "from 40.18 under GRPO to 44.32"
    expect(byText('table2d', 'Other transformer: MCPO-GRPO scores higher than GRPO on average.').paper).toBe(4.14);
  });
});

test('Table 2 (a): single-domain runs have their share of the batch and as many updates', () => {
  const { variants } = experiment('table2a', 'classroom');
  const config = configOf(variants.find((v) => v.id === 'dapo-code') as (typeof variants)[number], {
    size: 'classroom',
    seed: 0,
  });
  expect([config.rollout.prompts, config.rollout.miniBatches, config.tasks.mix]).toEqual([8, 1, 'code:1']);
  const large = experiment('table2a', 'paper').variants.find((v) => v.id === 'dapo-math');
  expect(large?.changes.rollout?.prompts).toBe(26);
});

test('Table 2 (c): mini-batches of 32, 64 and 128 prompts at the paper’s batch, scaled where a software adapter trains', () => {
  const shapes = (size: 'tiny' | 'classroom') =>
    experiment('table2c', size).variants.map((v) => {
      const { prompts, group, miniBatches } = configOf(v, { size, seed: 0 }).rollout;
      return [prompts / miniBatches, group, prompts];
    });
  expect(shapes('classroom')).toEqual([32, 64, 128].flatMap((m) => [8, 16].map((g) => [m, g, 128])));
  expect(shapes('tiny')).toEqual([5, 10, 20].flatMap((m) => [8, 16].map((g) => [m, g, 20])));
});

test('Figure 3 reads metrics that exist, and tests those with a direction', () => {
  const { curves, claims } = experiment('figure3', 'tiny');
  const names = [...METRICS, 'logit/margin'];
  for (const { metric } of curves) if (!metric.startsWith('distance/')) expect(names).toContain(metric);
  for (const { metric, direction } of curves)
    expect(claims.some((c) => c.column === `${metric}:change` && c.sign === direction)).toBe(direction !== 0);
});

test('factors: a level that is the size’s own is the reference, the others differ in one field', () => {
  const ids = (size: 'classroom' | 'tiny') => experiment('factors', size).variants.map((v) => v.id);
  expect(ids('classroom')).not.toContain('mcpo-grpo-lambda-0.1');
  expect(ids('classroom')).toEqual(
    expect.arrayContaining(['mcpo-grpo-lambda-1', 'grpo-modulus-7', 'mcpo-grpo-width-64', 'grpo-updates-2']),
  );
  expect(ids('classroom').some((id) => /lambda|position/.test(id) && id.startsWith('grpo'))).toBe(false);
  expect(ids('tiny')).toContain('mcpo-grpo-width-48');
});
