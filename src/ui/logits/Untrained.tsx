import { lab } from '../../store/lab';
import { focusRun } from '../../store/opening';
import { LaneMark } from '../LaneMark';
import { type LaneView, useLanes } from '../overview/lanes';
import { useFocused } from '../useLab';
import { untrained } from './options';
import './noEmbedding.css';

/** Shows a lane's run with the seed of the focused one. */
function look(lane: LaneView): void {
  const { runs, focus } = lab.getState();
  const place = runs.findIndex((r) => r.lane === lane.lane && r.seed === runs[focus]?.seed);
  focusRun(Math.max(0, place >= 0 ? place : runs.findIndex((r) => r.lane === lane.lane)));
}

/** Names the lanes whose embedding nothing trains. */
export function Untrained() {
  const lanes = useLanes();
  const { lane } = useFocused();
  const raw = lanes.flatMap((l) => {
    const why = untrained(l.config);
    return why ? [{ ...l, why }] : [];
  });
  if (raw.length === 0) return null;
  const other = raw.some((l) => l.lane === lane) ? lanes.find((l) => !untrained(l.config)) : undefined;
  return (
    <div className="untrained">
      {raw.map((l) => (
        <p key={l.lane}>
          {lanes.length > 1 && (
            <>
              <LaneMark lane={l.lane} /> <b>{l.label}</b>{' '}
            </>
          )}
          {l.why}: nothing trains the projection head. {lanes.length > 1 ? 'Its' : 'These'} logits are those of a random
          projection of the policy’s states: something to compare with.
        </p>
      ))}
      {other && (
        <button type="button" onClick={() => look(other)}>
          Look at {other.label}
        </button>
      )}
    </div>
  );
}
