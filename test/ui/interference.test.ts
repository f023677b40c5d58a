import { expect, it } from 'vitest';
import type { ModuleInterference } from '../../src/store/interference';
import { aloneOf, compare, placesOf, promptsSeen, valueOn } from '../../src/ui/interference/alone';
import { blockName, kindOf, tensorConflicts, worstPair } from '../../src/ui/interference/blocks';
import { blocksFigure } from '../../src/ui/interference/blocksFigure';
import { cosineText, pairOf, pairsOf, relation, scaleEnd } from '../../src/ui/interference/pairs';

it('lays training alone where a run has seen as many prompts of the domain', () => {
  // 20 prompts a step, a fifth of them of this domain: alone one step is five of the run's.
  const steps = Float64Array.from({ length: 12 }, (_, i) => i + 1);
  const seen = promptsSeen(12, 20, 0.2, []);
  expect(Array.from(seen).slice(0, 3)).toEqual([4, 8, 12]);
  expect(Array.from(placesOf(steps, seen, 4, 20, 4))).toEqual([5, 10, 15, 20]);
  // Without any step of the run yet the configured pace tells.
  expect(Array.from(placesOf([], [], 4, 20, 2))).toEqual([5, 10]);
  // A run that moves its weights: all of the first two steps' prompts, then none.
  const moved = promptsSeen(4, 20, 0.2, [1, 0.5, 0, 0.25]);
  expect(Array.from(moved)).toEqual([20, 30, 30, 35]);
  expect(Array.from(placesOf([1, 2, 3, 4], moved, 4, 10, 4))).toEqual([0.5, 1, 2, 5]);
  // A gap in the weights falls back to the share; a resumed run's steps need not begin at 1.
  expect(Array.from(promptsSeen(2, 10, 0.5, [Number.NaN, 1]))).toEqual([5, 15]);
  expect(Array.from(placesOf([8, 9], [4, 8], 4, 2, 3))).toEqual([7.5, 8, 8.5]);
});

it('averages the seeds of a baseline, with the interval of their mean', () => {
  const alone = aloneOf(
    {
      reward: [
        [0.2, 0.4],
        [0.4, 0.8],
      ],
    },
    Float64Array.of(5, 10),
    0,
  );
  expect([...alone.mean].map((v) => v.toFixed(6))).toEqual(['0.300000', '0.600000']);
  // Two values: half the width is t(0.975, 1 degree of freedom) · half their distance.
  const t = 12.7062047;
  expect(alone.high[0] - alone.mean[0]).toBeCloseTo(t * 0.1, 5);
  expect(alone.mean[1] - alone.low[1]).toBeCloseTo(t * 0.2, 5);
  expect([2, 5, 7.5, 10].map((s) => valueOn(alone, alone.mean, s).toFixed(3))).toEqual(['0.300', '0.300', '0.450', '0.600']);
  expect(valueOn(alone, alone.mean, 10.1)).toBeNaN();
});

it('calls a difference one only where it leaves the interval', () => {
  const alone = {
    steps: Float64Array.of(1, 2),
    mean: Float64Array.of(0.5, 0.5),
    low: Float64Array.of(0.4, 0.4),
    high: Float64Array.of(0.6, 0.6),
  };
  expect(compare(alone, 0.55, 1).word).toBe('even');
  expect(compare(alone, 0.7, 2)).toMatchObject({ word: 'better', clear: true });
  expect(compare(alone, 0.7, 2).difference).toBeCloseTo(0.2, 12);
  expect(compare(alone, 0.1, 2).word).toBe('worse');
  expect(compare(alone, 0.1, 3).word).toBe('none');
  expect(compare(alone, Number.NaN, 1).word).toBe('none');
});

it('says what a cosine means, in both directions alike', () => {
  expect(relation(-0.6)).toBe('stand in each other’s way strongly');
  expect(relation(0.1)).toBe('help each other a little');
  expect(relation(0.01)).toBe(relation(-0.01));
  expect([cosineText(-0.004), cosineText(-0.126), cosineText(0.5)]).toEqual(['0.00', '−0.13', '0.50']);
  expect([scaleEnd([null, -0.06]), scaleEnd([0.3, null]), scaleEnd([-0.9]), scaleEnd([])]).toEqual([0.1, 0.5, 1, 0.1]);
  expect(pairsOf(5)).toHaveLength(10);
  expect(pairsOf(3)).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  expect(pairOf('1-4')).toEqual([1, 4]);
});

it('counts conflicts block by block and names the worst pair', () => {
  const tensor = (name: string, block: string, cosine: (number | null)[][], conflicts: number): ModuleInterference => ({
    name,
    block,
    norm: [1, 1, 1],
    cosine,
    conflicts,
  });
  const cosines = (ab: number | null, ac: number | null, bc: number | null) => [
    [1, ab, ac],
    [ab, 1, bc],
    [ac, bc, 1],
  ];
  const modules = [
    tensor('policy.layers.0.qkv', 'layers.0.attention', cosines(-0.1, 0.2, -0.3), 2),
    tensor('policy.layers.0.out', 'layers.0.attention', cosines(0.1, null, null), 0),
    tensor('policy.output', 'output', cosines(0.1, 0.1, -0.9), 1),
  ];
  expect(tensorConflicts(modules, 'layers.0.attention')).toEqual({ conflicts: 2, pairs: 4 });
  expect(worstPair({ cosine: modules[0].cosine })).toEqual({ pair: [1, 2], cosine: -0.3 });
  expect(worstPair({ cosine: modules[1].cosine })).toBeNull();
  expect([kindOf('layers.0.attention'), kindOf('output')]).toEqual(['attention', 'output']);
  expect([blockName('layers.1.mlp'), blockName('layers.0.recurrent'), blockName('embedding')]).toEqual([
    'Layer 2, MLP',
    'Layer 1, recurrent',
    'Embedding',
  ]);
  // The figure has the same counts; its data are numbers.
  const domains = ['Math', 'Code', 'Science'].map((label) => ({ id: label, label, columns: [] }));
  const { title, table } = blocksFigure({ domains: ['a', 'b', 'c'], modules, step: 7, run: 0 }, domains);
  expect(title).toBe('Conflicts by module, step 7');
  expect(table.rows.map((row) => row.slice(0, 5))).toEqual([
    ['layers.0.attention', 1, 3, 2, 4],
    ['output', 1, 3, 1, 3],
  ]);
  expect(table.rows.map((row) => row[5])).toEqual(['Code × Science', 'Code × Science']);
});
