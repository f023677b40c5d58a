import { dismissSweepError, dismissSweepNotice } from '../../../store/sweep';
import { useSweep } from '../useSweep';

/** What went wrong, and what is worth knowing. */
export function SweepNotes() {
  const error = useSweep((s) => s.error);
  const notices = useSweep((s) => s.notices);
  if (!error && !notices.length) return null;
  return (
    <div className="sweep-notes">
      {error && (
        <p className="sweep-note fault" role="alert">
          {error}{' '}
          <button type="button" className="text" onClick={dismissSweepError}>
            Dismiss
          </button>
        </p>
      )}
      {notices.map((text) => (
        <p key={text} className="sweep-note" role="status">
          {text}{' '}
          <button type="button" className="text" aria-label={`Dismiss: ${text}`} onClick={() => dismissSweepNotice(text)}>
            Dismiss
          </button>
        </p>
      ))}
    </div>
  );
}
