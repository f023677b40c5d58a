import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { distribution, distributions } from '../../../src/host/analysis/distributions';
import { cosineSteps, poolOf } from '../../../src/host/analysis/pool';
import { similarity } from '../../../src/host/analysis/similarity';
import { cellOf, poolCells } from '../../../src/host/analysis/similarityView';
import { type ContrastOptions, Terms } from '../../../src/host/analysis/terms';
import { contrast } from '../../../src/math/contrast';
import { finish } from '../../../src/math/steps';
import { makeFrame, poolFor } from './frames';

const OPTIONS: ContrastOptions = { tau: 0.1, beta: 0.5, gamma: 0.5 };
const termsOf = (frame: Frame, options = OPTIONS) => {
  const pool = poolOf(frame);
  return new Terms(pool, finish(cosineSteps(pool)), options);
};

/** A frame whose rows come in no order. */
const shuffled = () => {
  const frame = makeFrame({ seed: 4, domains: 3, prompts: 2, group: 4 });
  const from = frame.prompt.map((_, i) => (i * 7) % frame.n);
  const vectors = Float32Array.from({ length: frame.n * frame.width }, (_, at) => {
    const row = from[Math.floor(at / frame.width)];
    return (frame.vectors as Float32Array)[row * frame.width + (at % frame.width)];
  });
  vectors.fill(0, 5 * frame.width, 6 * frame.width);
  return {
    ...frame,
    vectors,
    domain: from.map((i) => frame.domain[i]),
    prompt: from.map((i) => frame.prompt[i]),
    reward: Float32Array.from(from, (i) => frame.reward[i]),
  };
};

describe('the similarity matrix', () => {
  const frame = shuffled();
  const map = similarity(termsOf(frame));
  const { u } = poolFor(frame);
  const cosine = (i: number, j: number) => {
    const size = Math.hypot(...u[i]) * Math.hypot(...u[j]);
    return size ? u[i].reduce((s, x, c) => s + x * u[j][c], 0) / size : 0;
  };

  it('is sorted by domain, prompt, correctness', () => {
    expect([...map.order].sort((a, b) => a - b)).toEqual(Array.from({ length: frame.n }, (_, i) => i));
    const key = (i: number) => [frame.domain[i], frame.prompt[i], i === 5 ? 2 : 1 - frame.reward[i]];
    for (let at = 1; at < map.n; at++) {
      const [a, b] = [key(map.order[at - 1]), key(map.order[at])];
      const first = a.findIndex((x, k) => x !== b[k]);
      if (first >= 0) expect(a[first]).toBeLessThan(b[first]);
    }
  });

  it('names its blocks', () => {
    expect(map.domains.map((b) => b.index)).toEqual([0, 1, 2]);
    expect(map.prompts.map((b) => b.index)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const blocks of [map.domains, map.prompts]) {
      expect(blocks[0].start).toBe(0);
      expect(blocks.at(-1)?.end).toBe(map.n);
      blocks.slice(1).forEach((b, k) => expect(b.start).toBe(blocks[k].end));
    }
    for (const { index, start, end, correct } of map.prompts)
      for (let at = start; at < end; at++) {
        expect(frame.prompt[map.order[at]]).toBe(index);
        expect(at < start + correct).toBe(frame.reward[map.order[at]] === 1 && map.order[at] !== 5);
      }
  });

  it('reads out every cell', () => {
    const expected = contrast(poolFor(frame), OPTIONS).compatibility;
    const seen = new Set<string>();
    for (let a = 0; a < map.n; a++)
      for (let b = 0; b < map.n; b++) {
        const cell = cellOf(map, a, b);
        if (!cell) throw new Error('no cell');
        const [i, j] = [cell.anchor, cell.partner];
        expect([i, j]).toEqual([map.order[a], map.order[b]]);
        expect(cell.logit).toBeCloseTo(10 * cosine(i, j), 5);
        expect(cell.cosine).toBeCloseTo(cosine(i, j), 6);
        const wrong = (x: number) => frame.reward[x] !== 1;
        const role =
          i === 5 || j === 5 || wrong(i)
            ? 'none'
            : i === j
              ? 'self'
              : wrong(j)
                ? 'negative'
                : frame.domain[i] === frame.domain[j]
                  ? 'in-domain positive'
                  : 'cross-positive';
        expect(cell.role).toBe(role);
        seen.add(role);
        const w = expected.matrix[expected.prompts.indexOf(frame.prompt[i])][expected.prompts.indexOf(frame.prompt[j])];
        if (w === null) expect(cell.weight).toBeNull();
        else expect(cell.weight).toBeCloseTo(w, 6);
      }
    expect(seen.size).toBe(5);
    expect(cellOf(map, -1, 0)).toBeNull();
    expect(cellOf(map, 0, map.n)).toBeNull();
  });

  it('knows no roles across prompts where the scope is the prompt', () => {
    const narrow = similarity(termsOf(frame, { ...OPTIONS, switches: { scope: 'prompt' } }));
    const roles = new Set<string | undefined>();
    for (const { start } of narrow.prompts) for (let b = 0; b < map.n; b++) roles.add(cellOf(narrow, start, b)?.role);
    expect(roles).not.toContain('cross-positive');
    expect(roles).toContain('negative');
  });

  it('is drawn cell by cell while it fits', () => {
    expect(map.picture.width).toBe(map.n);
    expect(map.picture.mean).toEqual(map.matrix);
  });
});

describe('a picture of a large matrix', () => {
  const n = 10;
  const matrix = Float32Array.from({ length: n * n }, (_, at) => (Math.floor(at / n) === at % n ? 100 : at));

  it('holds means of its cells, without the diagonal', () => {
    const { width, height, mean } = poolCells(matrix, n, [0, n], [0, n], 5);
    expect([width, height]).toEqual([5, 5]);
    expect(mean[0]).toBeCloseTo((1 + 10) / 2, 6);
    expect(mean[1]).toBeCloseTo((2 + 3 + 12 + 13) / 4, 6);
    expect(mean[5]).toBeCloseTo((20 + 21 + 30 + 31) / 4, 6);
  });

  it('can be of a part, and of sides that do not divide', () => {
    const part = poolCells(matrix, n, [2, 5], [4, 10], 3);
    expect([part.width, part.height]).toEqual([3, 3]);
    expect(part.mean[0]).toBeCloseTo((24 + 25) / 2, 6);
    expect(part.mean[6]).toBeCloseTo(45, 6);
    const uneven = poolCells(matrix, n, [0, n], [0, n], 3);
    expect(uneven.mean[2]).toBeCloseTo([6, 7, 8, 9, 16, 17, 18, 19, 26, 27, 28, 29].reduce((s, x) => s + x, 0) / 12, 5);
  });

  it('stays within 512 pixels for a pool of 600', () => {
    const frame = makeFrame({ domains: 2, prompts: 30, group: 10, width: 4 });
    const { picture, matrix: whole, n: size } = similarity(termsOf(frame));
    expect([picture.width, picture.height]).toEqual([512, 512]);
    // Means over cells weigh equally where blocks are equal; over all pixels the weighted mean is the matrix' own off the diagonal.
    const edges = Array.from({ length: 513 }, (_, k) => Math.floor((k * 600) / 512));
    let [sum, cells] = [0, 0];
    for (let y = 0; y < 512; y++)
      for (let x = 0; x < 512; x++) {
        const [h, w] = [edges[y + 1] - edges[y], edges[x + 1] - edges[x]];
        const count = y === x ? h * w - h : h * w;
        sum += count * picture.mean[512 * y + x];
        cells += count;
      }
    const off = whole.reduce((s, v, at) => (Math.floor(at / size) === at % size ? s : s + v), 0);
    expect(cells).toBe(600 * 599);
    expect(sum / cells).toBeCloseTo(off / cells, 5);
  });
});

describe('distributions', () => {
  it('are those of a hand example', () => {
    const d = distribution(Float64Array.from([3, 1, 0, 2, 4]), 0, 4, 4);
    expect(d).toMatchObject({ count: 5, mean: 2, from: 0, to: 4 });
    expect([...d.bins]).toEqual([1, 1, 1, 2]);
    [0.2, 1, 2, 3, 3.8].forEach((x, k) => expect(d.quantiles?.[k]).toBeCloseTo(x, 12));
    expect(distribution(new Float64Array(0), 0, 1, 3)).toMatchObject({ count: 0, mean: null, quantiles: null });
  });

  it('have the means and numbers of pairs of the definition', () => {
    const frame = shuffled();
    const found = distributions(termsOf(frame), 12, 32);
    const expected = contrast(poolFor(frame), OPTIONS);
    expect(found.step).toBe(12);
    expect(found.logit.crossPositive.mean).toBeCloseTo(expected.logit.crossPositive as number, 9);
    expect(found.logit.inDomainPositive.mean).toBeCloseTo(expected.logit.inDomainPositive as number, 9);
    expect(found.logit.negative.mean).toBeCloseTo(expected.logit.negative as number, 9);
    expect(found.weight.mean).toBeCloseTo(expected.weight.cross as number, 9);
    expect(found.logit.negative.count).toBe(expected.positives * expected.negatives);
    expect(found.logit.inDomainPositive.count).toBe(expected.mass.inDomain);
    expect(found.margin.count).toBe(expected.positives);
    for (const d of [...Object.values(found.logit), found.weight, found.margin]) {
      expect(d.bins.length).toBe(32);
      expect(d.bins.reduce((s, x) => s + x, 0)).toBe(d.count);
      expect([...(d.quantiles ?? [])]).toEqual([...(d.quantiles ?? [])].sort((a, b) => a - b));
    }
    expect(found.margin.from).toBeCloseTo(-20, 9);
    expect(found.logit.negative.to).toBeCloseTo(10, 9);
  });

  it('are empty where there is no data', () => {
    const frame = makeFrame();
    frame.reward.fill(0);
    const { logit, weight, margin } = distributions(termsOf(frame), 0);
    for (const d of [...Object.values(logit), weight, margin]) expect(d).toMatchObject({ count: 0, mean: null, quantiles: null });
    expect(() => distributions(termsOf(frame), 0, 0)).toThrow('invalid number of bins: 0 (1 to 1000)');
  });
});
