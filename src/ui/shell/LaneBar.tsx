import { field } from '../../config/fields';
import { changesOf, laneDifferences } from '../../store/changes';
import { focusRun } from '../../store/lab';
import { setHighlight } from '../../store/look';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { useLab } from '../useLab';

/** The race's lanes: pick the one that single-run views show; each says what differs. */
export function LaneBar() {
  const lanes = useLab((s) => s.lanes);
  const runs = useLab((s) => s.runs);
  const focus = useLab((s) => s.focus);
  const seeds = useLab((s) => s.seeds);
  if (runs.length < 2) return null;
  const lane = runs[focus]?.lane ?? 0;
  return (
    <section className="lanes" aria-label="Lanes of the race">
      <div className="lane-list" role="radiogroup" aria-label="Lane shown in single-run views">
        {lanes.map(({ label, presets, config }, i) => {
          const differs =
            lanes.length > 1
              ? laneDifferences(lanes, i)
              : changesOf(presets, config).map((c) => ({ path: c.field.path, value: c.value }));
          return (
            <label
              // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
              key={i}
              className="lane"
              onPointerEnter={() => setHighlight({ lane: i })}
              onPointerLeave={() => setHighlight({})}
            >
              <input type="radio" name="lane" checked={i === lane} onChange={() => focusRun(i * seeds)} />
              <span className="chip">
                <LaneMark lane={i} /> <b>{label || 'All seeds'}</b>
                {differs.length > 0 && (
                  <span className="differs">
                    {differs.slice(0, 3).map(({ path, value }) => (
                      <Hint key={path} text={`${field(path).label} (${path}): ${field(path).help}`}>
                        {`${field(path).symbol ?? field(path).label} ${value}`}
                      </Hint>
                    ))}
                    {differs.length > 3 && (
                      <span title={differs.map((d) => `${d.path} ${d.value}`).join('\n')}>+{differs.length - 3}</span>
                    )}
                  </span>
                )}
              </span>
            </label>
          );
        })}
      </div>
      {seeds > 1 && (
        <label className="seed-choice">
          seed{' '}
          <select className="choice" value={focus} onChange={(e) => focusRun(Number(e.target.value))}>
            {runs.map((r, i) =>
              r.lane === lane ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a run is its place
                <option key={i} value={i}>
                  {r.seed}
                </option>
              ) : null,
            )}
          </select>{' '}
          of {seeds}
        </label>
      )}
    </section>
  );
}
