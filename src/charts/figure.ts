import type { Size } from './drawContext';
import { LIGHT, type Palette } from './palette';
import { pngText, withPngText } from './png';
import { toSvg } from './svgContext';

/** Keyword of the text in a PNG, as SVG keeps it in `metadata`. */
export const FIGURE_KEY = 'mcpo-lab';

/** Draws a chart in the given colours; any chart of this folder fits. */
export type DrawFigure = (context: CanvasRenderingContext2D, size: Size, palette: Palette) => void;

/** What goes with a picture. */
export interface FigureOptions {
  title: string;
  description?: string;
  /** Kept inside both files, such as the configuration as JSON: `figureMeta` reads it back. */
  meta?: string;
  /** Pixels per CSS pixel of the PNG; 2 when left out. */
  scale?: number;
}

/** A figure in light colours as SVG text. */
export function figureSvg(size: Size, draw: DrawFigure, { title, description, meta }: FigureOptions): string {
  return toSvg(size, (context, at) => draw(context, at, LIGHT), {
    title,
    ...(description !== undefined && { description }),
    ...(meta !== undefined && { metadata: meta }),
    ground: LIGHT.card,
  });
}

/** A figure in light colours as the bytes of a PNG. @throws Error where there is no canvas to draw on */
export async function figurePng(
  size: Size,
  draw: DrawFigure,
  { title, meta, scale = 2 }: FigureOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(Math.round(size.width * scale), Math.round(size.height * scale));
  const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (!context) throw new Error('no 2D canvas to draw a figure on');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  draw(context, size, LIGHT);
  // Charts clear their ground to nothing; paper is white.
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = LIGHT.card;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  const png = withPngText(new Uint8Array(await blob.arrayBuffer()), 'Title', title);
  return meta === undefined ? png : withPngText(png, FIGURE_KEY, meta);
}

/** A figure as both files. */
export const figureFiles = async (
  size: Size,
  draw: DrawFigure,
  options: FigureOptions,
): Promise<{ svg: string; png: Uint8Array<ArrayBuffer> }> => ({
  svg: figureSvg(size, draw, options),
  png: await figurePng(size, draw, options),
});

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The `meta` inside a figure's SVG text or PNG bytes; null without. @throws RangeError for bytes that are no PNG */
export function figureMeta(file: string | Uint8Array): string | null {
  if (typeof file !== 'string') return pngText(file, FIGURE_KEY);
  const found = /<metadata>([^<]*)<\/metadata>/.exec(file);
  return found ? found[1].replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name]) : null;
}
