import type { ReactNode } from 'react';
import type { Field, Value } from '../../config/fields';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { needsBase } from './groups';
import type { FieldState } from './useField';
import { hintText, shortName, valueText, valueWord } from './words';

const BASE_HINT =
  'Another value needs another base checkpoint: unless a shipped one fits, a warm start on demonstrations runs before training.';

/** A symbol as formulas have it: `ε_low` with its index below the line. */
export function MathSymbol({ of }: { of: string }) {
  const [letter, index] = of.split('_');
  return (
    <i className="symbol">
      {letter}
      {index && <sub>{index}</sub>}
    </i>
  );
}

/** A field's symbol, unless its label says it already. */
export const FieldSymbol = ({ field: { symbol, label } }: { field: Field }) =>
  symbol && !label.split(' ').includes(symbol) ? <MathSymbol of={symbol} /> : null;

/** A dot that gives a field back what the presets say. */
export function ResetDot({ field, base, onReset }: { field: Field; base: Value; onReset(): void }) {
  const name = `Reset ${shortName(field)} to ${valueWord(field, base)}`;
  return <button type="button" className="dot" aria-label={name} title={name} onClick={onReset} />;
}

/** The paper's value where another one is set; a click sets it. */
function PaperValue({ state: { field: f, value, commit } }: { state: FieldState }) {
  if (f.paper === undefined || f.paper === value) return null;
  const text = `paper ${valueWord(f, f.paper)}`;
  return (
    <button
      type="button"
      className="paper"
      aria-label={`${text} for ${f.label}`}
      onClick={() => commit(valueText(f.paper as Value))}
    >
      {text}
    </button>
  );
}

interface Props {
  state: FieldState;
  /** Id of the message that a control is described by. */
  faultId: string;
  /** Under label and control. */
  wide?: ReactNode;
  /** The control. */
  children: ReactNode;
}

/** Label, symbol and help of a field around its control, with the paper's value, the reset dot and what was refused. */
export function Row({ state, faultId, wide, children }: Props) {
  const { field: f, value, base, fault, commit } = state;
  const raced = useLab(({ race }) => (race?.kind === 'field' && race.path === f.path ? race.values.join(', ') : null));
  const alone = f.path.startsWith('tasks.') && needsBase(f.path);
  return (
    <div className="row" data-path={f.path}>
      <div className="row-line">
        <span className="row-name">
          <Hint text={hintText(f)}>{f.label}</Hint> <FieldSymbol field={f} />{' '}
          {f.unit && f.unit !== f.label.toLowerCase() && <small>{f.unit}</small>}
          {alone && (
            <small className="base">
              <Hint text={BASE_HINT}>new base</Hint>
            </small>
          )}
        </span>
        {children}
      </div>
      {fault && (
        <p id={faultId} className="fault" role="alert">
          {fault}
        </p>
      )}
      {raced !== null && <p className="help">The race sets it to {raced}.</p>}
      <div className="row-under">
        {wide}
        <PaperValue state={state} />
      </div>
      {value !== base && <ResetDot field={f} base={base} onReset={() => commit(valueText(base))} />}
    </div>
  );
}
