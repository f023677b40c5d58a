import { DOMAINS } from '../../tasks/registry';
import { shown } from './format';
import type { MapResult, Result } from './result';
import { element, extent, LINE, linear, mark, px, QUIET, svgFile, text, textWidth } from './svg';

const COLUMNS = 3;
const SIDE = 340;
const GAP = 24;
const CAPTION = 44;
const TOP = 72;

function panel({ label, seed, points, domain, trustworthiness, purity }: MapResult): string {
  // One scale for both axes: a map has no units, but its distances must not be stretched.
  const [x0, x1] = extent(points.map((p) => p[0]));
  const [y0, y1] = extent(points.map((p) => p[1]));
  const half = Math.max(x1 - x0, y1 - y0) / 2;
  const x = linear((x0 + x1) / 2 - half, (x0 + x1) / 2 + half, [0, SIDE]);
  const y = linear((y0 + y1) / 2 - half, (y0 + y1) / 2 + half, [CAPTION + SIDE, CAPTION]);
  return [
    text(0, 16, label, { 'font-weight': '600', 'font-size': '14' }),
    text(0, 34, `trustworthiness ${shown(trustworthiness, 'plain')} · purity ${shown(purity, 'plain')} · seed ${seed}`, {
      fill: QUIET,
    }),
    element('rect', { x: 0, y: CAPTION, width: SIDE, height: SIDE, fill: 'none', stroke: LINE }),
    ...points.map(([a, b], i) => mark(domain[i], x(a), y(b), 2.6, { 'fill-opacity': '0.75' })),
  ].join('\n');
}

/** Figure 4: t-SNE maps side by side, a mark for each held-out response, domains by colour and shape. */
export function mapPlot(result: Result): string {
  let at = 22;
  const legend = DOMAINS.flatMap(({ label }, d) => {
    const x = at;
    at += 12 + textWidth(label) + 18;
    return [mark(d, x, 52, 5), text(x + 12, 56, label)];
  });
  const { maps } = result;
  const rows = Math.max(1, Math.ceil(maps.length / COLUMNS));
  const body = maps.map((m, i) => {
    const place = `translate(${px(16 + (i % COLUMNS) * (SIDE + GAP))},${px(TOP + Math.floor(i / COLUMNS) * (SIDE + CAPTION + GAP))})`;
    return element('g', { transform: place }, panel(m));
  });
  if (maps.length === 0) body.push(text(16, TOP + 40, 'no data', { fill: QUIET }));
  return svgFile(32 + COLUMNS * SIDE + (COLUMNS - 1) * GAP, TOP + rows * (SIDE + CAPTION + GAP), result.title, [
    ...legend,
    ...body,
  ]);
}
