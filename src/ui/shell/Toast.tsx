import { useStore } from 'zustand';
import { attempt } from '../../store/kept';
import { dismissToast, runsView } from '../../store/runsView';

/** What was done last, with its Undo; it stays until it is dismissed. And what is under way. */
export function Toast() {
  const toast = useStore(runsView, (s) => s.toast);
  const busy = useStore(runsView, (s) => s.busy);
  const undo = toast?.undo;
  return (
    <div className="toasts" role="status" aria-live="polite">
      {busy && <p className="toast">{busy}…</p>}
      {toast && (
        <div className="toast">
          <p>{toast.text}</p>
          {undo && (
            <button type="button" onClick={() => void attempt('It was not undone', undo)}>
              Undo
            </button>
          )}
          <button type="button" className="text" aria-label={`Dismiss: ${toast.text}`} onClick={dismissToast}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
