import { useId } from 'react';
import type { Settings } from '../../store/variants';
import { NumberEntry, Slider } from '../fields/NumberField';
import { FieldSymbol, ResetDot } from '../fields/Row';
import { trackOf } from '../fields/scale';
import { hintText, optionWord, valueText, valueWord } from '../fields/words';
import { Hint } from '../Hint';
import { useKnob } from './useKnob';
import type { Tried } from './useVariants';

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
  const [faultId, name] = [useId(), useId()];
  const track = trackOf(f);
  const moved = value !== base;
  return (
    <div className="row" data-path={path}>
      <div className="row-line">
        <span className="row-name">
          <Hint text={hintText(f)}>{f.label}</Hint> <FieldSymbol field={f} />
        </span>
        {moved && <small className="ghost">run {valueWord(f, base)}</small>}
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
              </option>
            ))}
          </select>
        ) : (
          <NumberEntry state={state} faultId={faultId} track={track} />
        )}
      </div>
      {fault && (
        <p id={faultId} className="fault" role="alert">
          {fault}
        </p>
      )}
      {track && (
        <div className="row-under" id={name}>
          <Slider state={state} track={track} mark={base as number} />
        </div>
      )}
      {moved && <ResetDot field={f} base={base} onReset={() => commit(valueText(base))} />}
    </div>
  );
}
