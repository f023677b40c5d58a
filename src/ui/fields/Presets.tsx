import { useId, useState } from 'react';
import { PRESETS, type Preset } from '../../config/presets';
import { chosen, presetConfig } from '../../store/changes';
import { choosePreset, toggleAblation } from '../../store/edits';
import { Fault } from '../Fault';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { Fold } from './Fold';
import { isUsed } from './groups';
import { METHODS, MethodSelect } from './MethodSelect';
import { useAttempt } from './useField';

const SIZES = PRESETS.filter((p) => p.kind === 'size');
const ABLATIONS = PRESETS.filter((p) => p.kind === 'ablation');

/** What the search box finds the presets by. */
export const presetText: string = ['Method Size Ablations', ...PRESETS.flatMap((p) => [p.name, p.label, p.help])].join('\n');

const others = (names: readonly string[], method: Preset | undefined) =>
  METHODS.filter((m) => m !== method && names.includes(m.name))
    .map((m) => m.label)
    .join(', ');

/** How the policy learns. */
export function MethodField() {
  const method = useLab((s) => chosen(s.presets, 'method'));
  const race = useLab((s) => (s.race?.kind === 'methods' ? s.race : null));
  const [fault, attempt] = useAttempt();
  const id = useId();
  return (
    <div className="row">
      <div className="row-line">
        <span className="row-name">
          <Hint text="How the policy learns. All methods start from the same weights.">Method</Hint>
        </span>
        <MethodSelect label="Method" describedBy={id} value={method?.name} choose={(name) => attempt(() => choosePreset(name))} />
      </div>
      <p id={id} className="help">
        {method?.help}
        {race && ` The race also runs ${others(race.names, method)}.`}
      </p>
      <Fault text={fault} />
    </div>
  );
}

/** How large the policy, its batches and its run are. */
export function SizeField() {
  const size = useLab((s) => chosen(s.presets, 'size'));
  const [fault, attempt] = useAttempt();
  const [id, name] = [useId(), useId()];
  return (
    <div className="row">
      <div className="row-line">
        <span className="row-name">
          <Hint text="How large the policy and each batch are, and how many steps a run has.">Size</Hint>
        </span>
        <div className="segments" role="radiogroup" aria-label="Size" aria-describedby={id}>
          {SIZES.map((p) => (
            <label key={p.name}>
              <input type="radio" name={name} checked={p === size} onChange={() => attempt(() => choosePreset(p.name))} />
              <span>{p.label}</span>
            </label>
          ))}
        </div>
      </div>
      <p id={id} className="help">
        {size?.help}
      </p>
      <Fault text={fault} />
    </div>
  );
}

/** Whether some group that the ablation changes matters to a method. */
const acts = (p: Preset, presets: readonly string[]) => Object.keys(p.layer).some((id) => isUsed(id, presetConfig(presets)));

/** One part taken away or exchanged at a time; any number may be on. */
export function Ablations() {
  const presets = useLab((s) => s.presets);
  const [fault, attempt] = useAttempt();
  const [near, setNear] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const id = useId();
  const method = chosen(presets, 'method')?.label ?? 'this method';
  const say = (p: Preset) => (acts(p, presets) ? p.help : `${p.help} No part of ${method}.`);
  const on = ABLATIONS.filter((p) => presets.includes(p.name));
  const told = near ? ABLATIONS.filter((p) => p.name === near) : on;
  return (
    <Fold
      title="Ablations"
      open={open}
      onToggle={() => setOpen(!open)}
      aside={on.length ? on.map((p) => p.label).join(', ') : 'None'}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would repeat the label */}
      <div className="chips" role="group" aria-label="Ablations">
        {ABLATIONS.map((p) => (
          <button
            key={p.name}
            type="button"
            className="chip"
            data-idle={!acts(p, presets) || undefined}
            aria-pressed={presets.includes(p.name)}
            aria-describedby={`${id}-${p.name}`}
            onClick={() => attempt(() => toggleAblation(p.name))}
            onPointerEnter={() => setNear(p.name)}
            onPointerLeave={() => setNear(null)}
            onFocus={() => setNear(p.name)}
            onBlur={() => setNear(null)}
          >
            {p.label}
            <span id={`${id}-${p.name}`} hidden>
              {say(p)}
            </span>
          </button>
        ))}
      </div>
      <p className="help chips-help" aria-hidden="true">
        {told.length ? told.map(say).join(' ') : 'Each takes one part of the method away, or exchanges the backbone.'}
      </p>
      <Fault text={fault} />
    </Fold>
  );
}
