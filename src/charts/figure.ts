import type { Size } from './drawContext';
import { LIGHT, type Palette } from './palette';
import { toSvg } from './svgContext';

/** Draws a chart in the given colours; any chart of this folder fits. */
export type DrawFigure = (context: CanvasRenderingContext2D, size: Size, palette: Palette) => void;

/** What goes with a picture. */
export interface FigureOptions {
  title: string;
  /** What it shows, for those who do not see it. */
  description?: string;
  /** Pixels per CSS pixel of the PNG; 2 when left out. */
  scale?: number;
}

/** A figure in light colours as SVG text. */
export const figureSvg = (size: Size, draw: DrawFigure, { title, description }: FigureOptions): string =>
  toSvg(size, (context, at) => draw(context, at, LIGHT), {
    title,
    ...(description !== undefined && { description }),
    ground: LIGHT.card,
  });

/** A figure in light colours as the bytes of a PNG. @throws Error where there is no canvas to draw on */
export async function figurePng(size: Size, draw: DrawFigure, scale = 2): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(Math.round(size.width * scale), Math.round(size.height * scale));
  const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (!context) throw new Error('no 2D canvas to draw a figure on');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.save();
  draw(context, size, LIGHT);
  context.restore();
  // Charts clear their ground to nothing; paper is white.
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = LIGHT.card;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}

/** A figure as both files; the archive's `embedInSvg` and `embedInPng` put data and configuration in. */
export const figureFiles = async (
  size: Size,
  draw: DrawFigure,
  options: FigureOptions,
): Promise<{ svg: string; png: Uint8Array<ArrayBuffer> }> => ({
  svg: figureSvg(size, draw, options),
  png: await figurePng(size, draw, options.scale),
});
