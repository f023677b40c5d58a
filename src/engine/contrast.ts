import { HYPER_SIZE } from '../config/hyper';
import type { Dispatch, Layout, Plan, PlanBuilder } from '../gpu/plan';
import { arrange } from '../kernels/arrange';
import { centroidDistance } from '../kernels/centroidDistance';
import { compatibility } from '../kernels/compatibility';
import { compatibilityGrad } from '../kernels/compatibilityGrad';
import { contrastTotals } from '../kernels/contrastTotals';
import { embeddingSpread, SPREAD_TILE } from '../kernels/embeddingSpread';
import { groupMean } from '../kernels/groupMean';
import { logSumExpNegatives } from '../kernels/logSumExpNegatives';
import { STATS_SIZE } from '../kernels/metrics';
import { normalizeRows } from '../kernels/normalizeRows';
import { normalizeRowsGrad } from '../kernels/normalizeRowsGrad';
import { pairGrad } from '../kernels/pairGrad';
import { pairLosses } from '../kernels/pairLosses';
import { prototypeGrad } from '../kernels/prototypeGrad';
import { spreadTotals } from '../kernels/spreadTotals';

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
  /** Whether w is a table, M × M, or made from the prototypes in every pass. Default: a table up to TABLE_LIMIT prompts. */
  table?: boolean;
}

/** What of the contrastive step to make. */
export interface ContrastOptions {
  /** Fills `contrast.du`. */
  gradients: boolean;
  /** Multiplies it by λ. */
  weighted: boolean;
  /** Also makes the gradient through the compatibilities (method.md 8.6), for the runs with contrast.weightGradient. */
  throughWeights?: boolean;
  /** Also measures uniformity and effective rank, one more pass over the pairs. */
  spread?: boolean;
}

/** Most prompts with a table of w, and most domains with a table of distances. */
export const TABLE_LIMIT = 512;

/** Rows of `contrast.z`: the pool, the prompts' prototypes from row N, the domains' centroids from row N + M. */
const pointsOf = ({ pool, prompts, domains }: ContrastShape) => pool + prompts + domains;
const hasTable = ({ prompts, table = prompts <= TABLE_LIMIT }: ContrastShape) => table;

/** Declares the buffers of the contrastive step, `hyper` and `stats` included, with the same options as `addContrast`. */
export function contrastResources(
  layout: Layout,
  shape: ContrastShape,
  { throughWeights = false, spread = false }: Partial<ContrastOptions> = {},
): void {
  const { pool: N, prompts: M, width: D, domains: C } = shape;
  if (D % 4) throw new Error(`invalid embedding width: ${D} (a multiple of 4)`);
  layout.add('hyper', 'f32', HYPER_SIZE);
  layout.add('stats', 'f32', STATS_SIZE);
  layout.add('contrast.u', 'f32', N * D);
  layout.add('contrast.reward', 'f32', N); // below 0: the rollout has no embedding
  layout.add('contrast.prompt', 'u32', N);
  layout.add('contrast.domain', 'u32', N);
  layout.add('contrast.z', 'f32', pointsOf(shape) * D);
  layout.add('contrast.norm', 'f32', N);
  layout.add('contrast.order', 'u32', N + 4);
  layout.add('contrast.size', 'f32', 2 * (M + C)); // prompts, then domains: (correct rollouts, length of their mean)
  if (hasTable(shape)) layout.add('contrast.weight', 'f32', M * M);
  layout.add('contrast.distance', 'f32', C <= TABLE_LIMIT ? C * C : 1);
  layout.add('contrast.anchor', 'f32', 4 * (N + 1)); // (Λ, b, share across domains, share within); then (β / Z_x, γ / Z_in, 1 / τ, L_x)
  layout.add('contrast.pairs', 'f32', 8 * N);
  layout.add('contrast.dz', 'f32', N * D);
  layout.add('contrast.du', 'f32', N * D);
  if (throughWeights) layout.add('contrast.slope', 'f32', M * M);
  if (spread) layout.add('contrast.spread', 'f32', 2 * Math.ceil(N / SPREAD_TILE) ** 2);
}

/**
 * Appends the contrastive step: from `contrast.u`, `.reward`, `.prompt`, `.domain` (prompts and domains ascending with the row)
 * to the metrics in `stats` and, with `gradients`, to `contrast.du`, which is ∂L_CL/∂u. Each run's open choices (method.md 11) come from
 * `hyper`.
 */
export function addContrast(
  builder: PlanBuilder,
  shape: ContrastShape,
  { gradients, weighted, throughWeights = false, spread = false }: ContrastOptions,
): void {
  const { pool: rows, prompts, width, domains } = shape;
  const points = pointsOf(shape);
  const all = { begin: 0, span: rows };
  const table = hasTable(shape) ? 1 : 0;
  const weight = table ? 'contrast.weight' : 'contrast.size';
  const names = (...list: string[]) =>
    Object.fromEntries(list.map((b) => [b, b === 'hyper' || b === 'stats' ? b : `contrast.${b}`]));
  const mean = (label: 'prompt' | 'domain', first: number, groups: number) =>
    builder.add(
      groupMean,
      { rows, width, points, first, groups },
      { label: `contrast.${label}`, ...names('order', 'z', 'size') },
      `groupMean ${label}`,
    );

  builder.add(normalizeRows, { rows, width, points }, names('u', 'reward', 'z', 'norm'));
  builder.add(arrange, { rows }, names('norm', 'reward', 'order'));
  mean('prompt', rows, prompts);
  mean('domain', rows + prompts, domains);
  if (table) builder.add(compatibility, { prompts, width, points, first: rows }, names('hyper', 'z', 'size', 'weight'));
  if (domains <= TABLE_LIMIT)
    builder.add(centroidDistance, { domains, width, points, first: rows + prompts }, names('z', 'distance', 'stats'));
  builder.add(logSumExpNegatives, { rows, width, points, ...all }, names('hyper', 'z', 'order', 'prompt', 'anchor'));
  builder.add(
    pairLosses,
    { rows, width, points, ...all, prompts, table },
    { ...names('hyper', 'z', 'order', 'prompt', 'domain', 'anchor', 'pairs'), weight },
  );
  builder.add(
    contrastTotals,
    { rows, prompts, domains },
    names('hyper', 'order', 'prompt', 'domain', 'pairs', 'size', 'anchor', 'stats'),
  );
  if (spread) {
    builder.add(embeddingSpread, { rows, width, points }, { ...names('z', 'order'), partial: 'contrast.spread' });
    builder.add(spreadTotals, { rows }, { ...names('order', 'stats'), partial: 'contrast.spread' });
  }
  if (!gradients) return;
  builder.add(
    pairGrad,
    { rows, width, points, ...all, prompts, table },
    { ...names('hyper', 'z', 'order', 'prompt', 'domain', 'anchor', 'dz'), weight },
  );
  if (throughWeights) {
    const sizes = { rows, width, points, prompts };
    builder.add(compatibilityGrad, sizes, names('hyper', 'z', 'order', 'prompt', 'domain', 'anchor', 'pairs', 'slope'));
    builder.add(prototypeGrad, sizes, names('hyper', 'z', 'order', 'prompt', 'size', 'slope', 'dz'));
  }
  builder.add(normalizeRowsGrad, { rows, width, points, weighted: weighted ? 1 : 0 }, names('hyper', 'z', 'norm', 'dz', 'du'));
}

/**
 * Cuts a plan into plans of at most about `budget` pair components each, so that no single submit of a large pool holds a device for
 * long. Kernels over pairs are cut by their positions `begin` … `begin + span`.
 */
export function slices(plan: Plan, budget = 2 ** 31): Plan[] {
  const out: Plan[] = [];
  let open: Dispatch[] = [];
  const close = () => {
    if (open.length) out.push({ name: plan.name, dispatches: open });
    open = [];
  };
  for (const d of plan.dispatches) {
    const { span, rows, width } = d.shape;
    const step = 16 * Math.max(1, Math.floor(budget / (16 * rows * width)));
    if (span === undefined || span <= step) {
      open.push(d);
      continue;
    }
    close();
    for (let begin = 0; begin < span; begin += step) {
      const shape = { ...d.shape, begin, span: Math.min(step, span - begin) };
      out.push({ name: plan.name, dispatches: [{ ...d, shape }] });
    }
  }
  close();
  return out;
}
