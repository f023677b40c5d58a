import { onTurn, send } from './engine';
import { lab } from './lab';
import { reset } from './opening';
import type { LabState } from './state';

/** Trains; a finished experiment trains again from its start. */
export function play(): void {
  if (lab.getState().status === 'finished') reset();
  const { fleet, waiting, status } = lab.getState();
  if (status === 'failed') return;
  const ready = fleet !== null && waiting === 0;
  lab.setState({ playSoon: !ready, playing: true });
  if (ready) send({ type: 'play' });
}

/** Stops training at the next submission. */
export function pause(): void {
  lab.setState(({ status }) => ({ playSoon: false, playing: false, pauseSoon: status === 'training' }));
  send({ type: 'pause' });
}

/** Training, or about to be. */
export const isPlaying = ({ status, playSoon }: LabState): boolean => status === 'training' || playSoon;

/** What the space bar does. */
export const playOrPause = (): void => (isPlaying(lab.getState()) ? pause() : play());

/** One training step; a training in progress stops for it. */
export function step(): void {
  if (lab.getState().status === 'training') send({ type: 'pause' });
  lab.setState({ playing: false });
  send({ type: 'step' });
}

/** At least this many seconds per step; 0 for as fast as it goes. */
export function setPace(secondsPerStep: number): void {
  lab.setState({ secondsPerStep });
  send({ type: 'pace', secondsPerStep });
}

/** Measures held-out accuracy now; training goes on afterwards. */
export function evaluate(): void {
  send({ type: 'evaluate' });
}

onTurn(() => {
  const { playSoon, fleet, waiting } = lab.getState();
  if (playSoon && fleet && waiting === 0) play();
});
