import { focusRun } from '../../store/opening';
import { useLab } from '../useLab';
import { mappedRun } from './source';

/** In a race: shows a lane that trains an embedding, where the chosen one does not. */
export function OtherLane() {
  const lanes = useLab((s) => s.lanes);
  const run = useLab(mappedRun);
  const lane = useLab((s) => (run === null ? null : s.runs[run].lane));
  if (run === null || lane === null) return null;
  return (
    <button type="button" className="text other-lane" onClick={() => focusRun(run)}>
      Show {lanes[lane].label || 'a run that does'}
    </button>
  );
}
