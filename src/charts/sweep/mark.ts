import type { DrawContext } from '../drawContext';
import type { Palette } from '../palette';

/** Shapes of trials by how they stand: finished, running, pruned, stopped, failed. */
export type Mark = 'disc' | 'ring' | 'down' | 'square' | 'cross';

/** Draws a mark around (x, y); open ones over the card's ground. */
export function drawMark(
  context: DrawContext,
  mark: Mark,
  x: number,
  y: number,
  radius: number,
  color: string,
  palette: Palette,
): void {
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  switch (mark) {
    case 'cross': {
      const r = radius * 0.85;
      context.moveTo(x - r, y - r);
      context.lineTo(x + r, y + r);
      context.moveTo(x + r, y - r);
      context.lineTo(x - r, y + r);
      context.stroke();
      return;
    }
    case 'down': {
      const r = radius * 1.15;
      context.moveTo(x - r, y - r * 0.7);
      context.lineTo(x + r, y - r * 0.7);
      context.lineTo(x, y + r);
      context.closePath();
      break;
    }
    case 'square':
      context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
      break;
    default:
      context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  if (mark === 'disc') {
    context.fill();
    return;
  }
  context.fillStyle = palette.card;
  context.fill();
  context.stroke();
}
