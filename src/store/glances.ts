import type { CheckpointInfo } from '../archive/types';
import { theArchive } from './library';

export { sizeText } from '../archive/full';
export type { CheckpointInfo, RunRecord, Undo } from '../archive/types';

/** Steps at the end of a run that its small picture shows. */
export const GLANCE_STEPS = 120;

/** What the table shows of a run beyond its record. */
export interface Glance {
  /** Mean rewards of the last steps; NaN where there is none. */
  rewards: Float64Array;
  /** Ascending by step. */
  checkpoints: readonly CheckpointInfo[];
  /** Of its checkpoints, and about what its steps take. */
  bytes: { checkpoints: number; steps: number };
}

/** Looks at a kept run; `most`: steps at its end. @throws Error when it was deleted for good */
export async function glanceAt(id: string, most = GLANCE_STEPS): Promise<Glance> {
  const { steps, checkpoints } = await theArchive().glance(id, most);
  const last = steps.at(-1);
  return {
    rewards: Float64Array.from(steps, (s) => s.metrics['reward/mean'] ?? Number.NaN),
    checkpoints,
    bytes: {
      checkpoints: checkpoints.reduce((sum, c) => sum + c.bytes, 0),
      steps: last ? last.step * JSON.stringify(last).length : 0,
    },
  };
}
