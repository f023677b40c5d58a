import type { Change } from '../../store/changes';
import { dropChanges, resetField } from '../../store/edits';
import { Fault } from '../Fault';
import { useLab } from '../useLab';
import { needsBase } from './groups';
import { FieldSymbol, ResetDot } from './Row';
import { useAttempt } from './useField';
import { valueWord } from './words';

/** A mix with room to break its line. */
const spaced = (text: string) => text.replaceAll(',', ', ').replaceAll(':', ' ');

/** What differs from the presets, each with a way back. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const warmSteps = useLab((s) => s.config.warmStart.steps);
  const [fault, attempt] = useAttempt();
  if (changes.length === 0) return null;
  return (
    <section className="changes" aria-label="Changes">
      <div className="row-line">
        <h3>{changes.length === 1 ? '1 change' : `${changes.length} changes`}</h3>
        <button type="button" className="text quiet" onClick={() => attempt(dropChanges)}>
          Undo all
        </button>
      </div>
      <ul>
        {changes.map(({ field: f, value, base }) => (
          <li key={f.path}>
            <ResetDot field={f} base={base} onReset={() => attempt(() => resetField(f.path))} />
            <span>
              {f.label} <FieldSymbol field={f} />
            </span>
            <span className="from-to">
              {f.kind !== 'text' && <s>{valueWord(f, base)}</s>} <b>{spaced(valueWord(f, value))}</b>
            </span>
          </li>
        ))}
      </ul>
      {changes.some((c) => needsBase(c.field.path)) && (
        <p className="help">Unless a shipped base fits, a warm start of {warmSteps} supervised steps comes first.</p>
      )}
      <Fault text={fault} />
    </section>
  );
}
