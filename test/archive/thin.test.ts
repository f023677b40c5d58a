import { expect, test } from 'vitest';
import { MAX_CHECKPOINTS, surplus } from '../../src/archive/thin';

test('few checkpoints stay: the first, the newest, and gaps that widen with age', () => {
  let kept: number[] = [];
  for (let step = 10; step <= 20_000; step += 10) {
    const all = [...kept, step];
    const drop = new Set(surplus(all));
    kept = all.filter((s) => !drop.has(s));
  }
  expect(kept).toHaveLength(MAX_CHECKPOINTS);
  expect(kept[0]).toBe(10);
  expect(kept.at(-1)).toBe(20_000);
  expect(kept.at(-2)).toBe(19_990);
  // Within the last 100, 1000 and 10 000 steps there is something to go back to, and nowhere more than a factor 6 in age.
  const ages = kept.slice(0, -1).map((s) => 20_000 - s);
  for (let i = 1; i < ages.length; i++) expect(ages[i - 1] / ages[i]).toBeLessThan(6);
});

test('nothing goes while there is room', () => {
  expect(surplus([1, 2, 3])).toEqual([]);
  expect(surplus([5], 0)).toEqual([]);
  expect(surplus([1, 2, 3, 4], 3)).toHaveLength(1);
});
