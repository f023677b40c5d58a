import { encodePng } from './png';
import { px } from './svgPath';

/** Text as XML has it; characters that XML forbids are left out. */
export const escaped = (text: string) =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Attributes of an element. */
export type Attributes = Record<string, string | number | null>;

/** An element; attributes that are null are left out. */
export function element(name: string, attributes: Attributes, content?: string): string {
  const list = Object.entries(attributes)
    .filter(([, v]) => v !== null)
    .map(([k, v]) => ` ${k}="${typeof v === 'number' ? px(v) : escaped(v as string)}"`)
    .join('');
  return content === undefined ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** A picture's pixels, by way of a canvas. */
export function pixelsOf(image: CanvasImageSource): ImageData {
  const { width, height } = image as { width: number; height: number };
  const context = new OffscreenCanvas(Math.max(1, width), Math.max(1, height)).getContext('2d');
  if (!context) throw new Error('no 2D canvas to read a picture with');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, Math.max(1, width), Math.max(1, height));
}

/** Pixels as a data URL. */
export const pngUrl = ({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): string =>
  `data:image/png;base64,${base64(encodePng(data, width, height))}`;
