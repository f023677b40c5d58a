import { type RefObject, useCallback, useMemo, useRef } from 'react';
import type { DrawContext, Size } from '../../charts/drawContext';
import {
  blocks,
  drawHeatmap,
  type Heatmap,
  type HeatmapCell,
  heatmapFrame,
  heatmapHome,
  heatmapView,
} from '../../charts/heatmap';
import type { Palette } from '../../charts/palette';
import type { View } from '../../charts/view';
import { Canvas, type Draw } from '../Canvas';
import { usePalette } from '../usePalette';
import './matrix.css';
import { useMatrixGestures, ZOOM } from './useMatrixGestures';

interface Props {
  heatmap: Heatmap;
  label: string;
  cell: HeatmapCell | null;
  setCell(cell: HeatmapCell): void;
  leave(): void;
  /** Pressed; left out: a press does nothing more than show the cell. */
  choose?(cell: HeatmapCell): void;
  /** A cell in words. */
  read(cell: HeatmapCell): string;
  /** Domain (as in `heatmap.domain`) that stands out. */
  domain?: number | null;
  /** Another number: the cell was set from elsewhere and must be seen. */
  jumps?: number;
}

/** Covers what has nothing to do with a domain. */
function veil(context: DrawContext, size: Size, { domain }: Heatmap, view: View, chosen: number, palette: Palette): void {
  const block = blocks(domain).find((b) => b.value === chosen);
  if (!block) return;
  const { left, top, side } = heatmapFrame(size);
  const place = (start: number, centre: number, at: number) =>
    Math.min(start + side, Math.max(start, start + side / 2 + (at - centre) * view.scale));
  const [x0, x1] = [block.from, block.to].map((at) => place(left, view.x, at));
  const [y0, y1] = [block.from, block.to].map((at) => place(top, view.y, at));
  context.save();
  context.fillStyle = palette.card;
  context.globalAlpha = 0.7;
  for (const [a, b] of [
    [left, x0],
    [x1, left + side],
  ])
    for (const [c, d] of [
      [top, y0],
      [y1, top + side],
    ])
      context.fillRect(a, c, b - a, d - c);
  context.restore();
}

/** A sorted matrix of all pairs, with its zoom. */
export function MatrixCanvas({ heatmap, label, cell, setCell, leave, choose, read, domain = null, jumps = 0 }: Props) {
  const palette = usePalette();
  const n = heatmap.domain.length;
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef(heatmap) as RefObject<Heatmap>;
  drawn.current = heatmap;
  const prompts = useMemo(() => [...blocks(heatmap.prompt).map((b) => b.from), n], [heatmap.prompt, n]);
  const { view, size, box, zoomBy, home, handlers } = useMatrixGestures({
    n,
    heatmap: drawn,
    place,
    prompts,
    cell,
    setCell,
    leave,
    choose,
    jumps,
  });
  const draw: Draw = useCallback(
    (context, at) => {
      size.current = at;
      const shown = heatmapView(at, n, view ?? heatmapHome(at, n));
      drawHeatmap(context, at, heatmap, shown, palette);
      if (domain !== null) veil(context, at, heatmap, shown, domain, palette);
      if (!box) return;
      context.save();
      Object.assign(context, { strokeStyle: palette.focus, fillStyle: palette.focus, lineWidth: 1.5, globalAlpha: 0.12 });
      const [x0, y0, x1, y1] = box;
      context.fillRect(x0, y0, x1 - x0, y1 - y0);
      context.globalAlpha = 1;
      context.strokeRect(x0, y0, x1 - x0, y1 - y0);
      context.restore();
    },
    [heatmap, n, view, palette, domain, box, size],
  );
  const words = cell ? read(cell) : 'no pair chosen; arrow keys choose one';
  return (
    <div className="pair-matrix">
      <div className="plot" ref={place}>
        <Canvas
          draw={draw}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={n * n - 1}
          aria-valuenow={cell ? cell.row * n + cell.column : 0}
          aria-valuetext={words}
          style={view ? { touchAction: 'none' } : {}}
          {...handlers}
        />
      </div>
      <div className="zoom-buttons">
        <button type="button" aria-label="Zoom into the matrix" title="Zoom in (+)" onClick={() => zoomBy(ZOOM)}>
          +
        </button>
        <button
          type="button"
          aria-label="Zoom out of the matrix"
          title="Zoom out (−)"
          disabled={!view}
          onClick={() => zoomBy(1 / ZOOM)}
        >
          −
        </button>
        <button type="button" aria-label="All of the matrix" title="Whole matrix (0)" disabled={!view} onClick={home}>
          All
        </button>
      </div>
    </div>
  );
}
