import { memo } from 'react';
import { field, getValue } from '../../config/fields';
import { useLab } from '../useLab';
import { FieldRow } from './FieldRow';
import { Fold } from './Fold';
import { type Group, needsBase } from './groups';
import { MathSymbol } from './Row';
import { valueWord } from './words';

const BASE_NOTE = 'Changes here need another base: unless a shipped one fits, a warm start runs before training.';

/** A value of the group, seen while it is folded. */
function Digest({ path }: { path: string }) {
  const f = field(path);
  const value = useLab((s) => getValue(s.config, path));
  const text = valueWord(f, value);
  if (f.symbol)
    return (
      <span>
        <MathSymbol of={f.symbol} /> {text}
      </span>
    );
  return <span>{f.unit ? `${text} ${f.unit}` : typeof value === 'number' ? `${f.label.toLowerCase()} ${text}` : text}</span>;
}

interface Props {
  group: Group;
  open: boolean;
  /** Fields that differ from the presets. */
  changed: number;
  onToggle(id: string): void;
}

/** A folded group of fields; its rows exist only while it is open. */
export const FieldGroup = memo(function FieldGroup({ group, open, changed, onToggle }: Props) {
  return (
    <Fold
      title={group.title}
      open={open}
      changed={changed}
      onToggle={() => onToggle(group.id)}
      aside={group.digest.map((path) => <Digest key={path} path={path} />)}
    >
      <div className="rows">
        {group.fields.every((f) => needsBase(f.path)) && <p className="help">{BASE_NOTE}</p>}
        {group.fields.map((f) => (
          <FieldRow key={f.path} path={f.path} />
        ))}
      </div>
    </Fold>
  );
});
