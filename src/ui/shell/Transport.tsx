import { reset } from '../../store/opening';
import { evaluate, isPlaying, playOrPause, setPace, step } from '../../store/transport';
import { useLab } from '../useLab';

/** Least seconds per step, as the menu offers them. */
const PACES = [
  { label: 'Full speed', seconds: 0 },
  { label: '2 steps/s', seconds: 0.5 },
  { label: '1 step/s', seconds: 1 },
  { label: '1 step in 4 s', seconds: 4 },
];

interface Props {
  act(): void;
  /** Whether it can be pressed now; a button that cannot keeps the focus that it has. */
  works: boolean;
  keys: string;
  className?: string;
  title?: string;
  children: React.ReactNode;
}

const Key = ({ act, works, keys, className, title, children }: Props) => (
  <button
    type="button"
    className={className}
    title={title}
    aria-disabled={!works}
    aria-keyshortcuts={keys}
    onClick={() => works && act()}
  >
    {children}
  </button>
);

/** Play, one step, reset, evaluate, speed. */
export function Transport() {
  const playing = useLab(isPlaying);
  const status = useLab((s) => s.status);
  const ready = useLab((s) => s.fleet !== null && s.waiting === 0);
  const secondsPerStep = useLab((s) => s.secondsPerStep);
  /** A request acts at the next submission, in the middle of training too. */
  const answers = ready && (status === 'paused' || status === 'finished' || status === 'training');
  const over = status === 'finished' || status === 'failed';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere
    <div className="transport" role="group" aria-label="Training">
      <Key className="primary" act={playOrPause} works={status !== 'failed' && status !== 'evaluating'} keys="Space">
        <svg className="icon" viewBox="0 0 12 12" aria-hidden="true">
          <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 .8 11 6 2 11.2z'} fill="currentColor" />
        </svg>
        {playing ? 'Pause' : status === 'finished' ? 'Play again' : 'Play'}
      </Key>
      <Key act={step} works={ready && !over && status !== 'evaluating'} keys=".">
        Step
      </Key>
      <Key act={reset} works keys="Shift+R">
        Reset
      </Key>
      <Key className="evaluate" act={evaluate} works={answers} keys="E" title="Measures held-out accuracy now">
        Evaluate
      </Key>
      <select
        className="choice pace"
        aria-label="Speed"
        title="How fast it trains"
        value={secondsPerStep}
        onChange={(e) => setPace(Number(e.target.value))}
      >
        {PACES.map(({ label, seconds }) => (
          <option key={seconds} value={seconds}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
