import { type FocusEvent, type KeyboardEvent, useCallback, useMemo, useState } from 'react';
import { highlightPoint, selectPoints, sweeps } from '../../../store/sweep';
import { Empty, Panel } from '../../Panel';
import type { Model } from '../charts/model';
import { sweepPage, useSweep, useSweepPage } from '../useSweep';
import { fieldHelp, plural, stateOf } from '../words';
import { PointRow } from './PointRow';
import { type Arrangement, arranged, type Sort } from './rows';

const HINT =
  'Every point, over its seeds: the mean of its finished trials with its 95 % interval (– where there is none), and N of them. ↑ ↓ move, Space selects for all pictures, → and ← show and hide its trials.';
/** Rows before the rest is asked for. */
const FIRST = 60;

const rowOf = (point: number | undefined) => document.querySelector<HTMLElement>(`tr[data-point="${point}"]`);

/** Ticks a point, or no longer. */
const tick = (point: number): void => {
  const { selected } = sweeps.getState();
  selectPoints(selected.includes(point) ? selected.filter((p) => p !== point) : [...selected, point]);
};

interface HeadProps {
  model: Model;
  order: Arrangement;
  setSort(sort: Sort): void;
  shown: readonly number[];
  selected: ReadonlySet<number>;
}

function Head({ model, order, setSort, shown, selected }: HeadProps) {
  const all = shown.length > 0 && shown.every((p) => selected.has(p));
  const head = (sort: Sort, label: string, className = '', title = '') => (
    <th
      key={sort}
      scope="col"
      className={className}
      title={title || undefined}
      aria-sort={sort === order.sort ? (order.down ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" className="text sort" onClick={() => setSort(sort)}>
        {label}
        <span aria-hidden="true">{sort === order.sort ? (order.down ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
  return (
    <thead>
      <tr>
        <td className="check">
          <label>
            <input
              type="checkbox"
              aria-label="Select all points shown"
              checked={all}
              ref={(box) => {
                if (box) box.indeterminate = !all && shown.some((p) => selected.has(p));
              }}
              onChange={() => selectPoints(all ? [] : shown)}
            />
          </label>
        </td>
        {head('point', '#', 'right', 'In the order in which they began')}
        {model.fields.map((f) => head(`field:${f.path}`, f.name, 'field-cell', fieldHelp(f.path)))}
        {head('value', model.objective, 'right', model.measure.hint)}
        {head('seeds', 'N', 'right', 'Seeds that have finished')}
        <th scope="col">State</th>
        {head('steps', 'Steps', 'right', 'Of all its trials')}
        <td className="acts">
          <span className="visually-hidden">Trials</span>
        </td>
      </tr>
    </thead>
  );
}

/** All points of the sweep, their trials folded in. */
export function PointTable({ model }: { model: Model }) {
  const state = useSweepPage((s) => s.state);
  const chosen = useSweep((s) => s.selected);
  const [sorted, setSorted] = useState<Omit<Arrangement, 'state'>>({ sort: 'value', down: true });
  const [every, setEvery] = useState(false);
  const [active, setActive] = useState<number | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const order = { ...sorted, state };
  const { sort, down } = sorted;
  const all = useMemo(() => arranged(model, { sort, down, state }), [model, sort, down, state]);
  const rows = every ? all : all.slice(0, FIRST);
  const selected = useMemo(() => new Set(chosen), [chosen]);
  const focused = rows.some((r) => r.point === active) ? active : rows[0]?.point;

  const setOpen = useCallback(
    (point: number, open?: boolean) =>
      setOpened((old) => {
        const next = new Set(old);
        if (open ?? !old.has(point)) next.add(point);
        else next.delete(point);
        return next;
      }),
    [],
  );
  const fold = useCallback((point: number) => setOpen(point), [setOpen]);
  const setSort = (next: Sort) =>
    setSorted((old) => ({ sort: next, down: next === old.sort ? !old.down : next === 'value' || next === 'steps' }));

  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const { key } = event;
    const at = rows.findIndex((r) => String(r.point) === (event.target as HTMLElement).dataset.point);
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
    if (to !== undefined) rowOf(rows[Math.max(0, Math.min(rows.length - 1, to))].point)?.focus();
    else if (key === ' ') tick(row.point);
    else if (key === 'Enter') setOpen(row.point);
    else if (key === 'ArrowRight' || key === 'ArrowLeft') setOpen(row.point, key === 'ArrowRight');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const point = (event.target as HTMLElement).closest<HTMLElement>('tr[data-point]')?.dataset.point;
    if (point === undefined) return;
    setActive(Number(point));
    highlightPoint(Number(point));
  };

  return (
    <Panel
      name="points"
      title="Points"
      hint={HINT}
      aside={
        <>
          {chosen.length > 0 && (
            <>
              {plural(chosen.length, 'point')} selected{' '}
              <button type="button" className="text" onClick={() => selectPoints([])}>
                None
              </button>{' '}
            </>
          )}
          {state && (
            <>
              Only with {stateOf(state).label} trials{' '}
              <button type="button" className="text" onClick={() => sweepPage.setState({ state: null })}>
                Show all
              </button>
            </>
          )}
        </>
      }
    >
      {all.length === 0 ? (
        <Empty>{state ? `No trial is ${stateOf(state).label}.` : 'The first points are about to begin.'}</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="scroller" tabIndex={0} aria-label="Points, a table">
          <table className="points-table" onKeyDown={onKey} onFocus={onFocus} onBlur={() => highlightPoint(null)}>
            <Head model={model} order={order} setSort={setSort} shown={all.map((r) => r.point)} selected={selected} />
            <tbody>
              {rows.map((view) => (
                <PointRow
                  key={view.point}
                  view={view}
                  fields={model.fields}
                  measure={model.measure}
                  best={view.point === model.best}
                  selected={selected.has(view.point)}
                  active={view.point === focused}
                  open={opened.has(view.point)}
                  onTick={tick}
                  onFold={fold}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {all.length > rows.length && (
        <button type="button" className="text quiet" onClick={() => setEvery(true)}>
          Show all {plural(all.length, 'point')}
        </button>
      )}
    </Panel>
  );
}
