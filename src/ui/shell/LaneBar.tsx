import { Fragment, useMemo } from 'react';
import { field } from '../../config/fields';
import { setHighlight } from '../../store/look';
import { focusRun } from '../../store/opening';
import { Hint } from '../Hint';
import { LaneMark } from '../LaneMark';
import { useLab } from '../useLab';
import { comparisonOf, long, short } from './differs';
import './race.css';

/** Differences that a chip has room for. */
const onChip = (lanes: number): number => (lanes > 4 ? 1 : 2);

/** Which seed of the lane single-run views show. */
function SeedChoice({ lane }: { lane: number }) {
  const runs = useLab((s) => s.runs);
  const focus = useLab((s) => s.focus);
  const seeds = useLab((s) => s.seeds);
  if (seeds < 2) return null;
  return (
    <label className="seed-choice">
      Seed{' '}
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
  );
}

/** The race's lanes, each with what differs; the chosen one is what single-run views show. */
export function LaneBar() {
  const lanes = useLab((s) => s.lanes);
  const runs = useLab((s) => s.runs);
  const focus = useLab((s) => s.focus);
  const seeds = useLab((s) => s.seeds);
  const byField = useLab((s) => s.race?.kind === 'field');
  const lit = useLab((s) => s.highlight.lane);
  const comparisons = useMemo(() => lanes.map((_, i) => comparisonOf(lanes, i)), [lanes]);
  if (runs.length < 2) return null;
  const lane = runs[focus]?.lane ?? 0;
  const { from, differences } = comparisons[lane];
  const room = onChip(lanes.length);
  const seed = Math.max(0, focus - lane * seeds);
  return (
    <section className="lanes" aria-label="Lanes of the race">
      <div className="lane-list" role="radiogroup" aria-label="Lane shown in single-run views">
        {lanes.map(({ label }, i) => {
          const own = byField ? [] : comparisons[i].differences;
          return (
            <label
              // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
              key={i}
              className={`lane ${lit === i ? 'lit' : ''}`}
              title={comparisons[i].differences.map(long).join('\n')}
              onPointerEnter={() => setHighlight({ lane: i })}
              onPointerLeave={() => setHighlight({})}
            >
              <input
                type="radio"
                name="lane"
                checked={i === lane}
                onChange={() => focusRun(i * seeds + seed)}
                onFocus={() => setHighlight({ lane: i })}
                onBlur={() => setHighlight({})}
              />
              <span className="chip">
                <LaneMark lane={i} /> <b>{label || 'All seeds'}</b>
                {own.length > 0 && (
                  <span className="differs">
                    {own.slice(0, room).map(short).join(' · ')}
                    {own.length > room && ` +${own.length - room}`}
                  </span>
                )}
              </span>
            </label>
          );
        })}
      </div>
      <SeedChoice lane={lane} />
      <p className="differs-line">
        {lanes[lane].label && <b>{lanes[lane].label}</b>}{' '}
        {differences.length === 0
          ? lanes.length > 1
            ? 'is what the others are compared with.'
            : 'The presets as they are.'
          : `differs from ${from ?? 'its presets'}: `}
        {differences.map((d, i) => (
          <Fragment key={d.path}>
            {i > 0 && ' · '}
            <Hint text={`${d.path}. ${field(d.path).help}`}>{long(d)}</Hint>
          </Fragment>
        ))}
      </p>
    </section>
  );
}
