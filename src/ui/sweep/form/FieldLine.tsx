import { field } from '../../../config/fields';
import { METHODS } from '../../../sweep/spec';
import { METHOD } from '../../../sweep/types';
import { hintText } from '../../fields/words';
import { Hint } from '../../Hint';
import { fieldHelp, fieldTitle, pointValue } from '../words';
import { type FieldDraft, isNumeric, isTicked } from './draft';
import { Entry, type Faults, faultAt } from './Line';

interface Props {
  draft: FieldDraft;
  place: number;
  faults: Faults;
  onChange(draft: FieldDraft): void;
  onRemove(): void;
}

const optionsOf = (path: string): readonly string[] =>
  path === METHOD ? METHODS : (field(path).options ?? (field(path).kind === 'boolean' ? ['false', 'true'] : []));

function Ticks({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const { field: path, values } = draft;
  const options = optionsOf(path);
  const toggle = (option: string) =>
    onChange({ ...draft, values: options.filter((o) => (o === option ? !values.includes(o) : values.includes(o))) });
  const word = (option: string) =>
    path !== METHOD && field(path).kind === 'boolean' ? (option === 'true' ? 'on' : 'off') : pointValue(path, option);
  return (
    <div className="ticks">
      {options.map((option) => (
        <label key={option}>
          <input type="checkbox" checked={values.includes(option)} onChange={() => toggle(option)} />
          {word(option)}
        </label>
      ))}
    </div>
  );
}

/** Range or values of a number. */
function Numbers({ draft, fault, onChange }: Pick<Props, 'draft' | 'onChange'> & { fault: string | null }) {
  const { field: path, as, from, to, scale, count, text } = draft;
  const title = fieldTitle(path);
  const set = (change: Partial<FieldDraft>) => onChange({ ...draft, ...change });
  if (as === 'values')
    return (
      <>
        <Entry
          label={`Values of ${title}, separated by commas`}
          wide
          value={text}
          fault={fault}
          onChange={(t) => set({ text: t })}
        />
        <button type="button" className="text quiet" onClick={() => set({ as: 'range' })}>
          As a range
        </button>
      </>
    );
  return (
    <>
      <Entry label={`${title} from`} words="from" value={from} fault={fault} onChange={(t) => set({ from: t })} />
      <Entry label={`${title} to`} words="to" value={to} fault={fault} onChange={(t) => set({ to: t })} />
      <select
        className="choice"
        aria-label={`Scale of ${title}`}
        value={scale}
        onChange={(e) => set({ scale: e.target.value as FieldDraft['scale'] })}
      >
        <option value="linear">linear</option>
        <option value="log">log</option>
      </select>
      <Entry
        label={`Number of values of ${title}; a grid needs it`}
        words="in"
        after="values"
        placeholder="any"
        value={count}
        fault={fault}
        onChange={(t) => set({ count: t })}
      />
      <button type="button" className="text quiet" onClick={() => set({ as: 'values' })}>
        As a list
      </button>
    </>
  );
}

/** One swept field: what it may be. */
export function FieldLine({ draft, place, faults, onChange, onRemove }: Props) {
  const { field: path, text } = draft;
  const title = fieldTitle(path);
  const fault = faultAt(faults, `fields[${place}]`);
  return (
    <li>
      <fieldset className="form-line swept">
        <legend>
          <Hint text={path === METHOD ? fieldHelp(path) : hintText(field(path))}>{title}</Hint>
        </legend>
        <div className="form-controls">
          {isTicked(path) ? (
            <Ticks draft={draft} onChange={onChange} />
          ) : isNumeric(path) ? (
            <Numbers draft={draft} fault={fault} onChange={onChange} />
          ) : (
            <textarea
              rows={3}
              spellCheck={false}
              aria-label={`Values of ${title}, one a line`}
              value={text}
              onChange={(e) => onChange({ ...draft, text: e.target.value })}
            />
          )}
        </div>
        <button
          type="button"
          className="remove"
          aria-label={`Do not sweep ${title}`}
          title={`Do not sweep ${title}`}
          onClick={onRemove}
        >
          ×
        </button>
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
      </fieldset>
    </li>
  );
}
