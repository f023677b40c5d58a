import { focusRun } from '../../store/opening';
import { useLab } from '../useLab';
import { trainsEmbedding } from './source';

/** In a race: shows a lane that trains an embedding, where the chosen one does not. */
export function OtherLane() {
  const lanes = useLab((s) => s.lanes);
  const runs = useLab((s) => s.runs);
  const focus = useLab((s) => s.focus);
  const lane = lanes.findIndex((l) => trainsEmbedding(l.config));
  const seed = runs.filter((r, i) => i < focus && r.lane === runs[focus]?.lane).length;
  const first = runs.findIndex((r) => r.lane === lane);
  if (lane < 0 || first < 0) return null;
  return (
    <button type="button" className="text other-lane" onClick={() => focusRun(first + seed)}>
      Show {lanes[lane].label || 'a run that does'}
    </button>
  );
}
