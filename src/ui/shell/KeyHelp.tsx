import { useEffect, useRef } from 'react';
import { onKeyHelp } from './keyHelpState';
import { KEYS } from './useKeys';

/** The sheet of keyboard shortcuts. */
export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(
    () =>
      onKeyHelp(() => {
        if (dialog.current?.open) dialog.current.close();
        else dialog.current?.showModal();
      }),
    [],
  );
  return (
    <dialog ref={dialog} className="key-help" aria-labelledby="key-help-title">
      <h2 id="key-help-title">Keyboard</h2>
      <dl>
        {KEYS.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
