import type { LabState } from '../../store/state';
import { pace, whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';

/** What the training does, in a word or two. */
export function describe({ status, progress, playSoon, pauseSoon, step: at }: LabState): string {
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

/** Status, steps, pace, device. */
export function Facts() {
  const status = useLab((s) => s.status);
  const text = useLab(describe);
  const at = useLab((s) => s.step);
  const steps = useLab((s) => s.config.steps);
  const speed = useLab((s) => s.stepsPerSecond);
  const fleet = useLab((s) => s.fleet);
  const runs = useLab((s) => s.runs.length);
  return (
    <div className="facts">
      <strong className="status" data-status={status}>
        {text}
      </strong>
      <span className="reached">
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
    </div>
  );
}
