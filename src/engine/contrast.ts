import type { Layout, PlanBuilder } from '../gpu/plan';
import { arrange } from '../kernels/arrange';
import { centroidDistance } from '../kernels/centroidDistance';
import { compatibility } from '../kernels/compatibility';
import { contrastTotals } from '../kernels/contrastTotals';
import { groupMean } from '../kernels/groupMean';
import { logSumExpNegatives } from '../kernels/logSumExpNegatives';
import { normalizeRows } from '../kernels/normalizeRows';
import { normalizeRowsGrad } from '../kernels/normalizeRowsGrad';
import { gradLanes, pairGrad } from '../kernels/pairGrad';
import { pairLosses } from '../kernels/pairLosses';

/** Sizes of one pool. */
export interface ContrastShape {
  /** Rollouts N. */
  pool: number;
  /** Prompts M. */
  prompts: number;
  /** Embedding width D, a multiple of 4. */
  width: number;
  /** Domains C. */
  domains: number;
}

/** Up to this many prompts w is a table; beyond, the passes make it from the prototypes. The same bound holds for domain distances. */
export const TABLE_LIMIT = 512;

/** Rows of `contrast.z`: the pool, the prompts' prototypes from row N, the domains' centroids from row N + M. */
const pointsOf = ({ pool, prompts, domains }: ContrastShape) => pool + prompts + domains;
const tableLength = (groups: number) => (groups <= TABLE_LIMIT ? groups * groups : 1);

/** Declares the buffers of the contrastive step. `hyper` and `stats` are declared by the caller. */
export function contrastResources(layout: Layout, shape: ContrastShape): void {
  const { pool: N, prompts: M, width: D, domains: C } = shape;
  if (D % 4) throw new Error(`invalid embedding width: ${D} (a multiple of 4)`);
  layout.add('contrast.u', 'f32', N * D);
  layout.add('contrast.mask', 'u32', N); // 0: the rollout has no embedding
  layout.add('contrast.reward', 'f32', N);
  layout.add('contrast.prompt', 'u32', N);
  layout.add('contrast.domain', 'u32', N);
  layout.add('contrast.z', 'f32', pointsOf(shape) * D);
  layout.add('contrast.norm', 'f32', N);
  layout.add('contrast.order', 'u32', N + 4);
  layout.add('contrast.promptSize', 'f32', 2 * M); // (correct rollouts, length of their mean)
  layout.add('contrast.domainSize', 'f32', 2 * C);
  layout.add('contrast.weight', 'f32', tableLength(M));
  layout.add('contrast.distance', 'f32', tableLength(C));
  layout.add('contrast.anchor', 'f32', 4 * N); // (Λ, b, sum of negative logits, 0)
  layout.add('contrast.pairs', 'f32', 8 * N);
  layout.add('contrast.total', 'f32', 4);
  layout.add('contrast.dz', 'f32', N * D);
  layout.add('contrast.du', 'f32', N * D);
}

/**
 * Appends the contrastive step: from `contrast.u`, `.mask`, `.reward`, `.prompt`, `.domain` (prompts and domains ascending with the row)
 * to the metrics in `stats` and, with `gradients`, to `contrast.du`, which is ∂L_CL/∂u, times λ when `weighted`.
 */
export function addContrast(builder: PlanBuilder, shape: ContrastShape, { gradients, weighted }: { gradients: boolean; weighted: boolean }): void {
  const { pool: rows, prompts, width, domains } = shape;
  const points = pointsOf(shape);
  const table = prompts <= TABLE_LIMIT ? 1 : 0;
  const names = (...list: string[]) => Object.fromEntries(list.map((b) => [b, b === 'hyper' || b === 'stats' ? b : `contrast.${b}`]));
  const mean = (label: 'prompt' | 'domain', first: number, groups: number) =>
    builder.add(
      groupMean,
      { rows, width, points, first, groups },
      { label: `contrast.${label}`, size: `contrast.${label}Size`, ...names('order', 'z') },
      `groupMean ${label}`,
    );

  builder.add(normalizeRows, { rows, width, points }, names('u', 'mask', 'z', 'norm'));
  builder.add(arrange, { rows }, names('norm', 'reward', 'order'));
  mean('prompt', rows, prompts);
  mean('domain', rows + prompts, domains);
  if (table) builder.add(compatibility, { prompts, width, points, first: rows }, names('z', 'weight'));
  if (domains <= TABLE_LIMIT)
    builder.add(centroidDistance, { domains, width, points, first: rows + prompts }, names('z', 'distance', 'stats'));
  builder.add(logSumExpNegatives, { rows, width, points }, names('hyper', 'z', 'order', 'anchor'));
  builder.add(
    pairLosses,
    { rows, width, points, prompts, table },
    names('hyper', 'z', 'order', 'prompt', 'domain', 'anchor', 'weight', 'pairs'),
  );
  builder.add(
    contrastTotals,
    { rows, prompts, domains },
    names('hyper', 'order', 'pairs', 'promptSize', 'domainSize', 'anchor', 'total', 'stats'),
  );
  if (!gradients) return;
  builder.add(
    pairGrad,
    { rows, width, points, prompts, table, lanes: gradLanes(width) },
    names('z', 'order', 'prompt', 'domain', 'anchor', 'total', 'weight', 'dz'),
  );
  builder.add(
    normalizeRowsGrad,
    { rows, width, points, weighted: weighted ? 1 : 0 },
    names('hyper', 'z', 'norm', 'dz', 'du'),
  );
}
