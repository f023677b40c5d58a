import type { Layout, PlanBuilder } from '../gpu/plan';
import { adamW } from '../kernels/adamW';
import { countTokens } from '../kernels/countTokens';
import { finishUpdate } from '../kernels/finishUpdate';
import { gradientScale, PARAMETER_GROUP } from '../kernels/gradientScale';
import { gradientGroups, gradientSum } from '../kernels/gradientSum';
import { STATS_SIZE } from '../kernels/metrics';
import { moveTaskWeights } from '../kernels/moveTaskWeights';
import { policyLoss } from '../kernels/policyLoss';
import { policyStats } from '../kernels/policyStats';
import { poolHiddenGrad } from '../kernels/poolHiddenGrad';
import { poolLabels } from '../kernels/poolLabels';
import { addContrast, contrastResources } from './contrast';
import { addHead, addHeadGrad, headResources } from './head';
import { addBackward, addForward, addOutputGrad, type PolicyContext, policyResources } from './policy';
import { addPooling } from './pooling';
import type { HeadShape } from './shape';
import { addSurgery, surgeryResources, surgerySizes } from './surgery';

/** Updates that the metrics ring holds. */
export const RING_ROWS = 64;

function optimizerResources(layout: Layout, size: number): void {
  layout.add('total', 'f32', size);
  layout.add('squares', 'f32', 4 * gradientGroups(size));
  layout.add('moment1', 'f32', size);
  layout.add('moment2', 'f32', size);
  layout.add('scale', 'f32', 8);
  layout.add('ring', 'f32', RING_ROWS * STATS_SIZE);
}

/** What one mini-batch's update needs to know. */
export interface UpdateContext extends PolicyContext {
  /** Left out when nothing uses the contrastive loss. */
  head?: HeadShape;
  /** Whether some run's gradient also flows through the compatibility weights. */
  throughWeights?: boolean;
  /** CLIPO's own head; left out when nothing uses its contrastive reward. */
  clipo?: HeadShape;
  /** Some run's gradient is a weighted sum over the domains (MGS). */
  surgery?: boolean;
  /** Some run moves task weights (MT-GRPO). */
  curriculum?: boolean;
  /** Advantage 1, ratio 1: plain likelihood of the responses. */
  supervised?: boolean;
}

const contrastOptions = ({ throughWeights = false }: UpdateContext) => ({
  gradients: true,
  weighted: true,
  throughWeights,
  spread: true,
});

/** Sizes of mini-batch `index` as the kernels over its rollouts have them. */
const sizesOf = ({ batch }: UpdateContext, index: number) => {
  const prompts = batch.prompts / batch.miniBatches;
  return { first: index * prompts, prompts, group: batch.group, totalPrompts: batch.prompts };
};

/**
 * Appends the losses of mini-batch `index`: forward, policy loss, pooling, head, contrastive loss → `policy.tokenStats`, `contrast.*`,
 * `stats`. With `gradients` also what their backward pass starts from: dL/dlogits (which replace the logits) and `contrast.du`.
 * @param forwarded the forward pass of this mini-batch has just been made
 */
export function addLosses(b: PlanBuilder, c: UpdateContext, index: number, { gradients = true, forwarded = false } = {}): void {
  const { policy, batch, parameters, parts, head } = c;
  const sizes = sizesOf(c, index);
  const { first, prompts } = sizes;
  const pool = prompts * batch.group;

  b.add(countTokens, sizes, { length: 'batch.length', tokens: 'policy.tokens' });
  if (!forwarded) addForward(b, c, first);
  addPolicyLoss(b, c, first, 'policy.tokenStats');
  b.add(
    policyStats,
    { ...sizes, responseLength: policy.responseLength },
    { tokenStats: 'policy.tokenStats', length: 'batch.length', stats: 'stats' },
  );
  if (!head) return;
  addPooling(b, c, first);
  b.add(poolLabels, sizes, {
    hyper: 'hyper',
    reward: 'batch.reward',
    score: 'batch.score',
    length: 'batch.length',
    domain: 'batch.domain',
    poolReward: 'contrast.reward',
    poolPrompt: 'contrast.prompt',
    poolDomain: 'contrast.domain',
  });
  addHead(b, { pool, head, parameters, parts });
  addContrast(b, { pool, prompts, width: head.width, domains: parts }, { ...contrastOptions(c), gradients });
}

/**
 * Appends objective and gradient of mini-batch `index`: its losses, then backward → `total`.
 * @param forwarded the forward pass of this mini-batch has just been made
 */
export function addObjective(b: PlanBuilder, c: UpdateContext, index: number, forwarded = false): void {
  const { policy, batch, parameters, parts, head } = c;
  const sizes = sizesOf(c, index);
  const segments = index * (parts + 1);
  addLosses(b, c, index, { forwarded });
  addOutputGrad(b, c, segments);
  if (head) {
    addHeadGrad(b, { pool: sizes.prompts * batch.group, head, parameters, parts });
    const { promptLength, responseLength, width } = policy;
    b.add(
      poolHiddenGrad,
      { ...sizes, promptLength, responseLength, width },
      { dh: 'contrast.dh', length: 'batch.length', hyper: 'hyper', state: 'state', dfinal: 'policy.dnorm' },
    );
  }
  addBackward(b, c, sizes.first, segments);
  const { size, headStart, clipoStart } = parameters;
  if (parts > 1) addSurgery(b, c);
  b.add(
    gradientSum,
    { size, headStart, clipoStart, parts, weighted: Number(c.surgery ?? false), tensors: surgerySizes(parameters).tensors },
    { grad: 'grad', tensors: 'surgery.tensors', weight: 'surgery.weight', total: 'total', squares: 'squares' },
  );
}

/**
 * Appends the optimiser update of mini-batch `index` from `total`: norm clip, NaN guard, AdamW, metrics to the ring. CLIPO's head is
 * updated once a step, with the last mini-batch.
 */
export function addOptimizer(b: PlanBuilder, c: UpdateContext, index: number): void {
  const { head, batch } = c;
  const last = index === batch.miniBatches - 1;
  const clipo = last && Boolean(c.clipo);
  const { size, headStart, clipoStart } = c.parameters;
  b.add(
    gradientScale,
    { size, head: Number(Boolean(head)), clipo: Number(clipo) },
    { squares: 'squares', tokens: 'policy.tokens', hyper: 'hyper', state: 'state', stats: 'stats', scale: 'scale' },
  );
  const step = (start: number, count: number, group: number, label: string) =>
    b.add(
      adamW,
      { start, count, group, size },
      {
        parameters: 'parameters',
        total: 'total',
        moment1: 'moment1',
        moment2: 'moment2',
        hyper: 'hyper',
        state: 'state',
        scale: 'scale',
      },
      label,
    );
  step(0, headStart, PARAMETER_GROUP.policy, 'adamW policy');
  if (head) step(headStart, clipoStart - headStart, PARAMETER_GROUP.head, 'adamW head');
  if (clipo) step(clipoStart, size - clipoStart, PARAMETER_GROUP.clipo, 'adamW clipo');
  if (c.curriculum) addTaskWeights(b, c, index);
  b.add(finishUpdate, { rows: RING_ROWS, endOfStep: Number(last) }, { stats: 'stats', state: 'state', ring: 'ring' });
}

/** Appends MT-GRPO's task weights: the losses of the mini-batch once more, after its update, then the weights' own update. */
function addTaskWeights(b: PlanBuilder, c: UpdateContext, index: number): void {
  const { policy, batch, parts } = c;
  const sizes = sizesOf(c, index);
  addForward(b, c, sizes.first);
  addPolicyLoss(b, c, sizes.first, 'policy.tokenStatsAfter');
  b.add(
    moveTaskWeights,
    {
      ...sizes,
      responseLength: policy.responseLength,
      domains: parts,
      endOfStep: Number(index === batch.miniBatches - 1),
    },
    {
      before: 'policy.tokenStats',
      after: 'policy.tokenStatsAfter',
      length: 'batch.length',
      domain: 'batch.domain',
      hyper: 'hyper',
      curriculum: 'curriculum',
      stats: 'stats',
    },
  );
}

/** Appends (3) for the mini-batch from prompt `first`: `policy.logits` → its gradient, in place, and `tokenStats`. */
function addPolicyLoss(b: PlanBuilder, c: UpdateContext, first: number, tokenStats: string): void {
  const { policy, batch } = c;
  b.add(
    policyLoss,
    {
      first,
      prompts: batch.prompts / batch.miniBatches,
      group: batch.group,
      promptLength: policy.promptLength,
      responseLength: policy.responseLength,
      vocabulary: policy.vocabulary,
      supervised: Number(c.supervised ?? false),
      totalPrompts: batch.prompts,
    },
    {
      logits: 'policy.logits',
      response: 'batch.response',
      length: 'batch.length',
      logp: 'batch.logp',
      advantage: 'batch.advantage',
      hyper: 'hyper',
      tokens: 'policy.tokens',
      tokenStats,
    },
  );
}

/** Declares everything that `addObjective` and `addOptimizer` use beside `batch.*`. */
export function updateResources(layout: Layout, c: UpdateContext): void {
  const pool = (c.batch.prompts / c.batch.miniBatches) * c.batch.group;
  policyResources(layout, c);
  layout.add('policy.tokens', 'u32', 1);
  layout.add('policy.tokenStats', 'f32', pool * c.policy.responseLength * 4);
  if (c.curriculum) layout.add('policy.tokenStatsAfter', 'f32', pool * c.policy.responseLength * 4);
  surgeryResources(layout, c);
  optimizerResources(layout, c.parameters.size);
  if (!c.head) return;
  headResources(layout, { pool, head: c.head, parameters: c.parameters, parts: c.parts });
  const shape = { pool, prompts: c.batch.prompts / c.batch.miniBatches, width: c.head.width, domains: c.parts };
  contrastResources(layout, shape, contrastOptions(c));
}
