import { memo } from 'react';
import { highlightPoint } from '../../../store/sweep';
import { whole } from '../../format';
import type { Model, PointView } from '../charts/model';
import { shownHalf, shownValue } from '../metrics';
import { useSweep } from '../useSweep';
import { pointValue, stateOf } from '../words';
import { standing, stepsDone } from './rows';
import { TrialRows } from './TrialRows';

interface Props {
  view: PointView;
  fields: Model['fields'];
  measure: Model['measure'];
  best: boolean;
  selected: boolean;
  /** The one that keys act on. */
  active: boolean;
  open: boolean;
  onTick(point: number): void;
  onFold(point: number): void;
}

/** A point over its seeds, and under it its trials. */
export const PointRow = memo(function PointRow({ view, fields, measure, best, selected, active, open, onTick, onFold }: Props) {
  const { point, values, n, mean, half, trials, name } = view;
  const lit = useSweep((s) => s.highlight === point);
  const stand = standing(view);
  const tab = active ? 0 : -1;
  return (
    <>
      <tr
        data-point={point}
        tabIndex={tab}
        className={`point ${lit ? 'lit' : ''} ${selected ? 'chosen' : ''} ${best ? 'best' : ''}`}
        onMouseEnter={() => highlightPoint(point)}
        onMouseLeave={() => highlightPoint(null)}
      >
        <td className="check">
          <label>
            <input
              type="checkbox"
              tabIndex={tab}
              aria-label={`Select point ${point}: ${name}`}
              checked={selected}
              onChange={() => onTick(point)}
            />
          </label>
        </td>
        <th scope="row" className="right number-cell">
          {point}
        </th>
        {fields.map((f) => (
          <td key={f.path} className="field-cell">
            {values[f.path] === undefined ? '–' : pointValue(f.path, values[f.path])}
          </td>
        ))}
        <td className="right value">
          {best && (
            <span className="best-mark" title="The best finished point">
              best
            </span>
          )}
          {shownValue(measure, mean)}
          <span className="half">{mean !== null && half !== null ? ` ± ${shownHalf(measure, half)}` : ''}</span>
        </td>
        <td className="right seeds">
          {n} <span className="of">of {trials.length}</span>
        </td>
        <td className="state">
          <span className={`state-mark ${stand.state}`} aria-hidden="true">
            {stateOf(stand.state).mark}
          </span>{' '}
          {stand.text}
        </td>
        <td className="right steps">{whole(stepsDone(view))}</td>
        <td className="acts">
          <button
            type="button"
            className="small fold"
            tabIndex={tab}
            aria-expanded={open}
            aria-label={`Trials of point ${point}`}
            title="Its trials, seed by seed"
            onClick={() => onFold(point)}
          >
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d={open ? 'M2 8l4-4 4 4' : 'M2 4l4 4 4-4'} fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>
          </button>
        </td>
      </tr>
      {open && <TrialRows trials={trials} measure={measure} columns={fields.length + 7} name={`point ${point}`} />}
    </>
  );
});
