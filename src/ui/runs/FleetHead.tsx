import type { RunRecord } from '../../store/glances';
import { choose } from '../../store/runsView';
import { openRun } from './actions';
import { COLUMNS } from './RunRow';
import { type Group, madeOf } from './table';
import { useGlance } from './useLibrary';
import './runTable.css';

interface Props {
  group: Group;
  mates: readonly RunRecord[];
  /** On the page. */
  here: boolean;
  elsewhere: boolean;
  selected: ReadonlySet<string>;
}

const distinct = (all: readonly string[]) => [...new Set(all)];

/** What a fleet is: `2 runs trained side by side · Tiny · GRPO, MCPO-GRPO`. */
function words(mates: readonly RunRecord[]): string {
  const made = distinct(mates.map(madeOf));
  const lanes = distinct(mates.flatMap((r) => (r.lane ? [r.lane] : [])));
  const seeds = distinct(mates.map((r) => String(r.config.seed)));
  return [
    `${mates.length} runs trained side by side`,
    ...(made.length === 1 ? made : []),
    ...(lanes.length > 1 ? [lanes.length > 4 ? `${lanes.length} lanes` : lanes.join(', ')] : []),
    ...(seeds.length > 1 ? [`${seeds.length} seeds`] : []),
  ].join(' · ');
}

/** Over the runs of one fleet. */
export function FleetHead({ group, mates, here, elsewhere, selected }: Props) {
  const ids = group.runs.map((r) => r.id);
  const all = ids.every((id) => selected.has(id));
  const text = words(mates);
  const resumable = (useGlance(mates[0], here || elsewhere, here ? 1 : undefined)?.checkpoints.length ?? 0) > 0;
  return (
    <tr className="fleet-head">
      <td className="check">
        <label>
          <input
            type="checkbox"
            aria-label={`Select all of ${text}`}
            checked={all}
            ref={(box) => {
              if (box) box.indeterminate = !all && ids.some((id) => selected.has(id));
            }}
            onChange={(e) => choose(ids, e.target.checked)}
          />
        </label>
      </td>
      <th scope="rowgroup" colSpan={COLUMNS - 1}>
        <div className="fleet-line">
          <span>{text}</span>
          {here && <span className="badge here">on the page</span>}
          {elsewhere && <span className="badge">open in another tab</span>}
          {!here && (
            <button type="button" className="small" disabled={elsewhere} onClick={() => void openRun(mates[0])}>
              {resumable ? 'Resume' : 'Open'}
              <span className="visually-hidden"> {text}</span>
            </button>
          )}
        </div>
      </th>
    </tr>
  );
}
