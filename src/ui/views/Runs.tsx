import '../runs/runs.css';
import { useEffect, useMemo, useState } from 'react';
import { attempt, undoLast } from '../../store/kept';
import { Empty, Panel } from '../Panel';
import { ActionBar } from '../runs/ActionBar';
import { ComparePanel } from '../runs/ComparePanel';
import { RunTable } from '../runs/RunTable';
import { StorageLine } from '../runs/StorageLine';
import { arrange, type Order, tagsOf } from '../runs/table';
import { useLibrary, useRunsView } from '../runs/useLibrary';

const HINT =
  'Every run is kept in this browser from its first step on: its measurements, and checkpoints that it can go on from bit for bit. ↑ ↓ move, Enter opens, Space chooses, → shows more, F2 renames, Delete deletes, Ctrl Z undoes.';
const NONE =
  'Nothing is kept yet. Press Play, or the space bar: a run is kept from its first step on. Or drop a file anywhere on the page: runs as JSON Lines, CSV or Parquet, checkpoints, figures, pools of rollouts.';

const START: Order = { sort: 'when', down: true, text: '', tag: null };

/** Ctrl Z, wherever no text is being written. */
function useUndoKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      const writing =
        at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && ['text', 'search'].includes(at.type));
      if (writing || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'z') return;
      event.preventDefault();
      void attempt('Nothing was undone', undoLast);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Kept runs: find, compare, resume, branch, export and import them. */
export default function Runs() {
  const records = useLibrary((s) => s.records);
  const broken = useLibrary((s) => s.records === null && s.reason !== '');
  const selected = useRunsView((s) => s.selected);
  const [order, setWhole] = useState<Order>(START);
  const setOrder = (change: Partial<Order>) => setWhole((old) => ({ ...old, ...change }));
  const tags = useMemo(() => tagsOf(records ?? []), [records]);
  // A tag that no run has any more hides nothing.
  const tag = tags.some((t) => t.tag === order.tag) ? order.tag : null;
  const groups = useMemo(() => arrange(records ?? [], { ...order, tag }), [records, order, tag]);
  const names = useMemo(() => tags.map((t) => t.tag), [tags]);
  const chosen = useMemo(
    () =>
      groups
        .flatMap((g) => g.runs)
        .concat(records ?? [])
        .filter((r, i, all) => selected.has(r.id) && all.indexOf(r) === i),
    [groups, records, selected],
  );
  useUndoKey();
  return (
    <div className="grid runs">
      <Panel name="kept" title="Kept runs" hint={HINT} figure={false}>
        <ActionBar order={{ ...order, tag }} setOrder={setOrder} tags={tags} count={records?.length ?? 0} chosen={chosen} />
        {!records ? (
          <Empty>{broken ? 'What this browser keeps cannot be opened.' : 'Opening what is kept…'}</Empty>
        ) : records.length === 0 ? (
          <Empty>{NONE}</Empty>
        ) : groups.length === 0 ? (
          <Empty>No run has these words or this tag.</Empty>
        ) : (
          <RunTable groups={groups} order={order} setOrder={setOrder} tags={names} />
        )}
        <StorageLine />
      </Panel>
      <ComparePanel />
    </div>
  );
}
