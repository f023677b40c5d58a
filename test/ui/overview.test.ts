import { describe, expect, test } from 'vitest';
import { LIGHT } from '../../src/charts/palette';
import { lanesOf, parseRace, runConfigs } from '../../src/store/lanes';
import { defaultExperiment } from '../../src/store/link';
import { Trace } from '../../src/store/trace';
import { chartOf, emphasisOf, inWords, type Plot, type Shared, wholeSteps } from '../../src/ui/chart/plot';
import { bandOf, curveOf, difference, meanOf, metric } from '../../src/ui/curves';
import { withBands } from '../../src/ui/overview/lanePlot';
import { evaluationAt, lanesWithRuns } from '../../src/ui/overview/lanes';
import { hasMargin, marginPlot } from '../../src/ui/overview/logitPlot';
import { domainsPlot, racePlot, rewardOf } from '../../src/ui/overview/rewardPlot';
import { comparisonOf, long, short } from '../../src/ui/shell/differs';
import { describeRace, problemOf, problemOfMethod, SUGGESTIONS, valuesAround } from '../../src/ui/shell/races';

const DOMAINS = ['math', 'code', 'science'].map((id) => ({ id, label: id.toUpperCase(), columns: [] }));

function trace(rows: readonly Record<string, number | null>[]): Trace {
  const out = new Trace();
  rows.forEach((metrics, i) => out.push({ step: i + 1, metrics, centroids: [], gradientCosine: [] }));
  return out;
}

const shared: Shared = { zoom: null, cursor: null, axis: 'linear', highlight: {}, brush: null };

/** Lanes of a race with the given rewards of each run. */
function race(text: string, seeds = 1) {
  const lanes = lanesOf({ ...defaultExperiment(), race: parseRace(text), seeds });
  const runs = runConfigs(lanes, seeds).map(({ lane, config }, i) => ({
    lane,
    seed: config.seed,
    evaluations: [],
    trace: trace([0, 1].map((k) => ({ 'reward/mean': 0.1 * i + 0.01 * k, 'logit/crossPositive': 3 + i, 'logit/negative': 1 }))),
  }));
  return { lanes, runs, views: lanesWithRuns({ lanes, runs }) };
}

describe('curves', () => {
  test('readings: a metric, a mean of those that have a value, a difference', () => {
    const t = trace([
      { a: 1, b: 3 },
      { a: 2, b: null },
      { a: null, b: null },
    ]);
    expect([...curveOf(t, metric('a'), 0)]).toEqual([1, 2, Number.NaN]);
    expect([...curveOf(t, meanOf(['a', 'b']), 0)]).toEqual([2, 2, Number.NaN]);
    expect([...curveOf(t, difference('b', 'a'), 0)]).toEqual([2, Number.NaN, Number.NaN]);
    expect([...curveOf(t, metric('none'), 0)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  test('a curve grows with its trace, and so does a band; other runs make another band', () => {
    const [one, two, three] = [0.2, 0.4, 0.9].map((v) => trace([{ r: v }]));
    expect([...curveOf(one, metric('r'), 10)]).toEqual([0.2]);
    expect(bandOf([one, two], metric('r'), 0).mean[0]).toBeCloseTo(0.3, 12);
    for (const t of [one, two]) t.push({ step: 2, metrics: { r: 0.6 }, centroids: [], gradientCosine: [] });
    // α = 2/11: (0.2·α·(1−α) + 0.6·α) / (α·(1−α) + α).
    const keep = 1 - 2 / 11;
    expect(curveOf(one, metric('r'), 10)[1]).toBeCloseTo((0.2 * keep + 0.6) / (keep + 1), 12);
    const { mean, low, n } = bandOf([one, two], metric('r'), 0);
    expect([mean[1], low[1], n[1]]).toEqual([0.6, 0.6, 2]);
    expect(bandOf([one, three], metric('r'), 0).mean[0]).toBeCloseTo(0.55, 12);
  });
});

describe('what all charts share', () => {
  const steps = [1, 2, 3, 4, 5, 6, 7, 8];
  const plot: Plot = {
    x: [0, 100],
    y: (curves) => [curves?.[0] ?? 0, curves?.[1] ?? 1],
    format: (v) => v.toFixed(1),
    lines: [
      { steps, values: steps, color: '#000000', label: 'up', of: { lane: 0 } },
      { steps, values: steps.map((s) => -s), color: '#000000', label: 'down', of: { lane: 1 } },
    ],
  };

  test('the zoom gives the steps and, from the values within them, the vertical span', () => {
    expect(chartOf(plot, shared)).toMatchObject({ x: [0, 100], y: [-8, 8] });
    expect(chartOf(plot, { ...shared, zoom: [2, 6] })).toMatchObject({ x: [2, 6], y: [-6, 6] });
    // A zoom from a longer run: moved to where this one has steps.
    expect(chartOf(plot, { ...shared, zoom: [150, 170] }).x).toEqual([80, 100]);
    const log = chartOf(plot, { ...shared, axis: 'log' });
    expect(log.yScale).toBe('log');
    expect(log.y[0]).toBeGreaterThan(0);
  });

  test('the highlight lifts what it is about and leaves alone charts that have nothing to do with it', () => {
    const emphases = (highlight: Shared['highlight']) => chartOf(plot, { ...shared, highlight }).lines.map((l) => l.emphasis);
    expect(emphases({})).toEqual([undefined, undefined]);
    expect(emphases({ lane: 1 })).toEqual(['dimmed', 'strong']);
    expect(emphases({ domain: 1 })).toEqual([undefined, undefined]);
    expect(emphases({ domain: 1, lane: 0 })).toEqual(['strong', 'dimmed']);
    expect(emphases({ lane: 7 })).toEqual([undefined, undefined]);
    expect(emphasisOf([{ of: { domain: 0 } }, {}], { domain: 0 })({})).toBe('dimmed');
  });

  test('in words: the values at the cursor, or the newest', () => {
    expect(inWords(chartOf(plot, shared))).toBe('step 8: up 8.0, down -8.0');
    expect(inWords(chartOf(plot, { ...shared, cursor: 3 }))).toBe('step 3: up 3.0, down -3.0');
    expect(inWords(chartOf({ ...plot, lines: [] }, shared))).toBe('no steps yet');
  });

  test('zooms are whole steps, and nothing when they show all', () => {
    expect(wholeSteps([2.4, 7.6], [0, 100])).toEqual([2, 8]);
    expect(wholeSteps([0.3, 99.8], [0, 100])).toBeNull();
  });
});

describe('reward and margin', () => {
  const common = { palette: LIGHT, domains: DOMAINS, muted: [] as string[], window: 0, steps: 100 };
  const rewards = { 'reward/mean': 0.5, 'reward/math': 0.2, 'reward/code': 0.4, 'reward/science': 0.9 };

  test('one run: a curve for each domain shown; with some left out the mean is over the others', () => {
    const [view] = lanesWithRuns({
      lanes: [{ label: '', presets: [], config: defaultExperiment().config }],
      runs: [{ lane: 0, seed: 0, evaluations: [], trace: trace([rewards]) }],
    });
    const named = (muted: string[]) =>
      domainsPlot(view, null, { ...common, muted }).lines.map((l) => [l.label, Number(l.values[0].toFixed(6))]);
    expect(named([])).toEqual([
      ['MATH', 0.2],
      ['CODE', 0.4],
      ['SCIENCE', 0.9],
      ['Mean', 0.5],
    ]);
    expect(named(['science'])).toEqual([
      ['MATH', 0.2],
      ['CODE', 0.4],
      ['Mean of 2', 0.3],
    ]);
    expect(named(['science', 'math'])).toEqual([['CODE', 0.4]]);
    expect(domainsPlot(view, null, { ...common, muted: ['math', 'code', 'science'] }).empty).toBe('all domains are left out');
    expect(rewardOf(DOMAINS, ['math']).key).not.toBe(rewardOf(DOMAINS, []).key);
  });

  test('a race: a curve for each lane, over seeds their mean with a band', () => {
    const { views } = race('grpo,mcpo-grpo', 2);
    const { lines, bands } = racePlot(views, common);
    expect(lines.map((l) => [l.label, l.of])).toEqual([
      ['GRPO', { lane: 0 }],
      ['MCPO-GRPO', { lane: 1 }],
    ]);
    expect(lines[1].values[0]).toBeCloseTo((0.2 + 0.3) / 2, 12);
    // t(0.975, 1) = 12.7062 (tables); s / √2 = 0.05.
    expect(bands?.[1].high[0]).toBeCloseTo(0.25 + 12.7062 * 0.05, 4);
    expect(racePlot(race('grpo,mgs').views, common).bands).toEqual([]);
  });

  test('margins are of lanes that compare across domains', () => {
    const { views } = race('grpo,mcpo-grpo,clipo-aux');
    expect(views.map((v) => hasMargin(v.config))).toEqual([false, true, false]);
    const { lines } = marginPlot(views, { palette: LIGHT, window: 0, steps: 100 });
    expect(lines.map((l) => [l.label, l.values[0]])).toEqual([['MCPO-GRPO', 3]]);
  });

  test('bands get room, but no more at either side than the curves take', () => {
    expect(withBands([0.4, 0.6], [0.35, 0.62], 0.2)).toEqual([0.35, 0.62]);
    const [low, high] = withBands([0.4, 0.6], [-9, 9], 0.2) as [number, number];
    expect([low, high].map((v) => Number(v.toFixed(9)))).toEqual([0.2, 0.8]);
    expect(withBands(null, null, 1)).toBeNull();
  });

  test('the evaluation shown is the last one up to the cursor', () => {
    const result = { average: 0, domains: {}, benchmarks: {} };
    const evaluations = [0, 20, 40].map((step) => ({ step, result }));
    expect([null, 5, 20, 39, 400].map((at) => evaluationAt(evaluations, at)?.step)).toEqual([40, 0, 20, 20, 40]);
    expect(evaluationAt([{ step: 10, result }], 3)?.step).toBe(10);
    expect(evaluationAt([], null)).toBeUndefined();
  });
});

describe('races', () => {
  test('what differs: from the first lane; the first of two from the second; the first of more from nothing', () => {
    const two = race('grpo,mcpo-grpo').lanes;
    expect(two.map((_, i) => comparisonOf(two, i).differences.map(short))).toEqual([['λ 0'], ['λ 0.1']]);
    expect(comparisonOf(two, 1).from).toBe('GRPO');
    expect(comparisonOf(two, 1).differences.map(long)).toEqual(['Contrastive weight λ 0.1, not 0']);
    const three = race('grpo,mgs,mcpo-grpo').lanes;
    expect(three.map((_, i) => comparisonOf(three, i).differences.map((d) => d.path))).toEqual([
      [],
      ['surgery.granularity'],
      ['contrast.lambda'],
    ]);
  });

  test('suggestions can be raced and are said in words', () => {
    for (const { race: suggested } of SUGGESTIONS) {
      const text = suggested.kind === 'methods' ? suggested.names.join(',') : `${suggested.path}:${suggested.values.join(',')}`;
      expect(problemOf(text, 1), text).toBeNull();
    }
    expect(describeRace(parseRace('grpo,mcpo-grpo'))).toBe('GRPO, MCPO-GRPO');
    expect(describeRace(parseRace('contrast.lambda:0,1'))).toBe('Contrastive weight: 0, 1');
  });

  test('says why a race cannot be', () => {
    expect(problemOf('grpo', 1)).toBe('invalid race: grpo (2 to 8 methods or values, 1 given)');
    expect(problemOf('contrast.tau:0.1,9', 1)).toBe('invalid contrast.tau: 9 (0.01 to 2)');
    expect(problemOf('contrast.lambda:0,0.1,0.2,0.3,0.4', 7)).toContain('at most 32 runs, 35 asked for');
    expect(problemOfMethod('dapo', ['grpo'], 1)).toBeNull();
    expect(problemOfMethod('dapo', ['grpo', 'mgs', 'clipo', 'mt-grpo'], 7)).toBe('5 lanes of 7 seeds are more than 32 runs');
  });

  test('values to vary a field over lie around the present one and within its bounds', () => {
    expect(valuesAround('contrast.lambda', 0.1)).toEqual(['0.05', '0.1', '0.2']);
    expect(valuesAround('contrast.tau', 2)).toEqual(['1', '2']);
    expect(valuesAround('contrast.scope', 'pool')).toEqual(['pool', 'prompt']);
    expect(valuesAround('contrast.lambda', 0)).toHaveLength(3);
  });
});
