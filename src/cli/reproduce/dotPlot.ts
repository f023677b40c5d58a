import { domainOfColumn } from './columns';
import type { Result } from './result';
import {
  type Attributes,
  domainColor,
  element,
  extent,
  INK,
  LINE,
  linear,
  QUIET,
  segment,
  svgFile,
  text,
  textWidth,
  tickLabel,
  ticks,
} from './svg';
import type { Column } from './types';

/** One value with its interval, and the paper's. */
interface Dot {
  mean: number | null;
  halfWidth: number | null;
  paper: readonly (number | null | undefined)[];
}
/** Rows of dots under a heading: one panel a column. */
interface Block {
  heading: string;
  zero: boolean;
  rows: { label: string; dots: Record<string, Dot> }[];
}

const ROW = 24;
const GAP = 22;
const TOP = 84;
const AXIS = 24;
const WIDTH = 1200;

function blocksOf(result: Result): Block[] {
  const { rows, differences, panels } = result;
  const each = (make: (column: string) => Dot) => Object.fromEntries(panels.map((c) => [c, make(c)]));
  const means = rows
    .filter((r) => r.drawn && panels.some((c) => r.sampled[c].n > 0 || r.paper[c] !== undefined))
    .map((r) => ({ label: r.label, dots: each((c) => ({ ...r.sampled[c], paper: [r.paper[c], r.second[c]] })) }));
  const gains = differences
    .filter((d) => d.drawn)
    .map((d) => ({
      label: d.label,
      dots: each((c) => ({ ...d.sampled[c], paper: [d.paper[c], d.second[c]] })),
    }));
  return [
    { heading: 'Held-out accuracy, %', zero: false, rows: means },
    { heading: 'Paired difference, points', zero: true, rows: gains },
  ].filter((b) => b.rows.length > 0);
}

/** Hollow marks of the paper's figures: a circle for its first backbone, a diamond for its second. */
function hollow(i: number, x: number, y: number): string {
  const style = { fill: '#ffffff', stroke: QUIET, 'stroke-width': '1.5' };
  if (i === 0) return element('circle', { cx: x, cy: y, r: 4, ...style });
  return element('path', { d: 'M0,-5L5,0L0,5L-5,0Z', transform: `translate(${x.toFixed(1)},${y.toFixed(1)})`, ...style });
}

function dot(d: Dot, x: (value: number) => number, y: number, color: string): string[] {
  const out = d.paper.flatMap((p, i) => (typeof p === 'number' ? [hollow(i, x(p), y)] : []));
  if (d.mean === null) return out;
  if (d.halfWidth !== null)
    out.push(
      segment(x(d.mean - d.halfWidth), y, x(d.mean + d.halfWidth), y, color, { 'stroke-width': '2', 'stroke-linecap': 'round' }),
    );
  return [...out, element('circle', { cx: x(d.mean), cy: y, r: 4, fill: color })];
}

/** One column of one block. */
function panel(block: Block, column: Column, left: number, width: number, top: number): string[] {
  const dots = block.rows.map((r) => r.dots[column.id]);
  const values = dots.flatMap(({ mean, halfWidth, paper }) => [
    ...(mean === null ? [] : [mean - (halfWidth ?? 0), mean + (halfWidth ?? 0)]),
    ...paper.filter((p) => typeof p === 'number'),
  ]);
  const bottom = top + block.rows.length * ROW;
  const x = linear(...extent(block.zero ? [...values, 0] : values), [left + 6, left + width - 6]);
  const marks = ticks(x, width > 220 ? 9 : 5);
  const color = domainColor(domainOfColumn(column.id));
  const small: Attributes = { 'font-size': '11', fill: QUIET, 'text-anchor': 'middle' };
  return [
    element('rect', { x: left, y: top, width, height: bottom - top, fill: 'none', stroke: LINE }),
    ...marks.map((t) => segment(x(t), top, x(t), bottom, LINE)),
    ...(values.length ? marks.map((t) => text(x(t), bottom + 15, tickLabel(t, marks), small)) : []),
    ...(block.zero ? [segment(x(0), top, x(0), bottom, QUIET, { 'stroke-dasharray': '3 3' })] : []),
    ...dots.flatMap((d, i) => {
      const y = top + (i + 0.5) * ROW;
      const drawn = dot(d, x, y, color);
      return drawn.length ? drawn : [text(left + width / 2, y + 4, 'no data', small)];
    }),
  ];
}

function legend(result: Result, y: number): string[] {
  const middle = y - 4;
  const out = [
    segment(16, middle, 44, middle, INK, { 'stroke-width': '2' }),
    element('circle', { cx: 30, cy: middle, r: 4, fill: INK }),
    text(52, y, 'ours: mean and 95 % interval over seeds'),
  ];
  const figured = result.rows.some((r) => Object.keys(r.paper).length > 0);
  let x = 52 + textWidth('ours: mean and 95 % interval over seeds') + 16;
  if (figured)
    result.backbones.forEach((name, i) => {
      out.push(hollow(i, x, middle), text(x + 10, y, `the paper, ${name}`));
      x += 10 + textWidth(`the paper, ${name}`) + 16;
    });
  return out;
}

/** Tables as dot plots: accuracies on top, paired differences below, the paper's figures as hollow marks. */
export function dotPlot(result: Result): string {
  const blocks = blocksOf(result);
  const columns = result.panels.flatMap((id) => result.columns.filter((c) => c.id === id));
  const left = 32 + Math.max(...blocks.flatMap((b) => [b.heading, ...b.rows.map((r) => r.label)]).map((t) => textWidth(t)));
  const space = (WIDTH - left - 16) / columns.length;
  const width = Math.min(420, space - 14);
  let top = TOP;
  const body = blocks.flatMap((block) => {
    const at = top + GAP;
    top = at + block.rows.length * ROW + AXIS + GAP;
    return [
      text(16, at - 10, block.heading, { 'font-weight': '600' }),
      ...block.rows.map((r, i) => text(left - 12, at + (i + 0.5) * ROW + 4, r.label, { 'text-anchor': 'end' })),
      ...columns.flatMap((c, i) => {
        const x = left + i * space;
        const color = domainColor(domainOfColumn(c.id));
        return [
          text(x + width / 2, at - 10, c.label, { 'text-anchor': 'middle', 'font-weight': '600', fill: color }),
          ...panel(block, c, x, width, at),
        ];
      }),
    ];
  });
  return svgFile(Math.min(WIDTH, left + columns.length * (width + 14) + 16), top, result.title, [...legend(result, 56), ...body]);
}
