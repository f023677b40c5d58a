import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { RunRecord } from '../../store/glances';
import { choose } from '../../store/runsView';
import { useLab } from '../useLab';
import { openRun, remove } from './actions';
import { FleetHead } from './FleetHead';
import { RunRow } from './RunRow';
import type { Group, Order, Sort } from './table';
import { useHeldElsewhere, useLibrary, useRunsView } from './useLibrary';
import { useNow } from './when';
import './runTable.css';

const HEADS: readonly { sort: Sort | null; label: string; className?: string; title?: string }[] = [
  { sort: 'name', label: 'Run' },
  { sort: 'step', label: 'Steps' },
  { sort: 'reward', label: 'Reward', className: 'right', title: 'Mean reward of the last step' },
  {
    sort: 'heldOut',
    label: 'Held out',
    className: 'right',
    title: 'Average accuracy on held-out prompts, at the last evaluation',
  },
  { sort: 'when', label: 'Begun', className: 'when' },
  { sort: null, label: 'Tags', className: 'tags' },
  { sort: null, label: 'Storage', className: 'right size', title: 'Its checkpoints, and about what its steps take' },
];

interface HeadProps {
  order: Order;
  setOrder(change: Partial<Order>): void;
  shown: readonly string[];
  selected: ReadonlySet<string>;
}

function Head({ order, setOrder, shown, selected }: HeadProps) {
  const all = shown.length > 0 && shown.every((id) => selected.has(id));
  const some = !all && shown.some((id) => selected.has(id));
  return (
    <thead>
      <tr>
        <td className="check">
          <label>
            <input
              type="checkbox"
              aria-label="Select all runs shown"
              checked={all}
              ref={(box) => {
                if (box) box.indeterminate = some;
              }}
              onChange={(e) => choose(shown, e.target.checked)}
            />
          </label>
        </td>
        {HEADS.map(({ sort, label, className, title }) => (
          <th
            key={label}
            scope="col"
            className={className}
            title={title}
            aria-sort={sort === order.sort ? (order.down ? 'descending' : 'ascending') : undefined}
          >
            {sort ? (
              <button
                type="button"
                className="text sort"
                onClick={() => setOrder({ sort, down: sort === order.sort ? !order.down : sort !== 'name' })}
              >
                {label}
                <span aria-hidden="true">{sort === order.sort ? (order.down ? ' ↓' : ' ↑') : ''}</span>
              </button>
            ) : (
              label
            )}
          </th>
        ))}
        <td className="acts">
          <span className="visually-hidden">Actions</span>
        </td>
      </tr>
    </thead>
  );
}

interface Props {
  groups: readonly Group[];
  order: Order;
  setOrder(change: Partial<Order>): void;
  tags: readonly string[];
}

const rowOf = (id: string) => document.querySelector<HTMLElement>(`tr[data-run="${id}"]`);

/** Kept runs, fleet by fleet. Keys: ↑ ↓ Home End move, Enter opens, Space selects, → and ← show and hide what there is to know, F2 renames, Delete. */
export function RunTable({ groups, order, setOrder, tags }: Props) {
  const records = useLibrary((s) => s.records);
  const fleet = useLibrary((s) => s.fleet);
  const onPage = useLibrary((s) => s.onPage);
  const traces = useLab((s) => s.runs);
  const selected = useRunsView((s) => s.selected);
  const elsewhere = useHeldElsewhere();
  const now = useNow();
  const [active, setActive] = useState<string | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditingId] = useState<string | null>(null);
  const fleets = useMemo(() => {
    const out = new Map<string, RunRecord[]>();
    for (const r of records ?? []) out.set(r.fleet, [...(out.get(r.fleet) ?? []), r]);
    for (const own of out.values()) own.sort((a, b) => a.place - b.place);
    return out;
  }, [records]);
  const shown = groups.flatMap((g) => g.runs);
  const focused = shown.some((r) => r.id === active) ? active : shown[0]?.id;

  const setOpen = useCallback(
    (id: string, open: boolean) =>
      setOpened((old) => {
        const next = new Set(old);
        open ? next.add(id) : next.delete(id);
        return next;
      }),
    [],
  );
  const setEditing = useCallback((id: string | null, byKey = false) => {
    setEditingId((old) => {
      if (byKey && old) requestAnimationFrame(() => rowOf(old)?.focus());
      return id;
    });
  }, []);
  const latest = useRef(setOrder);
  latest.current = setOrder;
  const setTag = useCallback((tag: string) => latest.current({ tag }), []);

  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const { key } = event;
    const at = shown.findIndex((r) => r.id === target.dataset.run);
    const run = shown[at];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[key];
    if (to !== undefined) rowOf(shown[Math.max(0, Math.min(shown.length - 1, to))].id)?.focus();
    else if (key === 'Enter') void openRun(run);
    else if (key === ' ') choose([run.id], !selected.has(run.id));
    else if (key === 'F2') setEditing(run.id);
    else if (key === 'ArrowRight' || key === 'ArrowLeft') setOpen(run.id, key === 'ArrowRight');
    else if (key === 'Delete' || key === 'Backspace') {
      const next = shown[at + 1] ?? shown[at - 1];
      void remove(selected.has(run.id) ? shown.filter((r) => selected.has(r.id)) : [run]).then(
        () => next && rowOf(next.id)?.focus(),
      );
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <table
      className="runs-table"
      aria-label="Kept runs"
      onKeyDown={onKey}
      onFocus={(e) => {
        const id = (e.target as HTMLElement).closest<HTMLElement>('tr[data-run]')?.dataset.run;
        if (id) setActive(id);
      }}
    >
      <Head order={order} setOrder={setOrder} shown={shown.map((r) => r.id)} selected={selected} />
      {groups.map((group) => {
        const mates = fleets.get(group.fleet) ?? group.runs;
        const grouped = mates.length > 1;
        return (
          <tbody key={group.fleet} className={grouped ? 'fleet' : ''}>
            {grouped && (
              <FleetHead
                group={group}
                mates={mates}
                here={fleet === group.fleet}
                elsewhere={elsewhere.has(group.fleet)}
                selected={selected}
              />
            )}
            {group.runs.map((run) => {
              const place = onPage.indexOf(run.id);
              return (
                <RunRow
                  key={run.id}
                  run={run}
                  mates={mates}
                  grouped={grouped}
                  selected={selected.has(run.id)}
                  active={run.id === focused}
                  open={opened.has(run.id)}
                  editing={editing === run.id}
                  trace={place >= 0 ? (traces[place]?.trace ?? null) : null}
                  onPage={fleet === run.fleet}
                  elsewhere={elsewhere.has(run.fleet)}
                  now={now}
                  tags={tags}
                  setOpen={setOpen}
                  setEditing={setEditing}
                  setTag={setTag}
                />
              );
            })}
          </tbody>
        );
      })}
    </table>
  );
}
