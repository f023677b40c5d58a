/** Drawing of figures that stand alone: no scripts, no outside fonts, a white ground for light and dark pages alike. */

/** Colours of src/charts/palette.ts (light), copied because the command line may not import the page's charts. */
export const INK = '#1c1e22';
export const QUIET = '#5b616a';
export const LINE = '#e3e3de';
const DOMAIN_COLORS = ['#0072b2', '#d99400', '#00936a', '#b8609b', '#c94400', '#3f9fd0'];
/** Colour of a domain by its place in the registry; ink for what is about several. */
export const domainColor = (domain: number | null): string =>
  domain === null ? INK : DOMAIN_COLORS[domain % DOMAIN_COLORS.length];

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif";
/** Widest share of its size that a character takes on average in the fonts above. */
const CHARACTER = 0.6;

/** Width of a text in px, on the safe side. */
export const textWidth = (text: string, size = 12): number => CHARACTER * size * [...text].length;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** A coordinate with one decimal. */
export const px = (value: number): string => String(Math.round(10 * value) / 10);

/** Attributes of an element. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An element; numbers are written with one decimal. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes).map(([k, v]) => ` ${k}="${typeof v === 'number' ? px(v) : escaped(v)}"`);
  return content ? `<${name}${list.join('')}>${content}</${name}>` : `<${name}${list.join('')}/>`;
}

/** A line of text at its baseline. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(words));
}

/** A straight line. */
export const segment = (x1: number, y1: number, x2: number, y2: number, stroke: string, attributes: Attributes = {}): string =>
  element('line', { x1, y1, x2, y2, stroke, ...attributes });

/** A whole file. `title` is read out by screen readers and shown on top. */
export function svgFile(width: number, height: number, title: string, body: readonly string[]): string {
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${px(width)} ${px(height)}`,
      width,
      height,
      role: 'img',
      'font-family': FONT,
      'font-size': '12',
      fill: INK,
    },
    [
      '',
      element('title', {}, escaped(title)),
      element('rect', { width, height, fill: '#ffffff' }),
      text(16, 28, title, { 'font-size': '16', 'font-weight': '600' }),
      ...body,
      '',
    ].join('\n'),
  )}\n`;
}

/** A linear scale from [from, to] to pixels. */
export interface Scale {
  (value: number): number;
  from: number;
  to: number;
}

/** @param pixels first and last pixel, of `from` and `to` */
export function linear(from: number, to: number, pixels: readonly [number, number]): Scale {
  const [a, b] = pixels;
  return Object.assign((value: number) => a + ((value - from) / (to - from)) * (b - a), { from, to });
}

/** Bounds of what is drawn with a margin; a single value gets room on both sides. */
export function extent(values: readonly number[], margin = 0.08): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const space = high > low ? margin * (high - low) : Math.max(1e-3, 0.1 * Math.abs(high));
  return [low - space, high + space];
}

/** Round values within a scale: at most `most` of them, or more where that would leave fewer than 2. */
export function ticks({ from, to }: Pick<Scale, 'from' | 'to'>, most = 5): number[] {
  const power = 10 ** Math.floor(Math.log10((to - from) / most));
  const at = (step: number) => {
    const first = Math.ceil(from / step - 1e-9);
    const last = Math.floor(to / step + 1e-9);
    return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  };
  const choices = [1, 2, 5, 10, 20].map((factor) => at(factor * power));
  const fit = choices.findIndex((c) => c.length <= most);
  return choices[fit].length < 2 ? choices[fit - 1] : choices[fit];
}

/** A tick's label: as few decimals as the steps between ticks need. */
export function tickLabel(value: number, all: readonly number[]): string {
  const step = all.length > 1 ? all[1] - all[0] : Math.abs(value) || 1;
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace('-', '−');
}

const SHAPES: readonly ((r: number) => string)[] = [
  (r) => `M${px(-r)},0a${px(r)},${px(r)} 0 1 0 ${px(2 * r)},0a${px(r)},${px(r)} 0 1 0 ${px(-2 * r)},0`,
  (r) => polygon(4, 1.2 * r, Math.PI / 4),
  (r) => polygon(3, 1.3 * r, -Math.PI / 2),
  (r) => polygon(4, 1.3 * r, 0),
  (r) => star(1.45 * r),
];

function polygon(corners: number, r: number, turn: number): string {
  const at = (i: number) => turn + (2 * Math.PI * i) / corners;
  return `M${Array.from({ length: corners }, (_, i) => `${px(r * Math.cos(at(i)))},${px(r * Math.sin(at(i)))}`).join('L')}Z`;
}

function star(r: number): string {
  const at = (i: number) => -Math.PI / 2 + (Math.PI * i) / 5;
  const out = (i: number) => (i % 2 ? 0.45 * r : r);
  return `M${Array.from({ length: 10 }, (_, i) => `${px(out(i) * Math.cos(at(i)))},${px(out(i) * Math.sin(at(i)))}`).join('L')}Z`;
}

/** A domain's shape, so that colour is not all that tells domains apart. */
export const mark = (domain: number, x: number, y: number, r: number, attributes: Attributes = {}): string =>
  element('path', {
    d: SHAPES[domain % SHAPES.length](r),
    transform: `translate(${px(x)},${px(y)})`,
    fill: domainColor(domain),
    ...attributes,
  });
