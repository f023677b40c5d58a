import { useMemo, useState } from 'react';
import type { Heatmap, HeatmapCell } from '../../charts/heatmap';
import { MatrixCanvas } from '../matrix/MatrixCanvas';

interface Props {
  heatmap: Omit<Heatmap, 'cursor'>;
  label: string;
  /** What is under the cursor, in words. */
  read(cell: HeatmapCell): string;
}

/** A matrix of all pairs, and the pair under the cursor in words. */
export function LogitMatrix({ heatmap, label, read }: Props) {
  const n = heatmap.domain.length;
  const [cursor, setCursor] = useState<HeatmapCell | null>(null);
  // Another batch or a smaller group has other cells.
  const cell = cursor && cursor.row < n && cursor.column < n ? cursor : null;
  const chart = useMemo((): Heatmap => ({ ...heatmap, cursor: cell }), [heatmap, cell]);
  return (
    <>
      <MatrixCanvas heatmap={chart} label={label} cell={cell} setCell={setCursor} leave={() => setCursor(null)} read={read} />
      <p className="read-out" aria-hidden="true">
        {cell ? read(cell) : 'Point at a pair of responses; double click to look closer.'}
      </p>
    </>
  );
}
