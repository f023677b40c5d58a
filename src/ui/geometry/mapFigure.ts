import type { Cloud } from '../../charts/cloud';
import { legendOf } from '../../charts/cloudLegend';
import type { DrawContext, Size } from '../../charts/drawContext';
import type { Palette } from '../../charts/palette';
import { drawSymbol } from '../../charts/symbols';
import { TEXT } from '../../charts/text';
import type { Figure } from '../figure';
import { METHOD_NAMES } from './describe';
import type { Picture } from './filmMaps';
import { rowAt } from './mapCloud';
import { drawCloud } from './painter';
import type { FrameNames } from './source';
import { inSpace, type Place, sceneOf, steadyStage, steadyView } from './viewport';

const SIZE: Size = { width: 720, height: 560 };
const HEAD = 28;

/** Names by the number of a domain's colour and shape. */
export const namesByMark = ({ domains, marks }: FrameNames): string[] => {
  const out: string[] = [];
  domains.forEach((label, d) => {
    out[marks[d]] = label;
  });
  return out;
};

function drawLegend(context: DrawContext, cloud: Cloud, names: FrameNames, palette: Palette): void {
  const { items } = legendOf(cloud, palette, { domains: namesByMark(names), columns: names.columns });
  let x = 12;
  context.font = TEXT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { label, color, shape, open } of items) {
    drawSymbol(context, shape ?? 0, { x, y: 14, radius: 4.5, color, open: open ? palette.card : null });
    context.fillStyle = palette.ink;
    context.fillText(label, x + 10, 14);
    x += 30 + context.measureText(label).width;
  }
}

/** Where a figure is looked at from: all of the picture, turned as on the page. */
function placeOf({ map }: Picture, size: Size, seen: Place | null): Place {
  return map.dimensions === 3
    ? sceneOf(steadyStage(null, [map.points]), seen && inSpace(seen) ? seen : null)
    : steadyView(null, [map.points], size);
}

/** A map for a file, with the places of its points. @param seen where the page looks at it from */
export function mapFigure(
  title: string,
  picture: Picture,
  cloud: Cloud,
  names: FrameNames,
  words: string,
  seen: Place | null,
): Figure {
  const { frame, map } = picture;
  const { dimensions: dims } = map;
  const step = frame.source === 'file' ? '' : `, step ${frame.step}`;
  return {
    title: `${title}${step}, ${METHOD_NAMES[map.method]}`,
    size: SIZE,
    description: words,
    draw(context, size, palette) {
      const inner = { width: size.width, height: size.height - HEAD };
      context.save();
      context.translate(0, HEAD);
      drawCloud(context, inner, { ...cloud, hovered: null }, placeOf(picture, inner, seen), palette);
      context.restore();
      drawLegend(context, cloud, names, palette);
    },
    table: {
      columns: [...['x', 'y', 'z'].slice(0, dims), 'domain', 'benchmark', 'prompt', 'correct', 'advantage'],
      rows: Array.from({ length: map.points.length / dims }, (_, i) => {
        const row = rowAt(picture, i);
        return [
          ...map.points.subarray(i * dims, (i + 1) * dims),
          names.domains[frame.domain[row]],
          names.columns[frame.column[row]],
          frame.promptText[frame.prompt[row]] ?? '',
          frame.reward[row] > 0.5 ? 1 : 0,
          frame.advantage?.[row] ?? null,
        ];
      }),
    },
  };
}
