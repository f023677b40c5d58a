import { useMemo } from 'react';
import { countText } from '../../charts/bands';
import { setOption } from '../../store/look';
import { Chart } from '../Chart';
import { DomainMark } from '../DomainMark';
import { chartFigure, type Figure, tiledFigure } from '../figure';
import { Panel } from '../Panel';
import { useLab, useOption } from '../useLab';
import { smoothingText, useLanes } from './lanes';
import { PreviousNote } from './PreviousNote';
import { domainsPlot, raceDomainPlot, racePlot } from './rewardPlot';
import { useSetting } from './useSetting';
import './pictures.css';

const SHARE = 'Share of the rollouts in each batch that the verifier accepts';
const MUTED = 'With domains left out, the mean is over the shown domains’ rewards.';
const BAND = 'Over several seeds a curve is their mean and its band the mean’s 95 % confidence interval (Student t).';

/** What all reward charts need; made again when there is something new to draw. */
function useCommon() {
  const setting = useSetting();
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  return useMemo(() => ({ ...setting, domains, muted }), [setting, domains, muted]);
}

/** One lane: a curve for each domain and their mean. */
function ByDomain() {
  const common = useCommon();
  const [lane] = useLanes();
  const previous = useLab((s) => s.previous);
  const chart = useMemo(() => domainsPlot(lane, previous, common), [lane, previous, common]);
  const seeds = lane.traces.length;
  return (
    <Panel
      name="reward"
      title="Reward by domain"
      hint={`${SHARE}, ${smoothingText(common.window)}. ${seeds > 1 ? BAND : 'The faint line is the unsmoothed mean.'} ${MUTED}`}
      aside={seeds > 1 ? <span>{countText([seeds])} seeds, mean with 95 % interval</span> : <PreviousNote />}
      figure={() => chartFigure('Reward by domain', (palette) => domainsPlot(lane, previous, { ...common, palette }))}
    >
      <Chart label="Reward by domain" chart={chart} />
    </Panel>
  );
}

/** One picture of all lanes, or one for each domain. */
function SplitChoice({ split }: { split: boolean }) {
  return (
    <fieldset className="segments small" aria-label="Pictures of the reward">
      {(['together', 'domains'] as const).map((value) => (
        <label key={value}>
          <input
            type="radio"
            name="curves.split"
            checked={split === (value === 'domains')}
            onChange={() => setOption('curves.split', value)}
          />
          <span>{value === 'together' ? 'Mean' : 'Each domain'}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A race in one picture. */
function Together() {
  const common = useCommon();
  const lanes = useLanes();
  const chart = useMemo(() => racePlot(lanes, common), [lanes, common]);
  return <Chart label="Reward of each lane" chart={chart} />;
}

/** A race in a picture for each domain. */
function EachDomain() {
  const common = useCommon();
  const lanes = useLanes();
  const lit = useLab((s) => s.highlight.domain);
  const charts = useMemo(
    () =>
      common.domains.flatMap((d, place) =>
        common.muted.includes(d.id) ? [] : [{ ...d, place, chart: raceDomainPlot(lanes, place, common) }],
      ),
    [lanes, common],
  );
  const picked = charts.some((c) => c.place === lit);
  if (charts.length === 0) return <p className="empty">All domains are left out.</p>;
  return (
    <div className="multiples">
      {charts.map(({ id, label, place, chart }) => (
        <figure key={id} className={picked && lit !== place ? 'dim' : ''}>
          <figcaption>
            <DomainMark domain={place} /> {label}
          </figcaption>
          <Chart label={`Reward of each lane: ${label}`} chart={chart} />
        </figure>
      ))}
    </div>
  );
}

/** A race's picture, or pictures, for a file. */
function laneFigure(lanes: ReturnType<typeof useLanes>, common: ReturnType<typeof useCommon>, split: boolean): Figure {
  if (!split) return chartFigure('Reward by lane', (palette) => racePlot(lanes, { ...common, palette }));
  const parts = common.domains.flatMap((d, place) =>
    common.muted.includes(d.id)
      ? []
      : [chartFigure(d.label, (palette) => ({ ...raceDomainPlot(lanes, place, { ...common, palette }), labels: 'below' }))],
  );
  return tiledFigure('Reward by lane and domain', parts, Math.min(2, parts.length));
}

/** A race: a curve for each lane. */
function ByLane() {
  const common = useCommon();
  const lanes = useLanes();
  const seeds = useLab((s) => s.seeds);
  const split = useOption('curves.split') === 'domains';
  return (
    <Panel
      name={`reward ${split ? 'split' : ''}`}
      title="Reward by lane"
      hint={`${SHARE}, ${split ? 'domain by domain' : 'over all domains'}, ${smoothingText(common.window)}. ${BAND} ${split ? '' : MUTED}`}
      aside={
        <>
          {seeds > 1 && <span className="count">{countText([seeds])}, 95 % band</span>}
          <SplitChoice split={split} />
        </>
      }
      figure={common.domains.some((d) => !common.muted.includes(d.id)) && (() => laneFigure(lanes, common, split))}
    >
      {split ? <EachDomain /> : <Together />}
    </Panel>
  );
}

/** Mean reward over training: by domain, or in a race by lane. */
export function RewardPanel() {
  const raced = useLab((s) => s.lanes.length > 1);
  return raced ? <ByLane /> : <ByDomain />;
}
