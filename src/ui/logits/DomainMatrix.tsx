import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Size } from '../../charts/drawContext';
import { nearest } from '../../charts/lineChart';
import { cellAt, drawMatrix, type MatrixChart } from '../../charts/matrixChart';
import { domainColor, LIGHT, type Palette } from '../../charts/palette';
import { chartTable } from '../../charts/table';
import type { Summary } from '../../store/analysis';
import { setHighlight, setOption } from '../../store/look';
import { shownStep } from '../../store/state';
import type { Trace } from '../../store/trace';
import type { OptionValue } from '../../store/view';
import { Canvas, type Draw } from '../Canvas';
import type { Figure } from '../figure';
import { fixed, whole } from '../format';
import { Panel } from '../Panel';
import type { Names } from '../rollouts/groups';
import { useLab, useOption } from '../useLab';
import { usePalette } from '../usePalette';
import { useTraced } from '../useTraced';
import { centroidCurve } from './centroids';
import type { Run } from './plots';

type Show = OptionValue<'logits.domains'>;
type Values = (number | null)[][];

const HINTS: Record<Show, string> = {
  distance:
    'One minus the cosine between the mean embeddings of two domains’ correct rollouts, smoothed as the curves are: 0 the same way, 1 at right angles.',
  weight:
    'Mean compatibility (5) over the pairs of prompts of two domains at this step: what weighs their pairs in the cross-domain loss.',
};
const NAMES: Record<Show, string> = { distance: 'Distance', weight: 'Compatibility' };

/** Distances of the domains' centroids at a step, EMA 0.9; `step` null: at the last one. */
export function distancesAt(trace: Trace, domains: number, step: number | null): Values {
  const i = step === null ? trace.length - 1 : nearest(trace.steps, step);
  const at = (a: number, b: number) => {
    const value = centroidCurve(trace, [a, b])[i];
    return Number.isFinite(value) ? value : null;
  };
  return Array.from({ length: domains }, (_, a) =>
    Array.from({ length: domains }, (_, b) => (a === b ? (trace.length ? 0 : null) : at(Math.min(a, b), Math.max(a, b)))),
  );
}

function chartOf(values: Values, { domains, marks }: Sides, show: Show, palette: Palette): MatrixChart {
  const sides = domains.map((label, i) => ({ label, symbol: marks[i], color: domainColor(palette, marks[i]) }));
  const largest = Math.max(0.2, ...values.flat().map((v) => v ?? 0));
  return {
    rows: sides,
    columns: sides,
    values,
    scale: 'sequential',
    span: [0, show === 'weight' ? 1 : Math.ceil(10 * largest) / 10],
    format: (v) => fixed(v, 2),
  };
}

/** Names of the domains, and their marks. */
type Sides = Pick<Names, 'domains' | 'marks'>;

interface Props {
  /** Null: the pool of a file. */
  run: Run | null;
  sides: Sides;
  summary: Summary | null;
  /** The pair of domains that the pointer is on. */
  onPair(pair: readonly [number, number] | null): void;
}

/** Domain against domain: how far apart, how compatible. */
export function DomainMatrix({ run, sides, summary, onPair }: Props) {
  const palette = usePalette();
  const show = useOption('logits.domains');
  const { domains } = sides;
  const trace = run?.trace ?? null;
  const cursor = useLab(shownStep);
  const version = useLab((s) => s.version);
  const size = useRef<Size>({ width: 0, height: 0 });
  const [selected, setSelected] = useState<{ row: number; column: number } | null>(null);
  const values = useTraced(version, () => {
    if (show === 'weight') return summary?.domainCompatibility ?? [];
    return trace ? distancesAt(trace, domains.length, cursor) : (summary?.centroidDistance ?? []);
  }, [show, summary, trace, domains.length, cursor]);
  const base = useMemo(() => chartOf(values, sides, show, palette), [values, sides, show, palette]);
  const chart = useMemo(() => ({ ...base, selected }), [base, selected]);
  const draw: Draw = useCallback(
    (context, at) => {
      size.current = at;
      drawMatrix(context, at, chart, palette);
    },
    [chart, palette],
  );
  const choose = (cell: { row: number; column: number } | null) => {
    if (cell?.row === selected?.row && cell?.column === selected?.column) return;
    setSelected(cell);
    onPair(cell && [cell.row, cell.column]);
    setHighlight(cell ? { domain: cell.row } : {});
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const context = event.currentTarget.getContext('2d');
    const { offsetX, offsetY } = event.nativeEvent;
    if (context) choose(cellAt(context, size.current, chart, offsetX, offsetY));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const within = (v: number) => Math.min(domains.length - 1, Math.max(0, v));
    const from = selected ?? { row: 0, column: -1 };
    choose({ row: within(from.row + way[0]), column: within(from.column + way[1]) });
  };
  const words = ({ row, column }: { row: number; column: number }) => {
    const value = values[row]?.[column];
    return `${domains[row]} and ${domains[column]}: ${value == null ? 'no data' : fixed(value, 3)}`;
  };
  const step = show === 'weight' || !trace ? (summary?.step ?? 0) : Math.min(cursor ?? trace.lastStep, trace.lastStep);
  const when = trace ? `step ${whole(step)}` : 'file';
  const title = show === 'weight' ? 'Compatibility of domains' : 'Distances of domains';
  const figure = (): Figure => ({
    title: `${title}, ${when}`,
    size: { width: 520, height: 320 },
    draw: (context, at, colors) => drawMatrix(context, at, chartOf(values, sides, show, colors), colors),
    table: chartTable(chartOf(values, sides, show, LIGHT)),
  });
  return (
    <Panel
      name="between"
      title="Domains"
      hint={HINTS[show]}
      aside={
        <fieldset className="segments small" aria-label="Between domains">
          {(['distance', 'weight'] as const).map((value) => (
            <label key={value}>
              <input
                type="radio"
                name="logits.domains"
                checked={show === value}
                onChange={() => setOption('logits.domains', value)}
              />
              <span>{NAMES[value]}</span>
            </label>
          ))}
        </fieldset>
      }
      figure={values.length > 0 && figure}
    >
      <div className="plot">
        <Canvas
          draw={draw}
          role="slider"
          tabIndex={0}
          aria-label={`${title}, ${when}`}
          aria-valuemin={0}
          aria-valuemax={domains.length ** 2 - 1}
          aria-valuenow={selected ? selected.row * domains.length + selected.column : 0}
          aria-valuetext={selected ? words(selected) : 'no pair chosen; arrow keys choose one'}
          onPointerMove={onPointerMove}
          onPointerLeave={() => choose(null)}
          onBlur={() => choose(null)}
          onKeyDown={onKeyDown}
        />
      </div>
    </Panel>
  );
}
