import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random';
import { auc, outOfFoldScores, readout, stratifiedFolds } from '../../src/math/readout';
import { interval } from '../../src/math/statistics';
import { clusters } from './clusters';

const coin = (n: number, p: number, seed: number) => {
  const random = new Random(seed, 98);
  return Array.from({ length: n }, () => Number(random.chance(p)));
};

describe('the area under the ROC curve', () => {
  it('is that of hand examples, ties counting a half', () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75); // 3 of 4 pairs in order
    expect(auc([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(auc([1, 2, 3, 4], [1, 1, 0, 0])).toBe(0);
    expect(auc([5, 5, 5, 5], [0, 1, 0, 1])).toBe(0.5);
    expect(auc([1, 2, 2, 3], [0, 0, 1, 1])).toBe(3.5 / 4);
    expect(auc([-1e300, 2, 2, 2, 1e300], [1, 0, 0, 1, 0])).toBe(1 / 6);
  });

  it('is the share of ordered pairs, by brute force', () => {
    const random = new Random(3, 99);
    const score = Array.from({ length: 101 }, () => random.below(12));
    const label = coin(101, 0.4, 3);
    let [wins, pairs] = [0, 0];
    label.forEach((a, i) =>
      label.forEach((b, j) => {
        if (!a || b) return;
        pairs++;
        wins += score[i] > score[j] ? 1 : score[i] === score[j] ? 0.5 : 0;
      }),
    );
    expect(auc(score, label)).toBeCloseTo(wins / pairs, 13);
  });

  it('has no value for one class, and refuses what it cannot rank', () => {
    expect(auc([1, 2], [1, 1])).toBeNull();
    expect(auc([], [])).toBeNull();
    expect(() => auc([1, Number.NaN], [0, 1])).toThrow('invalid score 1: NaN');
    expect(() => auc([1, 2], [0])).toThrow('invalid labels: 1 for 2 scores');
  });
});

describe('stratified folds', () => {
  it('share out both classes evenly', () => {
    const label = coin(103, 0.2, 1);
    const fold = stratifiedFolds(label, { seed: 4 }) as Uint32Array;
    for (const c of [0, 1]) {
      const counts = [0, 1, 2, 3, 4].map((f) => label.filter((l, i) => l === c && fold[i] === f).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    const sizes = [0, 1, 2, 3, 4].map((f) => fold.filter((x) => x === f).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(stratifiedFolds(label, { seed: 4 })).toEqual(fold);
    expect(stratifiedFolds(label, { seed: 5 })).not.toEqual(fold);
  });

  it('are null when a class has fewer members than folds', () => {
    const label = [1, 1, 1, 1, ...new Array(50).fill(0)];
    expect(stratifiedFolds(label)).toBeNull();
    expect(stratifiedFolds(label, { folds: 4 })).not.toBeNull();
    expect(stratifiedFolds([])).toBeNull();
    expect(() => stratifiedFolds(label, { folds: 1 })).toThrow('invalid number of folds: 1 (at least 2)');
  });

  it('keep groups together', () => {
    const label = coin(120, 0.5, 2);
    const group = label.map((_, i) => Math.floor(i / 4));
    const fold = stratifiedFolds(label, { group }) as Uint32Array;
    group.forEach((g, i) => expect(fold[i]).toBe(fold[4 * g]));
    expect(new Set(fold).size).toBe(5);
  });
});

describe('the read-out', () => {
  it('tells separable classes apart', () => {
    const { rows, label } = clusters(200, 8, 2, 8);
    expect(readout(rows, 8, label)).toEqual({ auc: 1, samples: 200 });
  });

  it('finds the AUC that the distance of two Gaussians implies', () => {
    // Means 1.5 apart along each of two axes: Φ(1.5 · √2 / √2) = Φ(1.5) = 0.9332 for the best direction.
    const { rows, label } = clusters(4000, 4, 2, 1.5);
    const { auc: area } = readout(rows, 4, label);
    expect(Math.abs((area as number) - 0.9332)).toBeLessThan(0.015);
  });

  it('finds nothing in noise, over seeds', () => {
    const areas = Array.from(
      { length: 24 },
      (_, s) => readout(clusters(150, 20, 1, 0, s).rows, 20, coin(150, 0.3, s)).auc as number,
    );
    const { mean, halfWidth } = interval(areas);
    expect(Math.abs((mean as number) - 0.5)).toBeLessThan(halfWidth as number);
    expect(halfWidth).toBeLessThan(0.04);
  });

  it('does not see a row’s own fold: neither its labels nor its features', () => {
    const { rows, label } = clusters(100, 6, 2, 1);
    const fold = stratifiedFolds(label) as Uint32Array;
    const before = outOfFoldScores(rows, 6, label, fold);
    const flipped = outOfFoldScores(
      rows,
      6,
      label.map((l, i) => (fold[i] === 2 ? 1 - l : l)),
      fold,
    );
    const one = fold.indexOf(2);
    const wild = outOfFoldScores(
      rows.map((x, at) => (Math.floor(at / 6) === one ? 1e6 + x : x)),
      6,
      label,
      fold,
    );
    let others = 0;
    fold.forEach((f, i) => {
      if (f === 2) {
        expect(flipped[i]).toBe(before[i]);
        if (i !== one) expect(wild[i]).toBe(before[i]);
      } else others += Number(flipped[i] !== before[i] && wild[i] !== before[i]);
    });
    expect(others).toBe(80);
  });

  it('is not fooled by rows that name their group, when groups are given', () => {
    // 40 prompts, 5 responses each, the label a property of the prompt, the features a fingerprint of the prompt.
    const label = Array.from({ length: 200 }, (_, i) => coin(40, 0.5, 7)[Math.floor(i / 5)]);
    const group = label.map((_, i) => Math.floor(i / 5));
    const { rows: print } = clusters(40, 60, 1, 0, 5);
    const rows = Float64Array.from({ length: 200 * 60 }, (_, at) => print[Math.floor(at / 300) * 60 + (at % 60)]);
    expect(readout(rows, 60, label).auc).toBe(1);
    expect(readout(rows, 60, label, { group }).auc).toBeLessThan(0.75);
  });

  it('minimises the penalised log loss', () => {
    // Two folds by hand: the scores of fold 1 come from rows 0 to 59 alone; gradient of their loss at the fit is zero.
    const { rows, label } = clusters(90, 3, 2, 1, 9);
    const fold = label.map((_, i) => Number(i >= 60));
    const score = outOfFoldScores(rows, 3, label, fold, 2);
    const train = Array.from({ length: 60 }, (_, i) => i);
    const moment = (k: number, f: (x: number) => number) => train.reduce((s, i) => s + f(rows[3 * i + k]), 0) / 60;
    const centre = [0, 1, 2].map((k) => moment(k, (x) => x));
    const spread = [0, 1, 2].map((k) => Math.sqrt(moment(k, (x) => (x - centre[k]) ** 2)));
    const feature = (i: number) => [0, 1, 2].map((k) => (rows[3 * i + k] - centre[k]) / spread[k]);
    const w = [0, 0, 0, 0];
    for (let step = 0; step < 20000; step++) {
      const g = [2 * w[0], 2 * w[1], 2 * w[2], 0];
      for (const i of train) {
        const x = [...feature(i), 1];
        const p = 1 / (1 + Math.exp(-x.reduce((s, v, k) => s + v * w[k], 0)));
        x.forEach((v, k) => {
          g[k] += (p - label[i]) * v;
        });
      }
      g.forEach((v, k) => {
        w[k] -= 0.02 * v;
      });
    }
    for (let i = 60; i < 90; i++)
      expect(score[i]).toBeCloseTo(
        [...feature(i), 1].reduce((s, v, k) => s + v * w[k], 0),
        6,
      );
  });

  it('copes with constant, repeated and huge columns, and more columns than rows', () => {
    const { rows, label } = clusters(60, 2, 2, 6);
    const wide = Float64Array.from({ length: 60 * 80 }, (_, at) => {
      const [i, k] = [Math.floor(at / 80), at % 80];
      return k < 40 ? rows[2 * i + (k % 2)] : k < 60 ? 7 : 1e12 * rows[2 * i];
    });
    expect(readout(wide, 80, label).auc).toBe(1);
    expect(readout(new Float64Array(120).fill(1), 2, label).auc).toBe(0.5);
  });

  it('repeats, and says null for a class that is too small', () => {
    const { rows, label } = clusters(80, 5, 2, 1);
    expect(readout(rows, 5, label, { seed: 3 })).toEqual(readout(rows, 5, label, { seed: 3 }));
    expect(readout(rows, 5, label, { seed: 3 })).not.toEqual(readout(rows, 5, label, { seed: 4 }));
    expect(
      readout(
        rows,
        5,
        label.map((_, i) => Number(i < 4)),
      ),
    ).toEqual({ auc: null, samples: 80 });
  });

  it('refuses labels or groups of another number', () => {
    expect(() => readout([1, 2, 3], 1, [0, 1])).toThrow('invalid labels: 2 for 3 rows');
    expect(() => readout([1, 2], 1, [0, 1], { group: [1] })).toThrow('invalid groups: 1 for 2 rows');
    expect(() => readout([1, Number.NaN], 1, [0, 1])).toThrow('invalid number 0 of row 1: NaN');
  });
});
