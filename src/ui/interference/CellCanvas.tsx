import { type KeyboardEvent, type PointerEvent, useCallback, useRef } from 'react';
import type { Size } from '../../charts/drawContext';
import type { Cell } from '../../charts/matrixChart';
import { setHighlight } from '../../store/look';
import { Canvas, type Draw } from '../Canvas';
import { choosePair, type Pair } from './pairs';

interface Props {
  label: string;
  /** Domain of each row and column. */
  shown: readonly number[];
  pair: Pair;
  /** What the chosen pair's cell says. */
  words: string;
  paint(context: CanvasRenderingContext2D, size: Size): void;
  cellAt(context: CanvasRenderingContext2D, size: Size, x: number, y: number): Cell | null;
}

const ARROWS: Record<string, readonly [row: number, column: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A domain × domain picture. Pointer: hover highlights both domains, a click chooses the pair. Keys: arrows move the choice. */
export function CellCanvas({ label, shown, pair, words, paint, cellAt }: Props) {
  const size = useRef<Size>({ width: 0, height: 0 });
  // The side of the diagonal on which the choice moves.
  const below = useRef(false);
  const draw: Draw = useCallback(
    (context, at) => {
      size.current = at;
      paint(context, at);
    },
    [paint],
  );
  const cellOf = (event: PointerEvent<HTMLCanvasElement>): Cell | null => {
    const context = event.currentTarget.getContext('2d');
    const { offsetX, offsetY } = event.nativeEvent;
    const cell = context && cellAt(context, size.current, offsetX, offsetY);
    return cell && cell.row !== cell.column ? cell : null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const places = pair.map((d) => Math.max(0, shown.indexOf(d)));
    const [row, column] = below.current ? [places[1], places[0]] : places;
    let [r, c] = [row + arrow[0], column + arrow[1]];
    // Over the diagonal, which is no pair.
    if (r === c) [r, c] = [r + arrow[0], c + arrow[1]];
    if (r === c || r < 0 || c < 0 || r >= shown.length || c >= shown.length) return;
    below.current = r > c;
    choosePair(shown[r], shown[c]);
  };
  return (
    <div className="plot">
      <Canvas
        draw={draw}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={99}
        aria-valuenow={10 * pair[0] + pair[1]}
        aria-valuetext={words}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const cell = cellOf(event);
          setHighlight(cell ? { domain: shown[cell.row], other: shown[cell.column] } : {});
        }}
        onPointerLeave={() => setHighlight({})}
        onClick={(event) => {
          const cell = cellOf(event as unknown as PointerEvent<HTMLCanvasElement>);
          if (!cell) return;
          below.current = cell.row > cell.column;
          choosePair(shown[cell.row], shown[cell.column]);
        }}
      />
    </div>
  );
}
