import type { DrawContext, Size } from './drawContext';
import { type Attributes, element, escaped, pixelsOf, pngUrl } from './svgElement';
import { after, IDENTITY, type Matrix, px, SvgPath, scaleOf } from './svgPath';
import { parseFont, type TextMeasure, textMeasure } from './svgText';

/** What `save` keeps. */
const KEPT = [
  'fillStyle',
  'strokeStyle',
  'globalAlpha',
  'lineWidth',
  'lineJoin',
  'lineCap',
  'lineDashOffset',
  'font',
  'textAlign',
  'textBaseline',
  'imageSmoothingEnabled',
  'matrix',
  'dash',
  'clipId',
] as const;
type State = Pick<SvgContext, (typeof KEPT)[number]>;

function plain(style: string | CanvasGradient | CanvasPattern): string {
  if (typeof style !== 'string') throw new TypeError('invalid style for SVG: a gradient or pattern (a colour)');
  return style;
}

/** Records what is drawn and writes it as SVG, in root coordinates to a hundredth of a px. */
export class SvgContext implements DrawContext {
  fillStyle: string | CanvasGradient | CanvasPattern = '#000000';
  strokeStyle: string | CanvasGradient | CanvasPattern = '#000000';
  globalAlpha = 1;
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  lineCap: CanvasLineCap = 'butt';
  lineDashOffset = 0;
  font = '10px sans-serif';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  imageSmoothingEnabled = true;
  matrix: Matrix = IDENTITY;
  dash: readonly number[] = [];
  /** The clip path's name; empty without. */
  clipId = '';

  private readonly stack: State[] = [];
  private path = new SvgPath();
  private body: { clip: string; text: string }[] = [];
  private clips: string[] = [];

  /** @param ground colour that `clearRect` leaves where it clears a part */
  constructor(
    private readonly size: Size,
    private readonly ground: string,
    private readonly measure: TextMeasure = textMeasure(),
  ) {}

  save(): void {
    this.stack.push(Object.fromEntries(KEPT.map((k) => [k, this[k]])) as unknown as State);
  }
  restore(): void {
    Object.assign(this, this.stack.pop());
  }

  transform(...m: [number, number, number, number, number, number]): void {
    this.matrix = after(this.matrix, m);
  }
  setTransform(...m: [number, number, number, number, number, number]): void {
    this.matrix = m;
  }
  resetTransform(): void {
    this.matrix = IDENTITY;
  }
  translate(x: number, y: number): void {
    this.transform(1, 0, 0, 1, x, y);
  }
  rotate(angle: number): void {
    this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0);
  }
  scale(x: number, y: number): void {
    this.transform(x, 0, 0, y, 0, 0);
  }

  beginPath(): void {
    this.path = new SvgPath();
  }
  closePath(): void {
    this.path.close();
  }
  moveTo(x: number, y: number): void {
    this.path.moveTo(this.matrix, x, y);
  }
  lineTo(x: number, y: number): void {
    this.path.lineTo(this.matrix, x, y);
  }
  bezierCurveTo(...points: [number, number, number, number, number, number]): void {
    this.path.curveTo(this.matrix, ...points);
  }
  quadraticCurveTo(...points: [number, number, number, number]): void {
    this.path.curveTo(this.matrix, ...points);
  }
  arc(x: number, y: number, radius: number, start: number, end: number, counterclockwise = false): void {
    this.path.ellipse(this.matrix, x, y, radius, radius, 0, start, end, counterclockwise);
  }
  ellipse(...shape: [number, number, number, number, number, number, number, boolean?]): void {
    this.path.ellipse(this.matrix, ...shape);
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path.rect(this.matrix, x, y, width, height);
  }
  roundRect(x: number, y: number, width: number, height: number, radius = 0): void {
    const r = Math.min(radius, width / 2, height / 2);
    this.moveTo(x + r, y);
    for (const [cx, cy, quarter] of [
      [x + width - r, y + r, -1],
      [x + width - r, y + height - r, 0],
      [x + r, y + height - r, 1],
      [x + r, y + r, 2],
    ])
      this.arc(cx, cy, r, (quarter * Math.PI) / 2, ((quarter + 1) * Math.PI) / 2);
    this.closePath();
  }

  private add(name: string, attributes: Attributes, content?: string): void {
    this.body.push({ clip: this.clipId, text: element(name, attributes, content) });
  }
  private opacity(name: string): Attributes {
    return { [name]: this.globalAlpha < 1 ? String(Number(this.globalAlpha.toFixed(4))) : null };
  }
  private fillOf(): Attributes {
    return { fill: plain(this.fillStyle), ...this.opacity('fill-opacity') };
  }
  private strokeOf(scale = scaleOf(this.matrix)): Attributes {
    return {
      fill: 'none',
      stroke: plain(this.strokeStyle),
      ...this.opacity('stroke-opacity'),
      'stroke-width': this.lineWidth * scale,
      'stroke-linejoin': this.lineJoin === 'miter' ? null : this.lineJoin,
      'stroke-linecap': this.lineCap === 'butt' ? null : this.lineCap,
      'stroke-dasharray': this.dash.length ? this.dash.map((d) => px(d * scale)).join(' ') : null,
      'stroke-dashoffset': this.dash.length && this.lineDashOffset ? this.lineDashOffset * scale : null,
    };
  }

  fill(rule: CanvasFillRule = 'nonzero'): void {
    if (this.path.data) this.add('path', { d: this.path.data, ...this.fillOf(), 'fill-rule': rule === 'evenodd' ? rule : null });
  }
  stroke(): void {
    if (this.path.data) this.add('path', { d: this.path.data, ...this.strokeOf() });
  }
  clip(rule: CanvasFillRule = 'nonzero'): void {
    const within = this.clipId ? `url(#${this.clipId})` : null;
    const path = element('path', { d: this.path.data, 'clip-rule': rule === 'evenodd' ? rule : null });
    const id = `clip${this.clips.length + 1}`;
    this.clips.push(element('clipPath', { id, 'clip-path': within }, path));
    this.clipId = id;
  }

  private rectangle(x: number, y: number, width: number, height: number, style: Attributes): void {
    const [a, b, c, d, e, f] = this.matrix;
    if (![x, y, width, height].every(Number.isFinite)) return;
    if (b === 0 && c === 0 && a > 0 && d > 0 && width >= 0 && height >= 0) {
      this.add('rect', { x: a * x + e, y: d * y + f, width: a * width, height: d * height, ...style });
      return;
    }
    const path = new SvgPath();
    path.rect(this.matrix, x, y, width, height);
    this.add('path', { d: path.data, ...style });
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.rectangle(x, y, width, height, this.fillOf());
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.rectangle(x, y, width, height, this.strokeOf());
  }
  clearRect(x: number, y: number, width: number, height: number): void {
    const [a, b, c, d, e, f] = this.matrix;
    const all = b === 0 && c === 0 && a * x + e <= 0 && d * y + f <= 0;
    if (all && !this.clipId && a * (x + width) + e >= this.size.width && d * (y + height) + f >= this.size.height) {
      this.body = [];
      this.clips = [];
    } else this.rectangle(x, y, width, height, { fill: this.ground });
  }

  measureText(text: string): { width: number } {
    return { width: this.measure.width(text, this.font) };
  }
  private write(text: string, x: number, y: number, maxWidth: number | undefined, style: Attributes): void {
    if (!text || !Number.isFinite(x + y)) return;
    const { style: slant, weight, size, family } = parseFont(this.font);
    const foot = y + this.measure.drop(this.textBaseline, this.font);
    const [a, b, c, d, e, f] = this.matrix;
    const shifted = a === 1 && b === 0 && c === 0 && d === 1;
    const anchor = { center: 'middle', right: 'end', end: 'end', left: null, start: null }[this.textAlign];
    const tight = maxWidth !== undefined && this.measureText(text).width > maxWidth;
    this.add(
      'text',
      {
        x: shifted ? x + e : x,
        y: shifted ? foot + f : foot,
        transform: shifted ? null : `matrix(${[a, b, c, d].map((v) => Number(v.toFixed(5))).join(' ')} ${px(e)} ${px(f)})`,
        'font-size': size,
        'font-family': family,
        'font-weight': weight === 'normal' ? null : weight,
        'font-style': slant === 'normal' ? null : slant,
        'text-anchor': anchor,
        textLength: tight ? maxWidth : null,
        lengthAdjust: tight ? 'spacingAndGlyphs' : null,
        ...style,
      },
      escaped(text),
    );
  }
  fillText(text: string, x: number, y: number, maxWidth?: number): void {
    this.write(text, x, y, maxWidth, this.fillOf());
  }
  strokeText(text: string, x: number, y: number, maxWidth?: number): void {
    this.write(text, x, y, maxWidth, this.strokeOf(1));
  }

  setLineDash(segments: number[]): void {
    this.dash = segments.length % 2 ? [...segments, ...segments] : [...segments];
  }
  getLineDash(): number[] {
    return [...this.dash];
  }

  private picture(image: ImageData, matrix: Matrix, x: number, y: number, width: number, height: number): void {
    const [a, b, c, d, e, f] = matrix;
    const href = pngUrl(image);
    this.add('image', {
      x,
      y,
      width,
      height,
      transform:
        matrix === IDENTITY ? null : `matrix(${[a, b, c, d].map((v) => Number(v.toFixed(5))).join(' ')} ${px(e)} ${px(f)})`,
      preserveAspectRatio: 'none',
      style: this.imageSmoothingEnabled ? null : 'image-rendering:pixelated',
      ...this.opacity('opacity'),
      href,
    });
  }
  drawImage(image: CanvasImageSource, x: number, y: number, width?: number, height?: number): void {
    const pixels = pixelsOf(image);
    this.picture(pixels, this.matrix, x, y, width ?? pixels.width, height ?? pixels.height);
  }
  /** Unlike everything else it heeds neither transform nor clip, as on a canvas. */
  putImageData(image: ImageData, x: number, y: number): void {
    const { clipId, globalAlpha } = this;
    Object.assign(this, { clipId: '', globalAlpha: 1 });
    this.picture(image, IDENTITY, x, y, image.width, image.height);
    Object.assign(this, { clipId, globalAlpha });
  }

  /** Elements in the order of drawing, with what they refer to. */
  content(): string {
    const lines: string[] = this.clips.length ? [element('defs', {}, this.clips.join(''))] : [];
    for (let i = 0; i < this.body.length; ) {
      const { clip } = this.body[i];
      const run: string[] = [];
      while (i < this.body.length && this.body[i].clip === clip) run.push(this.body[i++].text);
      lines.push(clip ? element('g', { 'clip-path': `url(#${clip})` }, `\n${run.join('\n')}\n`) : run.join('\n'));
    }
    return lines.join('\n');
  }
}

/** Around a figure's drawing. */
export interface SvgOptions {
  title: string;
  description?: string;
  /** Colour of the ground; white when left out. */
  ground?: string;
  measure?: TextMeasure;
}

/** A chart's drawing as a complete SVG file of `size`. */
export function toSvg(size: Size, draw: (context: CanvasRenderingContext2D, size: Size) => void, options: SvgOptions): string {
  const { title, description, ground = '#ffffff', measure } = options;
  const context = new SvgContext(size, ground, measure);
  draw(context as unknown as CanvasRenderingContext2D, size);
  const { width, height } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" role="img" stroke-miterlimit="10">`,
    element('title', {}, escaped(title)),
    ...(description ? [element('desc', {}, escaped(description))] : []),
    element('rect', { width, height, fill: ground }),
    context.content(),
    '</svg>\n',
  ].join('\n');
}
