import type { CurveLine, CurveResult, Result } from './result';
import {
  element,
  extent,
  INK,
  LINE,
  linear,
  px,
  QUIET,
  type Scale,
  segment,
  svgFile,
  text,
  textWidth,
  tickLabel,
  ticks,
} from './svg';

const COLUMNS = 4;
const PANEL = { width: 296, height: 196 };
const INNER = { left: 46, right: 84, top: 30, bottom: 26 };
const TOP = 72;
/** Line styles by variant: the first is the method under test. */
const STYLES = [
  { stroke: '#0072b2', dash: 'none' },
  { stroke: QUIET, dash: '5 3' },
  { stroke: '#c94400', dash: '2 2' },
] as const;
const styleOf = (i: number) => STYLES[i % STYLES.length];

/** Runs of neighbouring points that have a value. */
function stretches(values: readonly (number | null)[]): number[][] {
  const out: number[][] = [];
  values.forEach((v, i) => {
    if (v === null) return;
    if (i > 0 && values[i - 1] !== null) out[out.length - 1].push(i);
    else out.push([i]);
  });
  return out;
}

function lineMarks({ steps, mean, halfWidth }: CurveLine, x: Scale, y: Scale, style: (typeof STYLES)[number]): string[] {
  const at = (i: number, shift = 0) =>
    `${px(x(steps[i]))},${px(y(Math.min(y.to, Math.max(y.from, (mean[i] as number) + shift))))}`;
  return stretches(mean).flatMap((part) => {
    const edge = (sign: 1 | -1) => part.map((i) => at(i, sign * (halfWidth[i] ?? 0)));
    return [
      element('path', { d: `M${[...edge(1), ...edge(-1).reverse()].join('L')}Z`, fill: style.stroke, 'fill-opacity': '0.16' }),
      element('path', {
        d: `M${part.map((i) => at(i)).join('L')}`,
        fill: 'none',
        stroke: style.stroke,
        'stroke-width': '1.8',
        'stroke-dasharray': style.dash,
      }),
      // A start and an end are two measurements, not a course.
      ...(part.length === 1 || steps.length === 2
        ? part.map((i) => element('circle', { cx: x(steps[i]), cy: y(mean[i] as number), r: 2.5, fill: style.stroke }))
        : []),
    ];
  });
}

/** Labels at the lines' ends, pushed apart. */
function endLabels(lines: readonly CurveLine[], variants: readonly string[], y: Scale, left: number): string[] {
  const placed = lines
    .flatMap((line) => {
      const last = line.mean.findLast((m) => m !== null);
      return last === undefined || last === null ? [] : [{ line, at: y(last) }];
    })
    .sort((a, b) => a.at - b.at);
  placed.forEach((p, i) => {
    if (i > 0) p.at = Math.max(p.at, placed[i - 1].at + 13);
  });
  const below = Math.max(0, (placed.at(-1)?.at ?? 0) - (PANEL.height - INNER.bottom));
  return placed.map(({ line, at }) =>
    text(left, at - below + 4, line.label, { 'font-size': '11', fill: styleOf(variants.indexOf(line.variant)).stroke }),
  );
}

/** Ordinates that the panel must show: all means and the paper's values, and bands up to once more their range on either side. */
function inView(lines: readonly CurveLine[], paper: readonly number[]): number[] {
  const means = lines.flatMap((l) => l.mean.filter((m) => m !== null));
  if (means.length === 0) return [];
  const core = [...means, ...paper];
  const [low, high] = [Math.min(...core), Math.max(...core)];
  const room = Math.max(high - low, 0.05 * Math.max(Math.abs(low), Math.abs(high)));
  const ends = lines.flatMap((l) =>
    l.mean.flatMap((m, i) => (m === null ? [] : [-1, 1].map((sign) => m + sign * (l.halfWidth[i] ?? 0)))),
  );
  return [...core, ...ends.map((v) => Math.min(high + room, Math.max(low - room, v)))];
}

function panel({ curve, lines }: CurveResult, variants: readonly string[], steps: number): string {
  const { width, height } = PANEL;
  const right = width - INNER.right;
  const bottom = height - INNER.bottom;
  const heading = text(INNER.left, 18, curve.label, { 'font-weight': '600', 'font-size': '12.5' });
  const drawn = inView(lines, curve.paper ?? []);
  const x = linear(1, Math.max(2, steps), [INNER.left, right]);
  const frame = element('rect', {
    x: INNER.left,
    y: INNER.top,
    width: right - INNER.left,
    height: bottom - INNER.top,
    fill: 'none',
    stroke: LINE,
  });
  if (drawn.length === 0)
    return [
      heading,
      frame,
      text((INNER.left + right) / 2, (INNER.top + bottom) / 2, 'no data', { fill: QUIET, 'text-anchor': 'middle' }),
    ].join('\n');
  const y = linear(...extent(drawn), [bottom, INNER.top]);
  const levels = ticks(y, 4);
  const small = { 'font-size': '11', fill: QUIET };
  const marks = curve.paper
    ? [
        segment(x(1), y(curve.paper[0]), x(x.to), y(curve.paper[1]), QUIET, { 'stroke-dasharray': '1 4' }),
        ...curve.paper.map((v, i) =>
          element('circle', { cx: x(i === 0 ? 1 : x.to), cy: y(v), r: 4, fill: '#ffffff', stroke: INK, 'stroke-width': '1.5' }),
        ),
      ]
    : [];
  const trend = ['↘', '', '↗'][curve.direction + 1];
  return [
    heading,
    frame,
    ...levels.flatMap((t) => [
      segment(INNER.left, y(t), right, y(t), LINE),
      text(INNER.left - 6, y(t) + 4, tickLabel(t, levels), { ...small, 'text-anchor': 'end' }),
    ]),
    ...[1, Math.round((1 + x.to) / 2), x.to].map((t) =>
      text(x(t), bottom + 15, String(t), { ...small, 'text-anchor': 'middle' }),
    ),
    ...lines.flatMap((l) => lineMarks(l, x, y, styleOf(variants.indexOf(l.variant)))),
    ...marks,
    ...(curve.paper || !trend ? [] : [text(right + 9, 18, `paper ${trend}`, small)]),
    ...endLabels(lines, variants, y, right + 9),
  ].join('\n');
}

/** Figure 3: small multiples with mean and 95 % band over seeds, the paper's start and end as hollow marks. */
export function curvePlot(result: Result): string {
  const variants = result.rows.map((r) => r.variant);
  const rows = Math.ceil(result.curves.length / COLUMNS);
  let x = 16;
  const legend = result.rows.flatMap((r, i) => {
    const { stroke, dash } = styleOf(i);
    const at = x;
    x += 40 + textWidth(r.label) + 16;
    return [
      segment(at, 52, at + 28, 52, stroke, { 'stroke-width': '1.8', 'stroke-dasharray': dash }),
      text(at + 36, 56, r.label),
    ];
  });
  legend.push(
    element('circle', { cx: x + 6, cy: 52, r: 4, fill: '#ffffff', stroke: INK, 'stroke-width': '1.5' }),
    text(x + 16, 56, 'the paper’s start and end. Bands: 95 % interval over seeds. Horizontal: training step.'),
  );
  const body = result.curves.map((c, i) => {
    const place = `translate(${px(8 + (i % COLUMNS) * PANEL.width)},${px(TOP + Math.floor(i / COLUMNS) * PANEL.height)})`;
    return element('g', { transform: place }, panel(c, variants, result.steps ?? 2));
  });
  return svgFile(16 + COLUMNS * PANEL.width, TOP + rows * PANEL.height + 12, result.title, [...legend, ...body]);
}
