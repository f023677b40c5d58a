import { pin, setHighlight, setOption, setZoom, showOnlyDomain, toggleDomain } from '../../store/look';
import { OPTIONS } from '../../store/view';
import { DomainMark } from '../DomainMark';
import { whole } from '../format';
import { Hint } from '../Hint';
import { useLab, useOption } from '../useLab';
import './curveBar.css';

const DOMAINS_HINT =
  'Press a domain to leave it out of the curves, or to take it back in; with Alt held, to see it alone. Rest on it to pick it out everywhere.';
const AXIS_HINT = 'A logarithmic axis shows factors as equal steps; values of 0 and below have no place on it.';
const SMOOTH_HINT =
  'An exponential average that looks back over about so many steps. It calms the curves and delays what they show.';

/** The legend of the domains; each is a switch. */
function Domains() {
  const domains = useLab((s) => s.domains);
  const muted = useLab((s) => s.muted);
  const lit = useLab((s) => s.highlight.domain);
  return (
    <fieldset className="domains" aria-label="Domains in the curves">
      <Hint text={DOMAINS_HINT}>Domains</Hint>
      {domains.map(({ id, label }, i) => (
        <button
          key={id}
          type="button"
          className={`domain ${lit === i ? 'lit' : ''}`}
          aria-pressed={!muted.includes(id)}
          onClick={(e) => (e.altKey ? showOnlyDomain(id) : toggleDomain(id))}
          onPointerEnter={() => setHighlight({ domain: i })}
          onPointerLeave={() => setHighlight({})}
          onFocus={() => setHighlight({ domain: i })}
          onBlur={() => setHighlight({})}
        >
          <DomainMark domain={i} open={muted.includes(id)} /> {label}
        </button>
      ))}
    </fieldset>
  );
}

/** A state of the charts that can be ended. */
function Ended({ text, what, end }: { text: string; what: string; end(): void }) {
  return (
    <button type="button" className="ended" title={what} onClick={end}>
      {text} <span aria-hidden="true">×</span>
      <span className="visually-hidden">: {what}</span>
    </button>
  );
}

/** What all curves share: domains, axis, smoothing, the window of steps, the pinned step. */
export function CurveBar() {
  const axis = useOption('curves.axis');
  const smooth = useOption('curves.smooth');
  const zoom = useLab((s) => s.zoom);
  const at = useLab((s) => s.at);
  return (
    <section className="curve-bar" aria-label="Curves">
      <Domains />
      <div className="choices">
        {at !== null && <Ended text={`Step ${whole(at)}`} what="back to the newest step" end={() => pin(null)} />}
        {zoom && <Ended text={`Steps ${whole(zoom[0])}–${whole(zoom[1])}`} what="back to all steps" end={() => setZoom(null)} />}
        <Hint text={AXIS_HINT}>Axis</Hint>
        <fieldset className="segments small" aria-label="Vertical axis">
          {OPTIONS['curves.axis'].map((value) => (
            <label key={value}>
              <input type="radio" name="curves.axis" checked={axis === value} onChange={() => setOption('curves.axis', value)} />
              <span>{value === 'log' ? 'Log' : 'Linear'}</span>
            </label>
          ))}
        </fieldset>
        <Hint text={SMOOTH_HINT}>Smoothing</Hint>
        <select
          className="choice"
          aria-label="Smoothing"
          value={smooth}
          onChange={(e) => {
            const value = OPTIONS['curves.smooth'].find((v) => v === e.target.value);
            if (value) setOption('curves.smooth', value);
          }}
        >
          {[...OPTIONS['curves.smooth']]
            .sort((a, b) => Number(a) - Number(b))
            .map((value) => (
              <option key={value} value={value}>
                {value === '0' ? 'None' : `${value} steps`}
              </option>
            ))}
        </select>
      </div>
    </section>
  );
}
