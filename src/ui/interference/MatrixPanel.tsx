import { useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { type Cell, cellAt, drawMatrix, type MatrixChart, type Side } from '../../charts/matrixChart';
import { interference, type Modules, summarise } from '../../store/interference';
import { setOption } from '../../store/look';
import { shownStep } from '../../store/state';
import { OPTIONS, type OptionValue } from '../../store/view';
import { figureOf } from '../figure';
import { whole } from '../format';
import { smoothingText, useSmoothing } from '../overview/lanes';
import { Empty, Panel } from '../Panel';
import { useFocused, useLab, useOption } from '../useLab';
import { usePalette } from '../usePalette';
import { KINDS, kindOf } from './blocks';
import { CellCanvas } from './CellCanvas';
import { cosineOf, cosineText, sayPair, scaleEnd } from './pairs';
import { useCells } from './useCells';
import { entryOf, useRunName, valueAt } from './useRun';
import { useTurn } from './useTurn';

const HINT =
  'Cosine of the domains’ gradients over all parameters of the policy, before any surgery, or over one part of it. Blue: they help each other. Orange: they are in conflict. Click a cell, or move with the arrow keys, to see that pair over time.';

type Matrix = (number | null)[][];

/** Cosines of one kind of module, all its tensors together. */
function ofKind({ domains, modules }: Modules, kind: string): Matrix {
  const own = modules.filter((m) => kindOf(m.block) === kind).map((m) => ({ ...m, block: kind }));
  return summarise({ domains, modules: own })[0]?.cosine ?? domains.map(() => domains.map(() => null));
}

/** Which part of the policy the matrix is about. */
function BlockChoice({ modules, block }: { modules: Modules | null; block: OptionValue<'interference.block'> }) {
  const there = new Set(modules?.modules.map((m) => kindOf(m.block)));
  return (
    <select
      className="choice"
      aria-label="Part of the policy"
      value={block}
      onChange={(e) => {
        const value = OPTIONS['interference.block'].find((v) => v === e.target.value);
        if (value) setOption('interference.block', value);
      }}
    >
      {OPTIONS['interference.block']
        .filter((v) => v === 'all' || v === block || there.has(v))
        .map((v) => (
          <option key={v} value={v}>
            {KINDS[v]}
          </option>
        ))}
    </select>
  );
}

/** What a cell says. */
function sayCell(sides: readonly Side[], values: Matrix, cell: Cell | null): string {
  const [row, column] = [sides[cell?.row ?? -1], sides[cell?.column ?? -1]];
  if (!cell || !row || !column) return 'One of the chosen domains is left out.';
  return sayPair(row.label, column.label, values[cell.row][cell.column]);
}

/** Domain × domain: the cosine of their gradients at the shown step. */
export function MatrixPanel() {
  useTurn(0);
  const palette = usePalette();
  const { shown, sides, pair, cell } = useCells();
  const { trace } = useFocused();
  const at = useLab(shownStep);
  const window = useSmoothing();
  const block = useOption('interference.block');
  const modules = useStore(interference, (s) => s.modules);
  const name = useRunName();
  const entry = entryOf(trace, at);
  const all = block === 'all';
  const step = all ? trace.steps[entry] : modules?.step;
  const values = useMemo((): Matrix => {
    const kind = !all && modules ? ofKind(modules, block) : null;
    const cosine = (a: number, b: number): number | null => {
      if (a === b) return null;
      if (!all) return kind?.[a]?.[b] ?? null;
      const value = valueAt(trace, cosineOf(a < b ? [a, b] : [b, a]), entry, window);
      return Number.isFinite(value) ? value : null;
    };
    return shown.map((a) => shown.map((b) => cosine(a, b)));
  }, [all, modules, block, shown, trace, entry, window]);
  const chart = useMemo((): MatrixChart => {
    const end = scaleEnd(values.flat());
    return {
      rows: sides,
      columns: sides,
      values,
      scale: 'diverging',
      span: [-end, end],
      format: cosineText,
      selected: cell,
    };
  }, [sides, values, cell]);
  const paint = useCallback<Parameters<typeof CellCanvas>[0]['paint']>(
    (context, size) => drawMatrix(context, size, chart, palette),
    [chart, palette],
  );
  const hit = useCallback<Parameters<typeof CellCanvas>[0]['cellAt']>(
    (context, size, x, y) => cellAt(context, size, chart, x, y),
    [chart],
  );
  const chosen = { row: shown.indexOf(pair[0]), column: shown.indexOf(pair[1]) };
  const smoothed = all ? smoothingText(window) : 'this update alone';
  return (
    <Panel
      name="chart cosines"
      title="Who gets on with whom"
      hint={HINT}
      aside={<BlockChoice modules={modules} block={block} />}
      figure={
        entry >= 0 &&
        (() =>
          figureOf(`Cosine of the domains’ gradients, ${KINDS[block]}`, { ...chart, selected: null }, drawMatrix, {
            size: { width: 520, height: 400 },
          }))
      }
    >
      {entry < 0 ? (
        <Empty>Press Play: with the first update you see which domains help each other.</Empty>
      ) : (
        <>
          <CellCanvas
            label={`Cosine of the domains’ gradients, ${KINDS[block]}`}
            shown={shown}
            pair={pair}
            words={sayCell(sides, values, chosen)}
            paint={paint}
            cellAt={hit}
          />
          <p className="read-out">
            {all || modules ? sayCell(sides, values, cell) : 'Asking the engine…'}
            <span className="quiet">
              {name && `${name}, `}step {step === undefined ? '–' : whole(step)}, {smoothed}
            </span>
          </p>
        </>
      )}
    </Panel>
  );
}
