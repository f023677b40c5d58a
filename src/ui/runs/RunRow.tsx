import { memo, useState } from 'react';
import { type RunRecord, sizeText } from '../../store/glances';
import { choose } from '../../store/runsView';
import type { Trace } from '../../store/trace';
import { percent, whole } from '../format';
import { LaneMark } from '../LaneMark';
import { openRun } from './actions';
import { NameField } from './NameField';
import { RunDetail } from './RunDetail';
import { Spark } from './Spark';
import { differencesOf, differText, madeOf } from './table';
import { useGlance } from './useLibrary';
import { ago, exactly } from './when';
import './tags.css';
import './runRow.css';

/** Columns of the table. */
export const COLUMNS = 9;
/** Steps of a run on the page that its small curve shows. */
const LAST = 120;

export interface RowProps {
  run: RunRecord;
  /** The fleet's runs by their places. */
  mates: readonly RunRecord[];
  /** In a group of several. */
  grouped: boolean;
  selected: boolean;
  /** The one that keys act on. */
  active: boolean;
  open: boolean;
  editing: boolean;
  /** Its curves, while it is on the page. */
  trace: Trace | null;
  /** The page's engine holds it, not only its curves. */
  onPage: boolean;
  elsewhere: boolean;
  now: number;
  tags: readonly string[];
  setOpen(id: string, open: boolean): void;
  setEditing(id: string | null, byKey?: boolean): void;
  setTag(tag: string): void;
}

const share = (value: number | null | undefined) => (typeof value === 'number' ? percent(value) : '–');

/** A kept run, and under it what there is to know and do about it. */
export const RunRow = memo(function RunRow(props: RowProps) {
  const { run, mates, grouped, selected, active, open, editing, trace, onPage, elsewhere, now, tags } = props;
  const { setOpen, setEditing, setTag } = props;
  // The page's own curves are at hand.
  const glance = useGlance(run, onPage || elsewhere, trace ? 1 : undefined);
  const [busy, setBusy] = useState(false);
  const differences = differencesOf(run, mates);
  const differs = differText(differences, 4);
  const made = grouped ? '' : madeOf(run);
  const rewards = trace ? trace.raw('reward/mean').slice(-LAST) : glance?.rewards;
  const bytes = glance ? glance.bytes.checkpoints + glance.bytes.steps : null;
  const tab = active ? 0 : -1;
  const put = async () => {
    setBusy(true);
    await openRun(run);
    setBusy(false);
  };
  const resumable = (glance?.checkpoints.length ?? 0) > 0;
  return (
    <>
      <tr
        data-run={run.id}
        tabIndex={tab}
        className={`run ${grouped ? 'grouped' : ''} ${selected ? 'chosen' : ''} ${open ? 'open' : ''}`}
      >
        <td className="check">
          <label>
            <input
              type="checkbox"
              tabIndex={tab}
              aria-label={`Select ${run.name}`}
              checked={selected}
              onChange={(e) => choose([run.id], e.target.checked)}
            />
          </label>
        </td>
        <th scope="row" className="who">
          <div className="name-line">
            <span className="name-box">
              <LaneMark lane={run.color} />
              {editing ? (
                <NameField id={run.id} name={run.name} done={(byKey) => setEditing(null, byKey)} />
              ) : (
                <>
                  <span className="name" title={run.name}>
                    {run.name}
                  </span>
                  <button
                    type="button"
                    className="text rename"
                    tabIndex={tab}
                    aria-label={`Rename ${run.name}`}
                    title="Rename (F2)"
                    onClick={() => setEditing(run.id)}
                  >
                    <svg viewBox="0 0 14 14" aria-hidden="true">
                      <path d="M2 12l.6-2.8L9.8 2 12 4.2 4.8 11.4z" fill="none" stroke="currentColor" strokeWidth="1.3" />
                    </svg>
                  </button>
                </>
              )}
            </span>
            {onPage && !grouped && <span className="badge here">on the page</span>}
            {elsewhere && !grouped && <span className="badge">open in another tab</span>}
          </div>
          <div className="differs" title={differs.full}>
            <span className="step-here">
              step {whole(run.step)} of {whole(run.steps)} ·{' '}
            </span>
            {[made, differs.short].filter(Boolean).join(' · ') ||
              (mates.length > 2 ? 'the others are compared with it' : 'as its presets say')}
          </div>
        </th>
        <td className="progress">
          <div className="with-spark">
            <span>
              {whole(run.step)} <span className="of">of {whole(run.steps)}</span>
            </span>
            {rewards && <Spark values={rewards} color={run.color} />}
          </div>
        </td>
        <td className="right">{share(run.summary['reward/mean'])}</td>
        <td className="right">{share(run.summary['heldOut/average'])}</td>
        <td className="when">
          <time
            dateTime={new Date(run.created).toISOString()}
            title={`begun ${exactly(run.created)}, last changed ${exactly(run.updated)}`}
          >
            {ago(run.created, now)}
          </time>
        </td>
        <td className="tags">
          {run.tags.map((tag) => (
            <button
              key={tag}
              type="button"
              className="tag"
              tabIndex={tab}
              title={`Show only runs tagged ${tag}`}
              onClick={() => setTag(tag)}
            >
              {tag}
            </button>
          ))}
        </td>
        <td className="right size">{bytes === null ? '' : sizeText(bytes)}</td>
        <td className="acts">
          {!grouped && !onPage && (
            <button
              type="button"
              className="small"
              tabIndex={tab}
              disabled={busy || elsewhere}
              aria-label={`${resumable ? 'Resume' : 'Open'} ${run.name}`}
              onClick={put}
            >
              {resumable ? 'Resume' : 'Open'}
            </button>
          )}
          <button
            type="button"
            className="small fold"
            tabIndex={tab}
            aria-expanded={open}
            aria-label={`Notes, tags and steps of ${run.name}`}
            title="Notes, tags, steps to go back to"
            onClick={() => setOpen(run.id, !open)}
          >
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d={open ? 'M2 8l4-4 4 4' : 'M2 4l4 4 4-4'} fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>
          </button>
        </td>
      </tr>
      {open && (
        <tr className="detail">
          <td colSpan={COLUMNS}>
            <RunDetail run={run} mates={mates} differences={differences} glance={glance} elsewhere={elsewhere} known={tags} />
          </td>
        </tr>
      )}
    </>
  );
});
