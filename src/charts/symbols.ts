import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolDiamond2,
  symbolSquare2,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import type { DrawContext } from './drawContext';

/** Each domain has its shape beside its colour. Sizes give equal weight to the eye. */
const SHAPES: readonly [SymbolType, number][] = [
  [symbolCircle, 1],
  [symbolSquare2, 0.95],
  [symbolTriangle, 0.85],
  [symbolDiamond2, 0.95],
  [symbolStar, 0.8],
  [symbolWye, 0.85],
];

/** D3 asks for all methods of paths; its symbols use moveTo, lineTo, arc and closePath. */
type D3Context = Parameters<SymbolType['draw']>[0];

const shapeOf = (domain: number) => SHAPES[domain % SHAPES.length];

/** SVG path of a domain's shape around the origin. */
export function symbolPath(domain: number, radius: number): string {
  const [type, scale] = shapeOf(domain);
  return symbol(type, Math.PI * radius * radius * scale)() ?? '';
}

/** Corners of a domain's shape of radius 1 around the origin, y downwards; without any it is the circle of that radius. */
export function symbolCorners(domain: number): readonly (readonly [number, number])[] {
  const path = symbolPath(domain, 1000);
  if (path.includes('A')) return [];
  return [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x) / 1000, Number(y) / 1000]);
}

/** Adds a domain's shape around (x, y) to the context's path. */
export function traceSymbol(context: DrawContext, domain: number, x: number, y: number, radius: number): void {
  const [type, scale] = shapeOf(domain);
  context.save();
  context.translate(x, y);
  type.draw(context as unknown as D3Context, Math.PI * radius * radius * scale);
  context.restore();
}

/** A domain's shape on a canvas: filled, or as an outline over `ground`. */
export function drawSymbol(
  context: DrawContext,
  domain: number,
  { x, y, radius, color, open }: { x: number; y: number; radius: number; color: string; open: string | null },
): void {
  context.save();
  context.beginPath();
  traceSymbol(context, domain, x, y, radius);
  context.fillStyle = open ?? color;
  context.fill();
  if (open !== null) {
    context.strokeStyle = color;
    context.lineWidth = 1.25;
    context.stroke();
  }
  context.restore();
}
