import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { changesOf } from '../../store/changes';
import { dropChanges } from '../../store/edits';
import { dismissError, dismissNotice, dismissProblems } from '../../store/look';
import { chooseBackend, reset } from '../../store/opening';
import { useLab } from '../useLab';
import './messages.css';

/** Messages that are shown at once; the others wait behind a press. */
const SHOWN = 3;
/** Faults of a link that are shown at once. */
const FAULTS = 4;

interface Message {
  key: string;
  grave: boolean;
  content: ReactNode;
  /** What can be done about it, beside dismissing it. */
  actions?: ReactNode;
  dismiss?(): void;
}

function Faults({ problems }: { problems: readonly string[] }) {
  const items = (list: readonly string[]) => list.map((p) => <li key={p}>{p}</li>);
  const more = problems.slice(FAULTS);
  return (
    <div>
      <p>Parts of this link could not be used:</p>
      <ul>{items(problems.slice(0, FAULTS))}</ul>
      {more.length > 0 && (
        <details>
          <summary>{more.length} more</summary>
          <ul>{items(more)}</ul>
        </details>
      )}
    </div>
  );
}

/** A fleet that cannot go on, and what one can do. */
function Ways() {
  const changed = useLab((s) => changesOf(s.presets, s.config).length > 0);
  const onCpu = useLab((s) => s.backend === 'cpu');
  return (
    <div className="ways">
      <button type="button" onClick={reset}>
        Start again
      </button>
      {changed && (
        <button type="button" onClick={dropChanges}>
          Undo the changes
        </button>
      )}
      {!onCpu && (
        <button type="button" onClick={() => chooseBackend('cpu')}>
          Use the CPU
        </button>
      )}
    </div>
  );
}

/** What stops the training, then what is wrong with the link, then notices: newest first. */
function useMessages(): Message[] {
  const error = useLab((s) => s.error);
  const problems = useLab((s) => s.problems);
  const notices = useLab((s) => s.notices);
  const all: Message[] = [];
  if (error)
    all.push({
      key: `error ${error.text}`,
      grave: true,
      content: <p>{error.text}</p>,
      ...(error.fatal ? { actions: <Ways /> } : { dismiss: dismissError }),
    });
  if (problems.length > 0)
    all.push({ key: 'problems', grave: true, content: <Faults problems={problems} />, dismiss: dismissProblems });
  for (const text of notices.toReversed())
    all.push({ key: text, grave: false, content: <p>{text}</p>, dismiss: () => dismissNotice(text) });
  return all;
}

/** What went wrong, what was left out, and what can be done about it. Escape on a message dismisses it. */
export function Messages() {
  const all = useMessages();
  const [unfolded, setUnfolded] = useState(false);
  const list = useRef<HTMLElement>(null);
  /** Place of the message that had the focus and was dismissed. */
  const gone = useRef<number | null>(null);
  const count = all.length;
  useEffect(() => {
    if (count <= SHOWN) setUnfolded(false);
    if (gone.current === null) return;
    const left = list.current?.querySelectorAll<HTMLElement>('.dismiss') ?? [];
    const next = left[Math.min(gone.current, left.length - 1)] ?? document.getElementById('view');
    gone.current = null;
    next?.focus({ preventScroll: true });
  }, [count]);
  const shown = unfolded ? all : all.slice(0, SHOWN);
  const onKey = (event: KeyboardEvent, i: number) => {
    const { dismiss } = all[i];
    if (event.key !== 'Escape' || !dismiss) return;
    event.preventDefault();
    event.stopPropagation();
    gone.current = i;
    dismiss();
  };
  return (
    <section ref={list} className={`messages ${count ? '' : 'none'}`} aria-label="Messages" aria-live="polite">
      {shown.map(({ key, grave, content, actions, dismiss }, i) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: its buttons are what has the focus
        <div
          key={key}
          className={`message ${grave ? 'grave' : ''}`}
          role={grave ? 'alert' : undefined}
          onKeyDown={(e) => onKey(e, i)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path
              d={
                grave
                  ? 'M8 2 14.6 13.5H1.4ZM8 6.5V9.5M8 11.4v.1'
                  : 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M8 7.5v4M8 4.7v.1'
              }
            />
          </svg>
          {content}
          {dismiss && (
            <button
              type="button"
              className="dismiss"
              aria-label="Dismiss"
              title="Dismiss"
              onClick={() => {
                gone.current = i;
                dismiss();
              }}
            >
              <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d="M1.5 1.5l9 9m0-9l-9 9" fill="none" stroke="currentColor" strokeWidth="1.4" />
              </svg>
            </button>
          )}
          {actions}
        </div>
      ))}
      {count > SHOWN && (
        <button type="button" className="text fold" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {unfolded ? 'Fewer messages' : `${count - SHOWN} more ${count - SHOWN === 1 ? 'message' : 'messages'}`}
        </button>
      )}
    </section>
  );
}
