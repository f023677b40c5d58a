import { describe, expect, test } from 'vitest';
import { experiment } from '../../../src/cli/reproduce/experiments';
import { probability, shown, signed } from '../../../src/cli/reproduce/format';
import { markdownTable } from '../../../src/cli/reproduce/markdownTable';
import { report } from '../../../src/cli/reproduce/report';
import { extent, linear, tickLabel, ticks } from '../../../src/cli/reproduce/svg';
import { EXPERIMENTS } from '../../../src/cli/reproduce/types';
import { PROVENANCE, synthetic } from './synthetic';

const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
const effect = { 'mcpo-grpo': 3, 'mcpo-dapo': 4, dapo: 1, clipo: -2 };

/** Fields of one line; quoted ones may hold commas and doubled quotes. */
const fields = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => (m[1] ?? m[2]).replaceAll('""', '"'));

/** Tags that are opened and closed in order: well-formed as far as a figure can go wrong. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [, close, name, rest] of svg.matchAll(
    /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*\s*\/?)>/g,
  )) {
    if (close) {
      if (open.pop() !== name) faults.push(name);
    } else if (!rest.trim().endsWith('/')) open.push(name);
  }
  const tags = svg.match(/<[a-z/]/g)?.length ?? 0;
  const parsed = svg.match(/<\/?[a-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g)?.length ?? 0;
  return [...faults, ...open, ...(tags === parsed ? [] : [`${tags} tags, ${parsed} of them whole`])];
}

describe.each(EXPERIMENTS)('%s', (id) => {
  const e = experiment(id, 'tiny');
  const records = synthetic(e, { seeds, effect });
  const { files, result } = report(e, records, PROVENANCE);
  const [json, csv, md, svg] = ['json', 'csv', 'md', 'svg'].map((x) => files[`${id}.${x}`]);

  test('CSV holds every number of every run, to the last digit', () => {
    const [header, ...lines] = csv.trimEnd().split('\n').map(fields);
    expect(header).toEqual(['experiment', 'variant', 'seed', 'kind', 'name', 'step', 'value']);
    const values = new Map(
      lines.map(([, variant, seed, kind, name, step, value]) => [[variant, seed, kind, name, step].join(), Number(value)]),
    );
    expect(values.size).toBe(lines.length);
    for (const r of records) {
      const at = (kind: string, name: string, step = '') => values.get([r.variant, r.seed, kind, name, step].join());
      for (const kind of ['base', 'sampled', 'greedy'] as const) {
        expect(at(kind, 'average')).toBe(r[kind].average);
        for (const [name, value] of Object.entries(r[kind].benchmarks)) expect(at(kind, name)).toBe(value);
      }
      expect(at('run', 'generated')).toBe(r.generated);
      expect(at('probe', 'auc')).toBe(r.probe.auc);
      expect(at('centroidEnd', 'math/science')).toBe(r.centroids.end[0][2]);
      for (const { metric } of e.curves)
        r.curves[metric]?.forEach((value, i) => expect(at('curve', metric, String(i + 1))).toBe(value));
    }
  });

  test('Markdown holds every variant, claim, verdict and note', () => {
    for (const v of e.variants) expect(md).toContain(v.label);
    result.claims.forEach((c) => expect(md).toContain(`- **${c.verdict}**: ${c.claim.text} ${c.sentence}`));
    for (const note of e.notes) expect(md).toContain(`- ${note}`);
    expect(md).toContain(PROVENANCE.command);
    expect(md).toContain(PROVENANCE.commit);
    expect(md).toContain(`of 40 steps a variant`);
    expect(md).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
  });

  test('tables line up', () => {
    const tables = md.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(0);
    for (const block of tables) expect(new Set(block.split('\n').map((line) => [...line].length)).size).toBe(1);
  });

  test('JSON is the result with its provenance', () => {
    const read = JSON.parse(json);
    expect(read.provenance).toEqual(PROVENANCE);
    expect(read.claims.length).toBe(e.claims.length);
    expect(json).not.toMatch(/NaN|Infinity/);
  });

  test('SVG is whole and stands alone', () => {
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).not.toMatch(/<script|<style|<image|href=|url\(|NaN|undefined|Infinity/);
    expect(svg).toContain('fill="#ffffff"');
    for (const { label } of result.rows.filter((r) => r.drawn)) expect(svg).toContain(label);
  });

  test('the same runs give the same files, in any order', () => {
    const again = report(e, records.toReversed(), PROVENANCE);
    for (const name of [`${id}.json`, `${id}.md`, `${id}.svg`]) expect(again.files[name]).toBe(files[name]);
  });

  test('no runs yet', () => {
    const empty = report(e, [], PROVENANCE);
    expect(empty.files[`${id}.md`]).toContain('No runs yet.');
    expect(unbalanced(empty.files[`${id}.svg`])).toEqual([]);
    expect(Object.values(empty.files).join()).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('numbers are written as readers expect', () => {
  expect([1.25, -0.04, -1.26, 0].map((x) => shown(x, 'percent'))).toEqual(['1.3', '0.0', '−1.3', '0.0']);
  expect([0.04, 0.06, -0.06].map((x) => signed(x, 'percent'))).toEqual(['0.0', '+0.1', '−0.1']);
  expect([123.4, 12.34, 1.234, 0.1234, -0.0004].map((x) => shown(x, 'plain'))).toEqual([
    '123',
    '12.3',
    '1.23',
    '0.123',
    '−0.0004',
  ]);
  expect(shown(null, 'percent')).toBe('no data');
  expect([0.0004, 0.0078, 0.047, 0.125, 1, null].map(probability)).toEqual(['< .001', '.008', '.047', '.13', '1', 'no data']);
});

test('ticks are round, few and labelled alike', () => {
  const scale = (from: number, to: number) => linear(from, to, [0, 100]);
  expect(ticks(scale(-4.3, 4.6))).toEqual([-4, -2, 0, 2, 4]);
  expect(ticks(scale(0.31, 0.39))).toEqual([0.32, 0.34, 0.36, 0.38]);
  for (const to of [0.001, 0.7, 3, 47, 999]) {
    const marks = ticks(scale(-to / 3, to));
    expect(marks.length).toBeGreaterThan(1);
    expect(new Set(marks.map((t) => tickLabel(t, marks))).size).toBe(marks.length);
  }
  expect(extent([5])).toEqual([4.5, 5.5]);
});

test('a cell with a bar does not break a table', () => {
  expect(markdownTable(['a', 'b'], [['x|y', '1']])).toBe('| a    |   b |\n| ---- | --: |\n| x\\|y |   1 |');
});
