import { useEffect, useState } from 'react';
import { sizeText, type Undo } from '../../store/glances';
import { attempt, keepForGood, purge, undo } from '../../store/kept';
import { Hint } from '../Hint';
import { useLibrary } from './useLibrary';
import { ago, useNow } from './when';
import './storageLine.css';

const GOOD =
  'A browser may clear what pages keep when the disk gets full. Asked to, it keeps these runs until you delete them yourself.';

/** Whether the browser has agreed to keep the site's data; null where it does not say. */
function usePersisted(): [boolean | null, () => void] {
  const [persisted, set] = useState<boolean | null>(null);
  const look = () =>
    void navigator.storage?.persisted?.().then(
      (is) => set(is),
      () => undefined,
    );
  useEffect(look, []);
  return [persisted, look];
}

/** Things that were deleted or taken back, each with its Undo. */
function Bin({ undos }: { undos: readonly Undo[] }) {
  const [sure, setSure] = useState(false);
  const now = useNow();
  if (!undos.length) return null;
  return (
    <details className="bin">
      <summary>
        {undos.length} thing{undos.length === 1 ? '' : 's'} can be undone
      </summary>
      <ul>
        {undos.map(({ token, what, at }) => (
          <li key={token}>
            <span>
              {what[0].toUpperCase()}
              {what.slice(1)} <span className="of">{ago(at, now)}</span>
            </span>
            <button type="button" className="text" onClick={() => void attempt('It was not undone', () => undo(token))}>
              Undo<span className="visually-hidden">: {what}</span>
            </button>
          </li>
        ))}
      </ul>
      {sure ? (
        <p>
          Deleted for good, this cannot be brought back.{' '}
          <button
            type="button"
            className="small"
            onClick={() => {
              setSure(false);
              void attempt('Nothing was deleted for good', purge);
            }}
          >
            Delete for good
          </button>{' '}
          <button type="button" className="small" onClick={() => setSure(false)}>
            Keep it
          </button>
        </p>
      ) : (
        <button type="button" className="small" onClick={() => setSure(true)}>
          Empty the bin…
        </button>
      )}
    </details>
  );
}

/** What is kept takes room: how much of how much, and what can be done about it. */
export function StorageLine() {
  const usage = useLibrary((s) => s.usage);
  const reason = useLibrary((s) => s.reason);
  const undos = useLibrary((s) => s.undos);
  const [persisted, look] = usePersisted();
  return (
    <div className="storage">
      <Bin undos={undos} />
      <p>
        {reason ? (
          <span className="fault">{reason[0].toUpperCase() + reason.slice(1)}.</span>
        ) : (
          usage && (
            <>
              <meter aria-label="Storage used" min={0} max={1} value={usage.used / usage.quota} /> {sizeText(usage.used)} used of{' '}
              {sizeText(usage.quota)}
            </>
          )
        )}
      </p>
      {!reason && persisted === true && <p>Kept until you delete it</p>}
      {!reason && persisted === false && (
        <p>
          <Hint text={GOOD}>The browser may clear it</Hint>{' '}
          <button
            type="button"
            className="text"
            onClick={() => void attempt('The browser was not asked', keepForGood).then(look)}
          >
            Keep for good
          </button>
        </p>
      )}
    </div>
  );
}
