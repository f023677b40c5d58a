import { expect, test } from 'vitest';
import type { Layer } from '../../src/config/schema';
import { finiteDifferences } from '../../src/engine/finiteDifferences';

const CHOICES: [string, Layer][] = [
  ['scope prompt', { contrast: { scope: 'prompt' } }],
  ['denominator all', { contrast: { denominator: 'all' } }],
  ['normaliser anchor', { contrast: { normalizer: 'anchor' } }],
  ['weight map half', { contrast: { weightMap: 'half' } }],
  ['weight map raw', { contrast: { weightMap: 'raw' } }],
  ['through the weights', { contrast: { weightGradient: true } }],
  ['through weights by half', { contrast: { weightGradient: true, weightMap: 'half' } }],
  ['through raw weights', { contrast: { weightGradient: true, weightMap: 'raw' } }],
  [
    'through the weights, normaliser anchor, denominator all',
    {
      contrast: { weightGradient: true, normalizer: 'anchor', denominator: 'all', mixing: 'convex' },
    },
  ],
  ['pooling last', { contrast: { pooling: 'last' } }],
  ['position before', { contrast: { position: 'before' } }],
  ['pooling last, position before', { contrast: { pooling: 'last', position: 'before' } }],
  ['GELU head', { head: { activation: 'gelu' } }],
];

test.each(CHOICES)('the whole objective has the gradient of central differences in float64: %s', async (_, layer) => {
  const checks = await finiteDifferences(layer);
  expect(checks.filter((c) => !(c.error <= 1e-5))).toEqual([]);
  expect(checks.every((c) => Math.abs(c.numeric) > 0)).toBe(true);
  expect(checks.length).toBeGreaterThan(10);
});
