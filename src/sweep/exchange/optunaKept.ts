import { isHeldOut } from '../objective';
import type { Assignment, SweepState, Trial } from '../types';
import { STATE } from './optunaLog';

/** How the attributes begin that only this program reads. */
export const OWN = 'mcpo-lab:';

/** What the study's attribute keeps of a sweep. */
export type KeptSweep = Pick<
  SweepState,
  'spec' | 'budget' | 'backend' | 'adapter' | 'memory' | 'version' | 'rounds' | 'seconds' | 'stopped' | 'queue'
> & { at: number };

/** What a trial's attribute keeps of it beyond what Optuna has places for. */
export type KeptTrial = Pick<Trial, 'point' | 'seed' | 'state' | 'why' | 'step' | 'value' | 'ended' | 'evaluations'> & {
  values: Assignment;
  /** Of `curveName`. */
  curve: readonly (number | null)[];
  byHand: boolean;
};

/** Optuna's state of a trial: those that were stopped or failed, or finished without a value, count as failed there. */
export function optunaState({ state, value }: Pick<Trial, 'state' | 'value'>): number {
  if (state === 'finished') return value === null ? STATE.fail : STATE.complete;
  return state === 'stopped' || state === 'failed' ? STATE.fail : STATE[state];
}

/** The training metric whose curve an export has: the objective's, or the reward. */
export const curveName = ({ spec: { objective } }: Pick<SweepState, 'spec'>): string =>
  isHeldOut(objective) ? 'reward/mean' : objective.metric;
