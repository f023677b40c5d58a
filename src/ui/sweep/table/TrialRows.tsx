import { openTrial, orderSweep } from '../../../store/sweep';
import { hasEnded } from '../../../sweep/journal';
import type { Trial } from '../../../sweep/types';
import { whole } from '../../format';
import { type Measure, shownValue } from '../metrics';
import { stateOf } from '../words';

interface Props {
  trials: readonly Trial[];
  measure: Measure;
  columns: number;
  name: string;
}

function TrialRow({ trial: t, measure }: { trial: Trial; measure: Measure }) {
  const { mark, label } = stateOf(t.state);
  return (
    <tr>
      <th scope="row">seed {t.seed}</th>
      <td>
        <span className={`state-mark ${t.state}`} aria-hidden="true">
          {mark}
        </span>{' '}
        {label}
        {t.why && <span className="why">{t.why}</span>}
      </td>
      <td className="right steps">{whole(t.step)}</td>
      <td className="right">{shownValue(measure, t.value)}</td>
      <td className="acts">
        {!hasEnded(t) && (
          <button
            type="button"
            className="small"
            aria-label={`Stop trial ${t.trial}, seed ${t.seed}`}
            onClick={() => orderSweep({ kind: 'stopTrial', trial: t.trial })}
          >
            Stop
          </button>
        )}{' '}
        <button
          type="button"
          className="small"
          disabled={t.state === 'waiting'}
          aria-label={`Open in the lab: trial ${t.trial}, seed ${t.seed}`}
          onClick={() => void openTrial(t.trial)}
        >
          Open in the lab
        </button>
      </td>
    </tr>
  );
}

/** The trials of a point, seed by seed. */
export function TrialRows({ trials, measure, columns, name }: Props) {
  return (
    <tr className="trials">
      <td colSpan={columns}>
        <table aria-label={`Trials of ${name}`}>
          <thead>
            <tr>
              <th scope="col">Seed</th>
              <th scope="col">State</th>
              <th scope="col" className="right steps">
                Steps
              </th>
              <th scope="col" className="right">
                Value
              </th>
              <td className="acts">
                <span className="visually-hidden">Actions</span>
              </td>
            </tr>
          </thead>
          <tbody>
            {trials.map((t) => (
              <TrialRow key={t.trial} trial={t} measure={measure} />
            ))}
          </tbody>
        </table>
      </td>
    </tr>
  );
}
