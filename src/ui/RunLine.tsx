import type { LabState } from '../store/state';
import { pace, whole } from './format';
import { Hint } from './Hint';
import { useLab } from './useLab';

function describe({ status, progress, playSoon, pauseSoon, step }: LabState): string {
  if (pauseSoon) return 'Pausing';
  if (progress) return `${progress.what} ${Math.floor(100 * progress.done)} %`;
  switch (status) {
    case 'preparing':
      return playSoon ? 'Preparing the kernels, then training' : 'Preparing the kernels';
    case 'paused':
      return step === 0 ? 'Ready' : 'Paused';
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

/** Where the run stands: status, steps, pace, device. */
export function RunLine() {
  const status = useLab((s) => s.status);
  const text = useLab(describe);
  const step = useLab((s) => s.step);
  const steps = useLab((s) => s.run?.steps ?? s.config.steps);
  const speed = useLab((s) => s.stepsPerSecond);
  const run = useLab((s) => s.run);
  const done = useLab(
    (s) => s.progress?.done ?? (s.status === 'preparing' ? undefined : s.step / (s.run?.steps ?? s.config.steps)),
  );
  return (
    <section className="run" aria-label="Run">
      <progress max={1} value={done} aria-label={text} />
      <p className="facts">
        <strong className="status">{text}</strong>
        <span className="visually-hidden" role="status">
          {status}
        </span>
        <span>
          Step <b data-testid="step">{whole(step)}</b> of {whole(steps)}
        </span>
        {speed !== null && (
          <span>
            <b>{pace(speed)}</b> steps/s
          </span>
        )}
        {run && (
          <>
            <span>
              <b>{whole(run.parameters)}</b>{' '}
              <Hint text="Trained numbers: the policy and, for MCPO, the projection head.">parameters</Hint>
            </span>
            <span className="device">
              <Hint
                text={
                  run.backend === 'webgpu'
                    ? `Kernels run on WebGPU: ${run.adapter}.`
                    : 'Kernels run on the CPU: the same results in kind, more slowly.'
                }
              >
                {run.backend === 'webgpu' ? 'WebGPU' : 'CPU'}
              </Hint>{' '}
              {run.adapter}
            </span>
          </>
        )}
      </p>
    </section>
  );
}
