import { useMemo } from 'react';
import { overRuns } from '../../charts/intervals';
import { nearest } from '../../charts/lineChart';
import { diverging } from '../../charts/palette';
import { setHighlight } from '../../store/look';
import { shownStep } from '../../store/state';
import { Chart } from '../Chart';
import { curveOf, metric } from '../curves';
import { DomainMark } from '../DomainMark';
import { fixed, signed } from '../format';
import { evaluationAt, type LaneView } from '../overview/lanes';
import { useSettingAt } from '../overview/useSetting';
import { useFocused, useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { useTraced } from '../useTraced';
import { compare, type Verdict } from './alone';
import { aloneOver, alonePlot, isMoving, type Overlay } from './alonePlot';
import { useTurn } from './useTurn';

interface Props extends Overlay {
  domain: number;
  lanes: readonly LaneView[];
}

/** The baseline laid over the focused lane's steps. */
function useAlone({ domain, baseline, perStep, share, lanes, window, against }: Props, version: number) {
  const id = useLab((s) => s.domains[domain].id);
  const focus = useFocused();
  const { config, traces } = lanes[focus.lane];
  const [trace] = traces;
  const overlay = useMemo(() => ({ baseline, perStep, share, window, against }), [baseline, perStep, share, window, against]);
  // Without task weights the places do not depend on how far the run is.
  const moving = isMoving(overlay, config) ? version : 0;
  return useTraced(moving, () => aloneOver(overlay, id, config, trace), [overlay, id, config, trace]);
}

/** What a verdict is called: at equal practice a difference is the other domains' doing, at equal steps it need not be. */
const WORDS: Record<Overlay['against'], Record<Verdict['word'], string>> = {
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
  const info = useLab((s) => s.domains[domain]);
  const { id, label } = info;
  const at = useLab(shownStep);
  const lit = useLab((s) => s.highlight.domain === domain || s.highlight.other === domain);
  const dim = useLab((s) => s.highlight.domain !== undefined && s.highlight.other !== undefined) && !lit;
  const focus = useFocused();
  const alone = useAlone(props, version);
  const chart = useMemo(() => alonePlot(domain, info, lanes, alone, setting), [domain, info, lanes, alone, setting]);
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
