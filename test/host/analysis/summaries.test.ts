import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/engine/frame';
import { neighbourhood } from '../../../src/host/analysis/neighbourhood';
import { samplePrompts, sampleRows, takeFrame } from '../../../src/host/analysis/rows';
import { summarise } from '../../../src/host/analysis/summaries';
import { contrast } from '../../../src/math/contrast';
import { effectiveRank, unitRows } from '../../../src/math/embedding';
import { makeFrame, poolFor } from './frames';

const frame = makeFrame({ seed: 6, domains: 3, prompts: 4, group: 5 });
const expected = contrast(poolFor(frame), { tau: 0.1, beta: 0.5, gamma: 0.5 });

describe('a summary', () => {
  const summary = summarise(frame);

  it('has the distances and signals of the definition', () => {
    expect([summary.correct, summary.wrong, summary.excluded]).toEqual([
      expected.positives,
      expected.negatives,
      expected.excluded,
    ]);
    expected.centroidDistance.matrix.forEach((row, a) =>
      row.forEach((x, b) => expect(summary.centroidDistance[a][b]).toBeCloseTo(x as number, 12)),
    );
    expect(summary.alignment).toBeCloseTo(expected.embedding.alignment as number, 10);
    expect(summary.uniformity).toBeCloseTo(expected.embedding.uniformity as number, 10);
    expect(summary.participation).toBeCloseTo(expected.embedding.rank as number, 9);
    expect(summary.effectiveRank).toBeCloseTo(
      effectiveRank(unitRows(frame.vectors as Float32Array, frame.width), frame.width) as number,
      9,
    );
    expect(summary.judged).toBe(frame.n);
  });

  it('has the compatibilities of the definition, prompt by prompt and domain by domain', () => {
    const { prompts, matrix } = expected.compatibility;
    const at = (p: number) => prompts.indexOf(p);
    const { prompt, domain, count } = summary.prototypes;
    const m = prompt.length;
    expect([...prompt]).toEqual(prompts.filter((_, p) => matrix[p][p] !== null));
    const sums = new Map<string, number[]>();
    for (let a = 0; a < m; a++)
      for (let b = 0; b < m; b++) {
        const w = matrix[at(prompt[a])][at(prompt[b])] as number;
        expect(summary.promptCompatibility?.[a * m + b]).toBeCloseTo(w, 6);
        if (a !== b) sums.set(`${domain[a]} ${domain[b]}`, [...(sums.get(`${domain[a]} ${domain[b]}`) ?? []), w]);
      }
    for (const [key, ws] of sums) {
      const [d, e] = key.split(' ').map(Number);
      expect(summary.domainCompatibility[d][e]).toBeCloseTo(ws.reduce((s, x) => s + x, 0) / ws.length, 10);
    }
    expect([...count]).toEqual(
      [...prompt].map((p) => [...frame.prompt.keys()].filter((i) => frame.prompt[i] === p && frame.reward[i] === 1).length),
    );
  });

  it('links the most compatible prompts across domains', () => {
    const { from, to, weight } = summary.links;
    const { domain } = summary.prototypes;
    const m = domain.length;
    expect([...weight]).toEqual([...weight].sort((a, b) => b - a));
    from.forEach((a, k) => {
      expect(domain[a]).not.toBe(domain[to[k]]);
      expect(weight[k]).toBeCloseTo(summary.promptCompatibility?.[a * m + to[k]] ?? 0, 6);
    });
    let all = 0;
    for (let a = 0; a < m; a++)
      for (let b = 0; b < a; b++) if (domain[a] !== domain[b] && (summary.promptCompatibility?.[a * m + b] ?? 0) > 0) all++;
    expect(from.length).toBe(all);
  });

  it('has unit prototypes along the means of the correct rollouts', () => {
    const { prompt, vectors, length } = summary.prototypes;
    const unit = unitRows(frame.vectors as Float32Array, frame.width);
    prompt.forEach((p, k) => {
      const rows = [...frame.prompt.keys()].filter((i) => frame.prompt[i] === p && frame.reward[i] === 1);
      const mu = Array.from({ length: frame.width }, (_, c) =>
        rows.reduce((s, i) => s + unit[i * frame.width + c] / rows.length, 0),
      );
      expect(length[k]).toBeCloseTo(Math.hypot(...mu), 10);
      mu.forEach((x, c) => expect(vectors[k * frame.width + c]).toBeCloseTo(x / Math.hypot(...mu), 6));
    });
  });

  it('has no data where there are no correct rollouts', () => {
    const none = summarise({ ...frame, reward: new Float32Array(frame.n) });
    expect(none.centroidDistance.flat().every((x) => x === null)).toBe(true);
    expect(none.domainCompatibility.flat().every((x) => x === null)).toBe(true);
    expect([none.prototypes.prompt.length, none.links.from.length, none.alignment]).toEqual([0, 0, null]);
    expect(none.effectiveRank).toBeGreaterThan(1);
    const zeros = summarise({ ...frame, vectors: new Float32Array(frame.n * frame.width) });
    expect([zeros.excluded, zeros.effectiveRank, zeros.uniformity]).toEqual([frame.n, null, null]);
  });

  it('samples the prompts of large pools', () => {
    const many = makeFrame({ domains: 2, prompts: 600, group: 1, width: 3, correct: 1 });
    const { prototypes, promptCompatibility, links, domainCompatibility, judged } = summarise(many);
    expect(prototypes.prompt.length).toBe(1200);
    expect(promptCompatibility).toBeNull();
    expect(links.from.length).toBe(100);
    expect(domainCompatibility[0][1]).toBeGreaterThan(0);
    expect(judged).toBe(1000);
  });
});

describe('a neighbourhood', () => {
  it('is that of a full sort, with labels', () => {
    const unit = unitRows(frame.vectors as Float32Array, frame.width);
    const cosine = (i: number, j: number) => {
      let s = 0;
      for (let c = 0; c < frame.width; c++) s += unit[i * frame.width + c] * unit[j * frame.width + c];
      return s;
    };
    const found = neighbourhood(frame, 7, 6);
    const order = [...frame.domain.keys()].filter((j) => j !== 7).sort((a, b) => cosine(7, b) - cosine(7, a));
    expect([...found.rows]).toEqual(order.slice(0, 6));
    found.rows.forEach((j, at) => {
      expect(found.cosine[at]).toBeCloseTo(cosine(7, j), 12);
      expect(found.distance[at]).toBeCloseTo(Math.sqrt(2 - 2 * cosine(7, j)), 10);
      expect([found.domain[at], found.prompt[at], found.reward[at]]).toEqual([frame.domain[j], frame.prompt[j], frame.reward[j]]);
    });
    const same = order.slice(0, 6).filter((j) => frame.domain[j] === frame.domain[7]).length;
    expect(found.purity).toBe(same / 6);
    expect(neighbourhood(frame, 7, 1000).rows.length).toBe(frame.n - 1);
  });

  it('leaves out rows without a direction and refuses to start from one', () => {
    const copy: Frame = { ...frame, vectors: (frame.vectors as Float32Array).slice() };
    copy.vectors?.fill(0, 0, frame.width);
    expect([...neighbourhood(copy, 7, 1000).rows]).not.toContain(0);
    expect(() => neighbourhood(copy, 0, 3)).toThrow('invalid row: 0 (its response is empty');
    expect(() => neighbourhood(frame, 60, 3)).toThrow('invalid row: 60 (0 to 59)');
    expect(() => neighbourhood(frame, 1, 0)).toThrow('invalid number of neighbours: 0 (at least 1)');
  });
});

describe('samples', () => {
  it('are distinct, ascending, seeded, and spread evenly', () => {
    const sample = sampleRows(1000, 100, 4);
    expect([...sample]).toEqual([...new Set(sample)].sort((a, b) => a - b));
    expect(sampleRows(1000, 100, 4)).toEqual(sample);
    expect(sampleRows(1000, 100, 5)).not.toEqual(sample);
    expect([...sampleRows(3, 5, 0)]).toEqual([0, 1, 2]);
    expect(Math.abs(sample.reduce((s, x) => s + x, 0) / 100 - 499.5)).toBeLessThan(120);
  });

  it('of prompts keep groups whole and frames consistent', () => {
    const rows = samplePrompts(frame, 23, 1);
    expect(rows.length).toBe(20);
    const full: Frame = {
      ...frame,
      score: frame.reward,
      response: Uint32Array.from({ length: 2 * frame.n }, (_, at) => at),
      responseLength: 2,
      length: new Uint32Array(frame.n).fill(2),
      reason: Array.from({ length: frame.n }, (_, i) => `reason ${i}`),
    };
    const part = takeFrame(full, rows);
    expect(part.n).toBe(20);
    expect([...new Set(part.prompt)]).toEqual([0, 1, 2, 3]);
    expect(part.promptText.length).toBe(4);
    rows.forEach((row, at) => {
      expect(part.promptText[part.prompt[at]]).toBe(`prompt ${frame.prompt[row]}`);
      expect(part.reason[at]).toBe(`reason ${row}`);
      expect([...(part.response as Uint32Array).subarray(2 * at, 2 * at + 2)]).toEqual([2 * row, 2 * row + 1]);
      expect(part.domain[at]).toBe(frame.domain[row]);
      expect(part.vectors?.[at * frame.width + 3]).toBe(frame.vectors?.[row * frame.width + 3]);
    });
  });
});
