import { type CSSProperties, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { domainColor } from '../../charts/palette';
import { DomainMark } from '../DomainMark';
import { useLab } from '../useLab';
import { usePalette } from '../usePalette';
import { readMix, sharesOf, writeMix } from './mix';
import { Row } from './Row';
import { TextEntry } from './SimpleFields';
import { type FieldState, useField } from './useField';

const STEP = 0.5;
const percent = (share: number) => `${Math.round(100 * share)} %`;

interface WeightProps {
  domain: number;
  label: string;
  weight: number;
  share: number;
  most: number;
  faultId: string | undefined;
  onDraft(weight: number): void;
  onDone(weight: number): void;
  onRevert(): void;
}

/** One domain: in or out, and its weight. */
function Weight({ domain, label, weight, share, most, faultId, onDraft, onDone, onRevert }: WeightProps) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(() => {});
  useEffect(() => {
    done.current = () => onDone(input.current?.valueAsNumber ?? weight);
  });
  useEffect(() => {
    const released = () => done.current();
    const element = input.current;
    element?.addEventListener('change', released);
    return () => element?.removeEventListener('change', released);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: STEP, ArrowUp: STEP, ArrowLeft: -STEP, ArrowDown: -STEP, PageUp: 2, PageDown: -2 }[event.key];
    const end = { Home: 0, End: most }[event.key];
    if (by !== undefined) onDraft(Math.max(0, weight + by));
    else if (end !== undefined) onDraft(end);
    else if (event.key === 'Enter') onDone(weight);
    else if (event.key === 'Escape') onRevert();
    else return;
    event.preventDefault();
  };
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={weight > 0}
          aria-describedby={faultId}
          onChange={(e) => onDone(e.target.checked ? 1 : 0)}
        />
        <DomainMark domain={domain} open={weight === 0} />
        {label}
      </label>
      <input
        ref={input}
        type="range"
        className="slider"
        min={0}
        max={most}
        step={STEP}
        style={{ '--at': weight / most } as CSSProperties}
        aria-label={`${label} weight`}
        aria-valuetext={`weight ${weight}, ${percent(share)}`}
        aria-describedby={faultId}
        value={weight}
        onChange={(e) => onDraft(e.target.valueAsNumber)}
        onKeyDown={onKeyDown}
        onBlur={() => onDone(weight)}
      />
      <span className="percent">{weight > 0 ? percent(share) : 'off'}</span>
    </li>
  );
}

interface Domains {
  ids: string[];
  labels: string[];
}

/** The domains' names, the same object until they change: the store makes its list anew with every run. */
function useDomains(): Domains {
  const text = useLab((s) => JSON.stringify({ ids: s.domains.map((d) => d.id), labels: s.domains.map((d) => d.label) }));
  return useMemo(() => JSON.parse(text) as Domains, [text]);
}

interface WeightsProps {
  state: FieldState;
  domains: Domains;
  weights: readonly number[];
  faultId: string;
}

function Weights({ state, domains: { ids, labels }, weights, faultId }: WeightsProps) {
  const palette = usePalette();
  const shares = sharesOf(weights);
  const most = Math.max(5, ...(readMix(String(state.value), ids) ?? []), ...weights);
  const having = (at: number, weight: number) => writeMix(weights.with(at, weight), ids);
  return (
    <div className="mix">
      <div className="mix-bar" aria-hidden="true">
        {ids.map((id, i) => (
          <span key={id} style={{ flexGrow: shares[i], background: domainColor(palette, i) }} hidden={shares[i] === 0} />
        ))}
      </div>
      <ul>
        {ids.map((id, i) => (
          <Weight
            key={id}
            domain={i}
            label={labels[i]}
            weight={weights[i]}
            share={shares[i]}
            most={most}
            faultId={state.fault ? faultId : undefined}
            onDraft={(w) => state.edit(having(i, w))}
            onDone={(w) => (w !== weights[i] || state.pending ? state.commit(having(i, w)) : undefined)}
            onRevert={state.revert}
          />
        ))}
      </ul>
    </div>
  );
}

/** Shares of the domains, by sliders or as text. */
export function MixField({ path }: { path: string }) {
  const state = useField(path);
  const domains = useDomains();
  const [asText, setAsText] = useState(false);
  const faultId = useId();
  const weights = readMix(state.text, domains.ids);
  const form =
    asText || !weights ? (
      <TextEntry state={state} faultId={faultId} />
    ) : (
      <Weights state={state} domains={domains} weights={weights} faultId={faultId} />
    );
  return (
    <Row state={state} faultId={faultId} wide={form}>
      <button type="button" className="text quiet" aria-pressed={asText} onClick={() => setAsText(!asText)}>
        As text
      </button>
    </Row>
  );
}
