import { changesOf } from '../../store/changes';
import { chooseBackend, dropChanges, reset } from '../../store/lab';
import { dismissError, dismissNotice, dismissProblems } from '../../store/look';
import { useLab } from '../useLab';

/** What went wrong, what was left out, and what can be done about it. */
export function Messages() {
  const problems = useLab((s) => s.problems);
  const notices = useLab((s) => s.notices);
  const error = useLab((s) => s.error);
  const backend = useLab((s) => s.backend);
  const onCpu = backend === 'cpu';
  const changed = useLab((s) => changesOf(s.presets, s.config).length > 0);
  return (
    <div className="messages">
      {error && (
        <div className="message grave" role="alert">
          <p>{error.text}</p>
          {error.fatal && (
            <button type="button" onClick={reset}>
              Start again
            </button>
          )}
          {error.fatal && changed && (
            <button type="button" onClick={dropChanges}>
              Undo the changes
            </button>
          )}
          {error.fatal && !onCpu && (
            <button type="button" onClick={() => chooseBackend('cpu')}>
              Use the CPU
            </button>
          )}
          {!error.fatal && (
            <button type="button" onClick={dismissError}>
              Dismiss
            </button>
          )}
        </div>
      )}
      {problems.length > 0 && (
        <div className="message grave" role="alert">
          <div>
            <p>Parts of this link could not be used:</p>
            <ul>
              {problems.map((p) => (
                <li key={p}>{p}</li>
              ))}
            </ul>
          </div>
          <button type="button" onClick={dismissProblems}>
            Dismiss
          </button>
        </div>
      )}
      {notices.map((text) => (
        <div className="message" role="status" key={text}>
          <p>{text}</p>
          <button type="button" className="text" onClick={() => dismissNotice(text)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}
