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

/** Each domain has its shape beside its colour. Sizes give equal weight to the eye. */
const SHAPES: readonly [SymbolType, number][] = [
  [symbolCircle, 1],
  [symbolSquare2, 0.95],
  [symbolTriangle, 0.85],
  [symbolDiamond2, 0.95],
  [symbolStar, 0.8],
  [symbolWye, 0.85],
];

const shapeOf = (domain: number) => SHAPES[domain % SHAPES.length];

/** SVG path of a domain's shape around the origin. */
export function symbolPath(domain: number, radius: number): string {
  const [type, scale] = shapeOf(domain);
  return symbol(type, Math.PI * radius * radius * scale)() ?? '';
}

/** A domain's shape on a canvas: filled, or as an outline over `ground`. */
export function drawSymbol(
  context: CanvasRenderingContext2D,
  domain: number,
  { x, y, radius, color, open }: { x: number; y: number; radius: number; color: string; open: string | null },
): void {
  const [type, scale] = shapeOf(domain);
  context.save();
  context.translate(x, y);
  context.beginPath();
  symbol(type, Math.PI * radius * radius * scale).context(context)();
  context.fillStyle = open ?? color;
  context.fill();
  if (open !== null) {
    context.strokeStyle = color;
    context.lineWidth = 1.25;
    context.stroke();
  }
  context.restore();
}
