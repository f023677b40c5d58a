import type { DrawContext, Size } from '../../src/charts/drawContext';
import { SvgContext } from '../../src/charts/svgContext';
import { ESTIMATE } from '../../src/charts/svgText';

/** What a chart draws, without a browser. */

export interface DrawnText {
  text: string;
  left: number;
  right: number;
  /** Foot of the letters. */
  y: number;
  opacity: number;
  size: number;
}

/** A context that measures like the recorder. */
export const measuring = (size: Size): DrawContext => new SvgContext(size, '#ffffff', ESTIMATE);

/** The elements that a chart draws. */
export function recorded(size: Size, draw: (context: DrawContext, size: Size) => void): string {
  const context = new SvgContext(size, '#ffffff', ESTIMATE);
  draw(context, size);
  return context.content();
}

const number = (tag: string, name: string, none: number) => Number(new RegExp(` ${name}="([-\\d.]+)"`).exec(tag)?.[1] ?? none);

/** Upright texts with their places; halos left out. */
export function textsOf(svg: string): DrawnText[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)]
    .filter(([, tag]) => !tag.includes('stroke=') && !tag.includes('transform='))
    .map(([, tag, text]) => {
      const width = ESTIMATE.width(text, '12px sans-serif');
      const anchor = /text-anchor="(\w+)"/.exec(tag)?.[1] ?? 'start';
      const x = number(` ${tag}`, 'x', 0);
      const left = x - { start: 0, middle: width / 2, end: width }[anchor as 'start' | 'middle' | 'end'];
      return {
        text,
        left,
        right: left + width,
        y: number(tag, 'y', 0),
        opacity: number(tag, 'fill-opacity', 1),
        size: number(tag, 'font-size', 0),
      };
    });
}

/** Pairs of texts that lie over each other, as words. */
export function collisions(texts: readonly DrawnText[]): string[] {
  return texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter((b) => Math.abs(a.y - b.y) < 11 && a.left < b.right - 0.5 && b.left < a.right - 0.5)
      .map((b) => `${a.text} | ${b.text}`),
  );
}

/** The stroked paths of a colour as lists of pieces, each a list of points. */
export function strokes(svg: string, color: string): [number, number][][][] {
  return [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke="([^"]*)"/g)]
    .filter(([, , stroke]) => stroke === color)
    .map(([, d]) =>
      d
        .split('M')
        .slice(1)
        .map((piece) =>
          [...piece.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]): [number, number] => [Number(x), Number(y)]),
        ),
    );
}
