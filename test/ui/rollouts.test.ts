import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../src/config/resolve';
import type { Layer } from '../../src/config/schema';
import { Trainer } from '../../src/engine/trainer';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { catalog, vocabulary } from '../../src/host/catalog';
import type { Frame } from '../../src/store/state';
import { agrees, groupAdvantage, overlongPunishment, scoreParts } from '../../src/ui/rollouts/advantage';
import { type Filter, filterGroups, groupOfRow, groupsOf, isMixed, namesOf, rowBeside } from '../../src/ui/rollouts/groups';
import { branchWords, clipOf, tokenObjective } from '../../src/ui/rollouts/objective';
import { scaleOf, shadeText, tokenFacts } from '../../src/ui/rollouts/shade';
import { advantageTex, objectiveRule, objectiveTex, ratioTex, scoreTex } from '../../src/ui/rollouts/tex';
import { slice, tilesOf } from '../../src/ui/rollouts/tiles';
import { tinyBase } from '../engine/support';

const close = (a: number, b: number, digits = 6) => expect(a).toBeCloseTo(b, digits);

describe('advantage (2)', () => {
  // method.md 2.1: G = 8, k correct: advantage of a correct and of a wrong rollout.
  const GOLDEN = [
    [1, 2.474867, -0.353552],
    [2, 1.620182, -0.54006],
    [3, 1.207612, -0.724567],
    [4, 0.935413, -0.935413],
    [5, 0.724567, -1.207612],
    [6, 0.54006, -1.620182],
    [7, 0.353552, -2.474867],
  ];
  test.each(GOLDEN)('%i of 8 correct', (k, correct, wrong) => {
    const scores = Array.from({ length: 8 }, (_, j) => Number(j < k));
    const [a, b] = [groupAdvantage(scores, 0, true), groupAdvantage(scores, 7, true)];
    expect(Math.abs(a.value - correct)).toBeLessThan(1e-6);
    expect(Math.abs(b.value - wrong)).toBeLessThan(1e-6);
    close(a.mean, k / 8);
    close(a.deviation, Math.sqrt((k * (8 - k)) / (8 * 7)));
  });

  test('equal scores give 0, a group of one its score, Dr. GRPO the difference', () => {
    expect(groupAdvantage([0.1, 0.1, 0.1], 1, true)).toMatchObject({ rule: 'equal', value: 0 });
    expect(groupAdvantage([1], 0, true).value).toBe(1 / (1 + 1e-6));
    expect(groupAdvantage([1, 0, 0, 0], 0, false)).toMatchObject({ rule: 'centred', value: 0.75 });
  });

  test('overlong punishment falls linearly over the buffer (method.md 3)', () => {
    const at = (length: number) => overlongPunishment(length, 20480, 4096, 1);
    expect([at(100), at(16384), at(18432), at(20480)]).toEqual([0, 0, -0.5, -1]);
    expect(overlongPunishment(11, 12, 4, 2)).toBe(-1.5);
    expect(overlongPunishment(12, 12, 0, 1)).toBe(0);
  });

  test('a score falls into reward, punishment and CLIPO’s bonus', () => {
    // method.md 4: rewards 1, 1, 0, 0 with bonuses −0.00363 and −0.5.
    const frame = {
      reward: Float32Array.of(1, 1, 0, 0),
      score: Float32Array.of(0.99637, 0.5, 0, -0.5),
      length: Uint32Array.of(5, 5, 5, 11),
      responseLength: 12,
    } as Frame;
    const config = resolve(['tiny', 'clipo'], { reward: { overlongBuffer: 2 } });
    expect(scoreParts(frame, 1, config)).toMatchObject({ reward: 1, overlong: 0, bonus: -0.5 });
    close(scoreParts(frame, 0, config)?.bonus ?? 0, -0.00363);
    expect(scoreParts(frame, 3, config)).toMatchObject({ reward: 0, overlong: -0.5, bonus: 0, total: -0.5 });
    expect(scoreParts(frame, 0, resolve(['tiny', 'grpo']))).toMatchObject({ overlong: null, bonus: null, total: 1 });
    expect(scoreParts({ ...frame, score: null }, 0, config)).toBeNull();
  });
});

describe('objective (3)', () => {
  const clip = { low: 0.2, high: 0.28, dual: 3 };
  test.each([
    [1, 1.5, -1.28, 'clipped', 'above'],
    [1, 1.1, -1.1, 'same', 'within'],
    [1, 0.5, -0.5, 'plain', 'below'],
    [-1, 0.5, 0.8, 'clipped', 'below'],
    [-1, 1.5, 1.5, 'plain', 'above'],
    [-2, 4, 6, 'dual', 'above'],
  ] as const)('A = %d, ratio %d: loss %d by the %s term, %s the range', (advantage, ratio, loss, branch, side) => {
    const o = tokenObjective(advantage, ratio, clip);
    close(o.loss, loss, 12);
    expect([o.branch, o.side]).toEqual([branch, side]);
  });

  test('without the dual clip the loss goes on', () => {
    expect(tokenObjective(-2, 4, { ...clip, dual: 0 })).toMatchObject({ loss: 8, dual: null, live: true });
  });

  test('the gradient flows exactly where the loss moves with the ratio', () => {
    for (const dual of [0, 3])
      for (const advantage of [-1.3, 0.7])
        for (const ratio of [0.3, 0.79, 0.81, 1, 1.27, 1.29, 2.9, 3.1, 9]) {
          const at = (r: number) => tokenObjective(advantage, r, { ...clip, dual }).loss;
          const slope = (at(ratio + 1e-4) - at(ratio - 1e-4)) / 2e-4;
          expect(tokenObjective(advantage, ratio, { ...clip, dual }).live, `A ${advantage}, ratio ${ratio}`).toBe(slope !== 0);
        }
  });

  test('words say what the clip does', () => {
    const say = (a: number, r: number) => branchWords(a, tokenObjective(a, r, clip));
    expect(say(1, 1.5)).toContain('already more likely than the clip range allows');
    expect(say(-1, 0.5)).toContain('already less likely');
    expect(say(1, 1)).toContain('Within the clip range');
    expect(say(-1, 1.5)).toContain('goes on making the token less likely');
    expect(say(-1, 5)).toContain('dual clip');
    expect(say(0, 5)).toContain('advantage is 0');
  });
});

/** Frames of real training, two updates a batch. */
const train = async (method: string, layer: Layer = {}): Promise<{ frame: Frame; config: ReturnType<typeof resolve> }> => {
  const config = resolve(['tiny', method], {
    tasks: { instances: 32 },
    rollout: { prompts: 10, group: 4, miniBatches: 2 },
    optimizer: { lr: 0.004, warmup: 0 },
    ...layer,
  });
  const trainer = await Trainer.create(cpuBackend(), [config], [tinyBase()]);
  await trainer.step(1);
  const frame = (await trainer.frame(0)) as Frame;
  trainer.destroy();
  return { frame, config };
};

describe.each([
  ['dapo-reward-only', { reward: { overlongBuffer: 6 } }],
  ['clipo', {}],
  ['grpo', { objective: { normalizeStd: false, clipLow: 0.05, clipHigh: 0.05, dualClip: 1.1, entropy: 0.01 } }],
] as [string, Layer][])('every number of the engine is found again: %s', (method, layer) => {
  test('scores, advantages, token objectives', async () => {
    const { frame, config } = await train(method, layer);
    const { score, advantage } = frame;
    if (!score || !advantage || !frame.length || !frame.tokens) throw new Error('the frame has no numbers');
    const clip = clipOf(config.objective);
    const groups = groupsOf(frame);
    expect(groups).toHaveLength(5);
    expect(groups.some(isMixed)).toBe(true);
    const sides = new Set<string>();
    const bonuses: number[] = [];
    for (let row = 0; row < frame.n; row++) {
      const group = groupOfRow(groups, row);
      if (!group) throw new Error(`row ${row} has no group`);
      const parts = scoreParts(frame, row, config);
      expect(agrees(parts?.total ?? Number.NaN, score[row])).toBe(true);
      if (parts?.bonus) bonuses.push(parts.bonus);
      const scores = score.subarray(group.first, group.first + group.size);
      const here = groupAdvantage(scores, row - group.first, config.objective.normalizeStd);
      expect(agrees(here.value, advantage[row]), `advantage of row ${row}`).toBe(true);
      for (let t = 0; t < frame.length[row]; t++) {
        const facts = tokenFacts(frame, row, t, { vocabulary, clip });
        if (!facts) throw new Error(`token ${t} of row ${row} has no numbers`);
        const o = tokenObjective(advantage[row], facts.ratio, clip);
        expect(agrees(o.loss, facts.objective), `token ${t} of row ${row}`).toBe(true);
        if (advantage[row] !== 0) sides.add(`${o.side} ${facts.stopped}`);
      }
    }
    // The second update sees ratios on all sides of the range.
    expect(sides).toContain('within false');
    expect(sides.size).toBeGreaterThan(2);
    if (method === 'clipo') {
      expect(bonuses.length).toBeGreaterThan(0);
      expect(bonuses.every((b) => b < 1e-6 && b >= -0.5 - 1e-6)).toBe(true);
    }
  });
});

describe('prompts', () => {
  const frame = {
    n: 9,
    prompt: Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2),
    domain: Uint32Array.of(0, 0, 0, 0, 0, 0, 2, 2, 2),
    column: Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2),
    reward: Float32Array.of(1, 0, 1, 0, 0, 0, 1, 1, 1),
    promptText: ['[M] 3 + 4 ?', '[M] 1 * 2 ?', '[S] F0 3 ?'],
    domains: ['math', 'own', 'science'],
    columns: ['amc23', 'aime24', 'mine'],
  } as Frame;
  const groups = groupsOf(frame);
  const names = namesOf(frame, catalog(resolve(['tiny', 'grpo']).tasks));
  const all: Filter = { domain: null, mixed: false, text: '' };
  const found = (filter: Partial<Filter>) => filterGroups(groups, { ...all, ...filter }, names.columns).map((g) => g.prompt);

  test('are grouped with their success', () => {
    expect(groups.map((g) => [g.first, g.size, g.correct])).toEqual([
      [0, 3, 2],
      [3, 3, 0],
      [6, 3, 3],
    ]);
    expect(groupOfRow(groups, 4)?.prompt).toBe(1);
    expect(groupOfRow(groups, 9)).toBeUndefined();
  });

  test('are filtered by domain, by mixed groups, and by text without regard to spaces and capitals', () => {
    expect(found({})).toEqual([0, 1, 2]);
    expect(found({ domain: 0 })).toEqual([0, 1]);
    expect(found({ mixed: true })).toEqual([0]);
    expect(found({ text: '3+4' })).toEqual([0]);
    expect(found({ text: 'AIME' })).toEqual([1]);
    expect(found({ text: 'f0', domain: 0 })).toEqual([]);
  });

  test('have the page’s names; unknown ones keep theirs', () => {
    expect(names.domains).toEqual(['Math', 'own', 'Science']);
    expect(names.marks).toEqual([0, 1, 2]);
    expect(names.columns[2]).toBe('mine');
  });

  test('the next rollout is the next one shown', () => {
    const shown = [groups[0], groups[2]];
    expect(rowBeside(shown, 2, 1)).toBe(6);
    expect(rowBeside(shown, 6, -1)).toBe(2);
    expect(rowBeside(shown, 8, 1)).toBe(8);
    expect(rowBeside(shown, 4, 1)).toBe(6);
    expect(rowBeside(shown, 4, -1)).toBe(2);
    expect(rowBeside([], 4, 1)).toBe(4);
  });

  test('a long list draws only what is in sight, and keeps its height', () => {
    const many = Array.from({ length: 2000 }, (_, i) => ({ ...groups[0], prompt: i, first: 3 * i, domain: Math.floor(i / 400) }));
    const tiles = tilesOf(many);
    const whole = tiles.reduce((sum, t) => sum + t.height, 0);
    for (const top of [0, 50_000, whole - 600]) {
      const { from, to, before, after } = slice(tiles, top, 600);
      const drawn = tiles.slice(from, to);
      expect(drawn.length).toBeLessThan(40);
      expect(drawn[0].top).toBeLessThanOrEqual(top);
      expect(before + drawn.reduce((sum, t) => sum + t.height, 0) + after).toBe(whole);
    }
    expect(slice([], 0, 600)).toEqual({ from: 0, to: 1, before: 0, after: 0 });
  });
});

describe('shades', () => {
  const clip = { low: 0.2, high: 0.2, dual: 3 };
  const frame = {
    n: 1,
    responseLength: 3,
    length: Uint32Array.of(2),
    response: Uint32Array.of(9, 1, 0),
    advantage: Float32Array.of(2),
    tokens: {
      logp: Float32Array.of(Math.log(0.25), 0, 0),
      ratio: Float32Array.of(1.3, 1, 0),
      entropy: Float32Array.of(1.2, 0, 99),
      objective: Float32Array.of(-2.4, -2, 99),
    },
  } as Frame;

  test('what follows the response does not stretch the scale', () => {
    const scale = scaleOf(frame, 'entropy', clip);
    expect(scale?.ticks.map((t) => t.text)).toEqual(['0.0', '0.8', '1.5']);
    close(scale?.at(1.2) ?? 0, 0.8);
  });

  test('pale is sure, blue is more likely', () => {
    expect(scaleOf(frame, 'probability', clip)?.at(1)).toBe(0);
    const ratio = scaleOf(frame, 'ratio', clip);
    expect(ratio?.at(1)).toBe(0);
    expect(ratio?.at(1.3)).toBeGreaterThan(0.9);
    close((ratio?.at(2) ?? 0) + (ratio?.at(0.5) ?? 1), 0);
    expect(scaleOf(frame, 'objective', clip)?.at(-2)).toBe(1);
    expect(scaleOf({ ...frame, tokens: null }, 'ratio', clip)).toBeNull();
  });

  test('a token’s numbers', () => {
    const facts = tokenFacts(frame, 0, 0, { vocabulary, clip });
    expect(facts).toMatchObject({ text: vocabulary[9], side: 'above', stopped: true });
    close(facts?.probability ?? 0, 0.25);
    expect(facts && shadeText(facts, 'objective')).toBe('−2.40');
  });
});

describe('formulas', () => {
  const clip = { low: 0.2, high: 0.2, dual: 3 };
  const set = (tex: string) => katex.renderToString(tex, { output: 'mathml', throwOnError: true });

  test('hold the group’s numbers', () => {
    const [mean, deviation, value] = advantageTex(groupAdvantage([1, 1, 1, 0, 0, 0, 0, 0], 0, true));
    expect(mean).toContain('\\frac{3}{8} = 0.3750');
    expect(deviation).toContain('\\sqrt{\\frac{1.8750}{7}} = 0.5175');
    expect(value).toContain('\\frac{1 - 0.3750}{0.5175 + 10^{-6}} = 1.20761');
  });

  test('every form can be set', () => {
    const parts = { reward: 1, overlong: -0.25, bonus: -0.036, total: 0.714, engine: 0.714 };
    expect(scoreTex(parts)).toContain('1 + (-0.2500) + (-0.0360) = 0.7140');
    const advantages = [
      groupAdvantage([1, 0], 0, true),
      groupAdvantage([1, 0], 0, false),
      groupAdvantage([1, 1], 0, true),
      groupAdvantage([-0.5], 0, true),
    ];
    const tokens = [
      [1, 1.5],
      [-0.72, 0.5],
      [-0.72, 1.1],
      [-0.72, 4],
      [0, 1],
    ].flatMap(([a, r]) => objectiveTex(a, r, clip, tokenObjective(a, r, clip)));
    const all = [scoreTex(parts), ...advantages.flatMap(advantageTex), ...tokens, ratioTex(-1.2, 0.9), objectiveRule(true)];
    for (const tex of all) expect(set(tex)).toContain('<math');
  });

  test('underline the term that wins', () => {
    const lines = (a: number, r: number) => objectiveTex(a, r, clip, tokenObjective(a, r, clip)).join('\n');
    expect(lines(1, 1.5)).toContain('\\max(-1.5000,\\, \\underline{-1.2000}) = -1.20000');
    expect(lines(-1, 4)).toContain('\\underline{-(-1) \\cdot 3}');
  });
});
