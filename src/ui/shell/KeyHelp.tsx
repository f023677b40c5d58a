import { useEffect, useRef } from 'react';
import './keyHelp.css';
import { onKeyHelp } from './keyHelpState';
import { KEYS } from './useKeys';

/** The sheet of keyboard shortcuts. */
export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  useEffect(
    () =>
      onKeyHelp(() => {
        if (dialog.current?.open) dialog.current.close();
        else dialog.current?.showModal();
      }),
    [],
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog anyway
    <dialog
      ref={dialog}
      className="key-help"
      aria-labelledby="key-help-title"
      onClick={(e) => e.target === dialog.current && close()}
    >
      <div className="key-help-body">
        <div className="head">
          <h2 id="key-help-title">Keyboard</h2>
          <button type="button" onClick={close}>
            Close
          </button>
        </div>
        {KEYS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map((k) => (
                <div key={k.keys}>
                  <dt>
                    <kbd>{k.keys}</kbd>
                  </dt>
                  <dd>{k.does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
