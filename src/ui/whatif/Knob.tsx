import { useId } from 'react';
import type { Settings } from '../../store/variants';
import { NumberEntry, Slider } from '../fields/NumberField';
import { MathSymbol, ResetDot } from '../fields/Row';
import { trackOf } from '../fields/scale';
import { hintText, optionWord, valueText } from '../fields/words';
import { Hint } from '../Hint';
import { useKnob } from './useKnob';
import type { Tried } from './useVariants';

/** What a knob is called beside its symbol, where there is little room. */
const NAMES: Record<string, string> = {
  'contrast.lambda': 'weight',
  'contrast.tau': 'temperature',
  'contrast.beta': 'cross-domain',
  'contrast.gamma': 'in-domain',
  'objective.clipLow': '',
  'objective.clipHigh': '',
  'objective.dualClip': 'dual clip',
  'rollout.group': 'group size',
  'optimizer.lr': 'learning rate',
  'surgery.granularity': 'Surgery',
};

interface Props {
  path: string;
  run: Settings;
  index: number;
  tried: Tried;
}

/** One setting of a variant: the mark on its slider, and the dot beside its name, are the run's value. */
export function Knob({ path, run, index, tried: { variant, settings } }: Props) {
  const state = useKnob(path, run, index, variant, settings);
  const { field: f, value, base, fault, commit } = state;
  const faultId = useId();
  const track = trackOf(f);
  const moved = value !== base;
  return (
    <div className="row knob" data-path={path}>
      <span className="row-name">
        <Hint text={`${f.label}. ${hintText(f)}`}>
          {f.symbol ? <MathSymbol of={f.symbol} /> : null} {NAMES[path]}
        </Hint>
      </span>
      {f.options ? (
        <select
          className="choice"
          aria-label={f.label}
          aria-describedby={fault ? faultId : undefined}
          value={String(value)}
          onChange={(e) => commit(e.target.value)}
        >
          {f.options.map((option) => (
            <option key={option} value={option}>
              {optionWord(option)}
              {option === base ? ' (run)' : ''}
            </option>
          ))}
        </select>
      ) : (
        <>
          {track && <Slider state={state} track={track} mark={base as number} />}
          <NumberEntry state={state} faultId={faultId} track={track} />
        </>
      )}
      {fault && (
        <p id={faultId} className="fault" role="alert">
          {fault}
        </p>
      )}
      {moved && <ResetDot field={f} base={base} onReset={() => commit(valueText(base))} />}
    </div>
  );
}
