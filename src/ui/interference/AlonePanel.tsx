import { useMemo } from 'react';
import { field } from '../../config/fields';
import { type Baselines, domainShares, unlikeBaselines } from '../../store/baselines';
import { setOption } from '../../store/look';
import { chartFigure, tiledFigure } from '../figure';
import { fixed } from '../format';
import { useLanes, useSmoothing } from '../overview/lanes';
import { Empty, Panel } from '../Panel';
import { useFocused, useFocusedLane, useLab, useOption } from '../useLab';
import { AloneCard } from './AloneCard';
import { aloneOver, alonePlot } from './alonePlot';
import { useBaselines } from './useBaselines';
import { useRunName } from './useRun';

const TITLE = 'Together or alone';
const HINT =
  'Grey, dashed: GRPO trained on this domain alone, from the same start; the mean over its seeds with its 95 % interval. At equal practice, above it the other domains help (transfer), below they get in the way (interference).';

/** How the two trainings are laid over each other. */
function AgainstChoice() {
  const against = useOption('interference.against');
  return (
    <fieldset className="segments small" aria-label="Compared at the same number of">
      {(['prompts', 'steps'] as const).map((value) => (
        <label key={value}>
          <input
            type="radio"
            name="interference.against"
            checked={against === value}
            onChange={() => setOption('interference.against', value)}
          />
          <span>{value === 'steps' ? 'Same steps' : 'Same prompts'}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What the comparison rests on. */
function Caveats({ baselines }: { baselines: Baselines }) {
  const { config } = useFocusedLane();
  const against = useOption('interference.against');
  const domains = useLab((s) => s.domains.length);
  const here = config.rollout.prompts / domains;
  const unlike = unlikeBaselines(config, baselines);
  const each = Number.isInteger(here) ? String(here) : fixed(here, 1);
  return (
    <div className="caption caveats">
      <p>
        Alone, a step has {baselines.prompts} prompts of the one domain; here about {each} of each. Held-out alone is after all
        its {baselines.steps} steps.{' '}
        {against === 'steps'
          ? 'At the same step, training alone has practised that domain more: what is short here need not be interference. “Same prompts” compares at equal practice.'
          : 'The grey curve is stretched to where this run has seen as many prompts of that domain: equal practice, but more updates here.'}
      </p>
      {config.sampler.filter !== 'none' && (
        <p>
          This run trains on mixed groups only: its batch reward tells how mixed they are, not how often it is right. Held-out
          accuracy does.
        </p>
      )}
      {unlike.length > 0 && (
        <p>
          Not like for like: this run has another{' '}
          {unlike
            .slice(0, 4)
            .map((d) => `${field(d.path).label} (${d.value}, baseline ${d.base})`)
            .join(', ')}
          {unlike.length > 4 ? ` and ${unlike.length - 4} more` : ''}.
        </p>
      )}
    </div>
  );
}

/** Each domain in this run against GRPO trained on it alone. */
export function AlonePanel() {
  const { baselines, missing } = useBaselines();
  const lanes = useLanes();
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  const { config } = useFocusedLane();
  const window = useSmoothing();
  const against = useOption('interference.against');
  const name = useRunName();
  const shares = useMemo(() => domainShares(config), [config]);
  const focus = useFocused();
  const steps = useLab((s) => s.config.steps);
  const shown = domains.flatMap((info, domain) => (muted.includes(info.id) ? [] : [{ info, domain }]));
  const figure = ({ domains: alone, prompts }: Baselines) => {
    const lane = lanes[focus.lane];
    const parts = shown.map(({ info, domain }) => {
      const overlay = { baseline: alone[info.id], perStep: prompts, share: shares[domain], window, against };
      const over = aloneOver(overlay, info.id, lane.config, lane.traces[0]);
      return chartFigure(info.label, (palette) => ({
        ...alonePlot(domain, info, lanes, over, { palette, window, steps }),
        labels: 'below',
      }));
    });
    return tiledFigure(TITLE, parts, Math.min(2, parts.length));
  };
  return (
    <Panel
      name="alone"
      title={TITLE}
      hint={HINT}
      aside={
        <>
          {name && <span className="count">{name}</span>}
          <AgainstChoice />
        </>
      }
      figure={baselines !== null && shown.length > 0 && (() => figure(baselines))}
    >
      {baselines ? (
        <>
          <div className="cards">
            {shown.map(({ info: { id }, domain }) => (
              <AloneCard
                key={id}
                domain={domain}
                baseline={baselines.domains[id]}
                perStep={baselines.prompts}
                share={shares[domain]}
                lanes={lanes}
                window={window}
                against={against}
              />
            ))}
          </div>
          <Caveats baselines={baselines} />
        </>
      ) : (
        <Empty>{missing || 'Reading the single-domain baseline…'}</Empty>
      )}
    </Panel>
  );
}
