import { useRef, useState } from 'react';
import { deleteSweep, openSweep, renameSweep, type SweepRecord } from '../../store/sweep';
import { whole } from '../format';
import { ImportButton } from '../ImportButton';
import { Empty, Panel } from '../Panel';
import { ago, exactly, useNow } from '../runs/when';
import { useLab } from '../useLab';
import { measureOf, measureTitle, shownValue } from './metrics';
import { NameEdit, Pencil } from './NameEdit';
import { takeSweeps } from './take';
import { sweepPage, useSweep } from './useSweep';
import { fieldName } from './words';

const HINT =
  'Every sweep is kept in this browser, trial by trial, as it goes. One that was paused, or cut short, goes on from where it was.';
function Row({ record, here, now }: { record: SweepRecord; here: boolean; now: number }) {
  const { id, name, spec, trials, ended, best, status, created } = record;
  const domains = useLab((s) => s.domains);
  const measure = measureOf(spec.objective.metric, domains);
  const [editing, setEditing] = useState(false);
  const row = useRef<HTMLTableRowElement>(null);
  const open = () => {
    sweepPage.setState({ form: false, state: null });
    void openSweep(id);
  };
  const remove = () => {
    const next = row.current?.nextElementSibling ?? row.current?.previousElementSibling;
    void deleteSweep(id).then(() => next?.querySelector<HTMLElement>('button.open')?.focus());
  };
  return (
    <tr ref={row}>
      <th scope="row" className="who">
        {editing ? (
          <NameEdit
            name={name}
            done={(text) => {
              setEditing(false);
              if (text !== null) void renameSweep(id, text);
              requestAnimationFrame(() => row.current?.querySelector<HTMLElement>('button.open')?.focus());
            }}
          />
        ) : (
          <span className="name-line">
            <button type="button" className="text plain open name" title={`Open ${name}`} onClick={open}>
              {name}
            </button>
            <button
              type="button"
              className="text rename"
              aria-label={`Rename ${name}`}
              title="Rename"
              onClick={() => setEditing(true)}
            >
              <Pencil />
            </button>
            {here && <span className="badge">on the page</span>}
          </span>
        )}
        <span className="of">{spec.fields.map((f) => fieldName(f.field)).join(' × ')}</span>
      </th>
      <td className="right">
        {whole(ended)} <span className="of">of {whole(trials)} ended</span>
      </td>
      <td className="right best" title={`${measureTitle(measure)} of the best point, mean over its seeds`}>
        {shownValue(measure, best)}
      </td>
      <td className="when">
        <time dateTime={new Date(created).toISOString()} title={exactly(created)}>
          {ago(created, now)}
        </time>
      </td>
      <td>{status}</td>
      <td className="acts">
        <button type="button" className="small" aria-label={`Delete ${name}`} onClick={remove}>
          Delete
        </button>
      </td>
    </tr>
  );
}

/** Sweeps that this browser keeps. */
export function KeptSweeps() {
  const list = useSweep((s) => s.list);
  const id = useSweep((s) => s.id);
  const now = useNow();
  return (
    <Panel
      name="kept-sweeps"
      title="Kept sweeps"
      hint={HINT}
      aside={
        <ImportButton
          className="small"
          label="Sweeps to import"
          title="A journal as JSON Lines, Optuna’s journal file, or a table of trials as CSV or Parquet; or drop it on the page"
          take={takeSweeps}
        />
      }
    >
      {!list ? (
        <Empty>Opening what is kept…</Empty>
      ) : list.length === 0 ? (
        <Empty>
          No sweep is kept yet. Start one above, or drop a file anywhere on the page: a journal, ours or Optuna’s, or a table of
          trials as CSV or Parquet.
        </Empty>
      ) : (
        <table className="sweeps-table">
          <thead>
            <tr>
              <th scope="col">Sweep</th>
              <th scope="col" className="right">
                Trials
              </th>
              <th scope="col" className="right best">
                Best
              </th>
              <th scope="col" className="when">
                Begun
              </th>
              <th scope="col">Status</th>
              <td className="acts">
                <span className="visually-hidden">Actions</span>
              </td>
            </tr>
          </thead>
          <tbody>
            {list.map((record) => (
              <Row key={record.id} record={record} here={record.id === id} now={now} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
