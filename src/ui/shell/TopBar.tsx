import { useState } from 'react';
import { evaluate, isPlaying, playOrPause, reset, setPace, step } from '../../store/lab';
import type { LabState } from '../../store/state';
import { pace, whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import { toggleKeyHelp } from './keyHelpState';

function describe({ status, progress, playSoon, pauseSoon, step: at }: LabState): string {
  if (pauseSoon) return 'Pausing';
  if (progress) return `${progress.what} ${Math.floor(100 * progress.done)} %`;
  switch (status) {
    case 'preparing':
      return playSoon ? 'Preparing, then training' : 'Preparing';
    case 'paused':
      return at === 0 ? 'Ready' : 'Paused';
    case 'training':
      return 'Training';
    case 'evaluating':
      return 'Evaluating';
    case 'finished':
      return 'Finished';
    default:
      return 'Stopped';
  }
}

/** Least seconds per step, as the menu offers them. */
const PACES = [
  { label: 'Full speed', seconds: 0 },
  { label: '2 steps/s', seconds: 0.5 },
  { label: '1 step/s', seconds: 1 },
  { label: '1 step in 4 s', seconds: 4 },
];

function Transport() {
  const playing = useLab(isPlaying);
  const status = useLab((s) => s.status);
  const ready = useLab((s) => s.fleet !== null && s.waiting === 0);
  const secondsPerStep = useLab((s) => s.secondsPerStep);
  /** A request acts at the next submission, in the middle of training too. */
  const answers = ready && (status === 'paused' || status === 'finished' || status === 'training');
  const over = status === 'finished' || status === 'failed';
  return (
    <div className="transport">
      <button
        type="button"
        className="primary"
        onClick={playOrPause}
        disabled={status === 'failed' || status === 'evaluating'}
        aria-keyshortcuts="Space"
      >
        <svg className="icon" viewBox="0 0 12 12" aria-hidden="true">
          <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 .8 11 6 2 11.2z'} fill="currentColor" />
        </svg>
        {playing ? 'Pause' : status === 'finished' ? 'Play again' : 'Play'}
      </button>
      <button type="button" onClick={step} disabled={!ready || over || status === 'evaluating'} aria-keyshortcuts=".">
        Step
      </button>
      <button type="button" onClick={reset} aria-keyshortcuts="Shift+R">
        Reset
      </button>
      <button
        type="button"
        className="evaluate"
        onClick={evaluate}
        disabled={!answers}
        title="Measures held-out accuracy now"
        aria-keyshortcuts="E"
      >
        Evaluate
      </button>
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

/** Status, steps, pace, device. */
function Facts() {
  const status = useLab((s) => s.status);
  const text = useLab(describe);
  const at = useLab((s) => s.step);
  const steps = useLab((s) => s.config.steps);
  const speed = useLab((s) => s.stepsPerSecond);
  const fleet = useLab((s) => s.fleet);
  const runs = useLab((s) => s.runs.length);
  return (
    <p className="facts">
      <strong className="status" data-status={status}>
        {text}
      </strong>
      <span>
        Step <b data-testid="step">{whole(at)}</b> of {whole(steps)}
      </span>
      <span className="speed">
        <b>{speed === null ? '–' : pace(speed)}</b> steps/s
      </span>
      {fleet && (
        <span className="device" title={fleet.adapter}>
          <Hint
            text={`${
              fleet.backend === 'webgpu'
                ? 'Kernels run on WebGPU'
                : 'Kernels run on the CPU: the same results in kind, more slowly'
            }: ${fleet.adapter}. ${runs > 1 ? `${runs} runs train side by side; each has` : 'The run has'} ${whole(fleet.parameters)} trained numbers.`}
          >
            {fleet.backend === 'webgpu' ? 'WebGPU' : 'CPU'}
          </Hint>{' '}
          {fleet.adapter}
        </span>
      )}
    </p>
  );
}

/** Copies the link to what is on the page. */
function Share() {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid('Link copied');
    } catch {
      setSaid('The address bar holds the link');
    }
    setTimeout(() => setSaid(''), 2500);
  };
  return (
    <>
      <button
        type="button"
        className="share"
        onClick={copy}
        title="Copies a link to exactly this: settings, view, step, selection"
      >
        {said || 'Share'}
      </button>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}

interface Props {
  brand: boolean;
  transport: boolean;
  /** Opens the settings where they do not fit beside the views; null without any. */
  onSettings: (() => void) | null;
}

/** Brand, transport, where the training stands, sharing. */
export function TopBar({ brand, transport, onSettings }: Props) {
  const text = useLab(describe);
  const done = useLab((s) => s.progress?.done ?? (s.status === 'preparing' ? undefined : s.step / s.config.steps));
  return (
    <header className="top">
      {brand && <h1>MCPO Lab</h1>}
      {transport && <Transport />}
      <Facts />
      <div className="tools">
        {onSettings && (
          <button type="button" className="settings-toggle" onClick={onSettings}>
            Settings
          </button>
        )}
        <Share />
        <button type="button" className="keys" onClick={toggleKeyHelp} aria-label="Keyboard shortcuts" aria-keyshortcuts="?">
          ?
        </button>
      </div>
      <progress max={1} value={done} aria-label={text} />
    </header>
  );
}
