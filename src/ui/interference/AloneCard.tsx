import { useMemo } from 'react';
import { overRuns } from '../../charts/intervals';
import { type Line, nearest } from '../../charts/lineChart';
import { diverging, domainColor } from '../../charts/palette';
import type { DomainBaseline } from '../../store/baselines';
import { setHighlight } from '../../store/look';
import { shownStep } from '../../store/state';
import { Chart, type Plot } from '../Chart';
import { curveOf, metric } from '../curves';
import { DomainMark } from '../DomainMark';
import { fixed, signed } from '../format';
import { lanesPlot } from '../overview/lanePlot';
import { evaluationAt, type LaneView } from '../overview/lanes';
import { useSettingAt } from '../overview/useSetting';
import { useFocused, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { aloneOf, compare, placesOf, promptsSeen, type Verdict } from './alone';
import { useTurn } from './useTurn';

interface Props {
  domain: number;
  /** Undefined where the baselines lack the domain. */
  baseline: DomainBaseline | undefined;
  /** Prompts in a step of training alone. */
  perStep: number;
  /** Of this domain in the focused lane's batches. */
  share: number;
  lanes: readonly LaneView[];
  window: number;
  against: 'steps' | 'prompts';
}

/** Steps of the baseline over which it is smoothed as much as the run, in prompts. */
const baselineWindow = (window: number, against: Props['against'], here: number, perStep: number): number =>
  against === 'steps' ? window : Math.round((window * here) / perStep);

/** The baseline laid over the focused lane's steps. */
function useAlone({ domain, baseline, perStep, share, lanes, window, against }: Props, version: number) {
  const id = useLab((s) => s.domains[domain].id);
  const focus = useFocused();
  const { config, traces } = lanes[focus.lane];
  const [trace] = traces;
  // Without task weights the places do not depend on how far the run is.
  const moving = against === 'prompts' && config.curriculum.rule !== 'off' ? version : 0;
  return useMemo(() => {
    if (!baseline) return null;
    const count = baseline.reward[0].length;
    const here = config.rollout.prompts * share;
    if (against === 'prompts' && !(here > 0)) return null;
    const seen = moving ? promptsSeen(trace.length, config.rollout.prompts, share, trace.raw(`weight/${id}`)) : [];
    const places =
      against === 'steps'
        ? Float64Array.from({ length: count }, (_, i) => i + 1)
        : placesOf(trace.steps, seen, here, perStep, count);
    return aloneOf(baseline, places, baselineWindow(window, against, here, perStep));
  }, [baseline, config, share, against, window, perStep, trace, id, moving]);
}

/** What a verdict is called: at equal practice a difference is the other domains' doing, at equal steps it need not be. */
const WORDS: Record<Props['against'], Record<Verdict['word'], string>> = {
  prompts: { better: 'transfer', worse: 'interference', even: 'no clear difference', none: 'no comparison' },
  steps: { better: 'ahead of alone', worse: 'behind alone', even: 'no clear difference', none: 'no comparison' },
};

const share = (v: number | undefined) => (v !== undefined && Number.isFinite(v) ? fixed(v, 2) : '–');
const points = (v: number | null) => (v === null ? '–' : `${Math.round(100 * v)} %`);

/** Rows of numbers of this run and of training alone. */
const Numbers = ({ rows }: { rows: readonly (readonly [name: string, here: string, alone: string])[] }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">
          <span className="visually-hidden">Number</span>
        </th>
        <th scope="col" className="right">
          here
        </th>
        <th scope="col" className="right">
          alone
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(([name, here, alone]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td className="right">{here}</td>
          <td className="right">{alone}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** How far above or below training alone: a bar from the middle, half its length for 0.5. */
function Difference({ difference, clear }: { difference: number; clear: boolean }) {
  const palette = usePalette();
  const at = Math.max(-0.5, Math.min(0.5, difference || 0));
  return (
    <svg className="difference" viewBox="-50 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect x="-50" width="100" height="10" fill={palette.line} opacity="0.6" />
      <rect
        x={Math.min(0, 100 * at)}
        width={Math.abs(100 * at)}
        height="10"
        fill={diverging(palette, (at < 0 ? -1 : 1) * (clear ? 0.8 : 0.4))}
      />
      <rect x="-0.4" width="0.8" height="10" fill={palette.ink} />
    </svg>
  );
}

/** One domain: its reward in the run and alone, and the difference at the shown step. */
export function AloneCard(props: Props) {
  const { domain, baseline, lanes, window } = props;
  const version = useTurn(4 + domain);
  const setting = useSettingAt(version);
  const { id, label } = useLab((s) => s.domains[domain]);
  const at = useLab(shownStep);
  const lit = useLab((s) => s.highlight.domain === domain || s.highlight.other === domain);
  const dim = useLab((s) => s.highlight.domain !== undefined && s.highlight.other !== undefined) && !lit;
  const focus = useFocused();
  const alone = useAlone(props, version);
  const chart = useMemo((): Plot => {
    const { palette } = setting;
    const plot = lanesPlot(lanes, metric(`reward/${id}`), setting);
    const one = lanes.length === 1;
    const color = domainColor(palette, domain);
    const own = one ? plot.lines.map((l) => ({ ...l, label: 'Here', color, symbol: domain, of: { domain } })) : plot.lines;
    const grey: Line[] = alone
      ? [{ label: 'Alone', steps: alone.steps, values: alone.mean, color: palette.quiet, dash: [5, 3], width: 1.75 }]
      : [];
    const band = alone ? [{ steps: alone.steps, low: alone.low, high: alone.high, color: palette.quiet, label: 'Alone' }] : [];
    const bands = one ? plot.bands?.map((b) => ({ ...b, color })) : plot.bands;
    return {
      ...plot,
      lines: [...grey, ...own],
      bands: [...band, ...(bands ?? [])],
      y: [0, 1],
      labels: 'none',
      format: (v) => fixed(v, 2),
    };
  }, [lanes, alone, id, domain, setting]);
  const { traces, runs } = lanes[focus.lane];
  const [trace] = traces;
  const entry = trace.length === 0 ? -1 : at === null ? trace.length - 1 : nearest(trace.steps, at);
  const here = overRuns(traces.map((t) => curveOf(t, metric(`reward/${id}`), window)[entry] ?? Number.NaN)).mean ?? Number.NaN;
  const verdict = alone && entry >= 0 ? compare(alone, here, trace.steps[entry]) : null;
  const evaluations = runs.map((r) => evaluationAt(r.evaluations, at));
  const heldOut = overRuns(evaluations.map((e) => e?.result.domains[id] ?? Number.NaN)).mean;
  const heldOutAlone = baseline ? overRuns(baseline.heldOut).mean : null;
  return (
    <figure
      className={`${lit ? 'lit' : ''} ${dim ? 'dim' : ''}`}
      onPointerEnter={() => setHighlight({ domain })}
      onPointerLeave={() => setHighlight({})}
    >
      <figcaption>
        <DomainMark domain={domain} /> {label}
      </figcaption>
      <Chart label={`Reward of ${label}, here and alone`} chart={chart} />
      {!baseline ? (
        <p className="quiet">The baseline has no such domain.</p>
      ) : !alone ? (
        <p className="quiet">This run is not trained on it.</p>
      ) : (
        <>
          <p className="now">
            <span>{verdict ? WORDS[props.against][verdict.word] : 'not started'}</span>
            <b>{verdict && Number.isFinite(verdict.difference) ? signed(verdict.difference, 2) : ''}</b>
          </p>
          <Difference difference={verdict?.difference ?? Number.NaN} clear={verdict?.clear ?? false} />
          <Numbers
            rows={[
              ['Reward', share(here), share(verdict?.alone)],
              ['Held-out', points(heldOut), points(heldOutAlone)],
            ]}
          />
        </>
      )}
    </figure>
  );
}
