import { HYPER_SIZE } from '../config/hyper';
import { Layout, type Plan, PlanBuilder } from '../gpu/plan';
import { adamW } from '../kernels/adamW';
import { advantage } from '../kernels/advantage';
import { countTokens } from '../kernels/countTokens';
import { drawDemonstrations } from '../kernels/drawDemonstrations';
import { drawPrompts } from '../kernels/drawPrompts';
import { finishUpdate } from '../kernels/finishUpdate';
import { gradientScale } from '../kernels/gradientScale';
import { gradientSum } from '../kernels/gradientSum';
import { STATS_SIZE } from '../kernels/metrics';
import { policyLoss } from '../kernels/policyLoss';
import { policyStats } from '../kernels/policyStats';
import { poolHidden } from '../kernels/poolHidden';
import { poolHiddenGrad } from '../kernels/poolHiddenGrad';
import { rewardStats } from '../kernels/rewardStats';
import { STATE_SIZE } from '../kernels/state';
import { verify } from '../kernels/verify';
import { RECORD_SIZE } from '../tasks/bank';
import { addContrast, contrastResources } from './contrast';
import { addHead, addHeadGrad, headResources } from './head';
import type { ParameterLayout } from './parameters';
import { addBackward, addForward, addOutputGrad, type PolicyContext, policyResources } from './policy';
import { addSampling, samplingResources } from './sampling';
import type { BatchShape, HeadShape, PolicyShape } from './shape';

/** Updates that the metrics ring holds. */
export const RING_ROWS = 64;

export interface TrainShape {
  runs: number;
  policy: PolicyShape;
  /** Left out when no run of the fleet uses the contrastive loss. */
  head?: HeadShape;
  batch: BatchShape;
  domains: number;
  parameters: ParameterLayout;
  /** Instances in the bank and columns in its index. */
  records: number;
  columns: number;
}

/** Buffers of the batch, common to training, warm start and evaluation. */
export function batchResources(layout: Layout, policy: PolicyShape, batch: BatchShape, domains: number): void {
  const rollouts = batch.prompts * batch.group;
  layout.add('hyper', 'f32', HYPER_SIZE);
  layout.add('state', 'u32', STATE_SIZE);
  layout.add('stats', 'f32', STATS_SIZE);
  layout.add('batch.record', 'u32', batch.prompts);
  layout.add('batch.domain', 'u32', batch.prompts);
  layout.add('batch.segments', 'u32', batch.miniBatches * (domains + 1));
  layout.add('batch.prompt', 'u32', batch.prompts * policy.promptLength);
  layout.add('batch.response', 'u32', rollouts * policy.responseLength);
  layout.add('batch.length', 'u32', rollouts);
  layout.add('batch.logp', 'f32', rollouts * policy.responseLength);
  layout.add('batch.reward', 'f32', rollouts);
  layout.add('batch.advantage', 'f32', rollouts);
}

function optimizerResources(layout: Layout, size: number): void {
  layout.add('total', 'f32', size);
  layout.add('squares', 'f32', 2 * gradientGroups(size));
  layout.add('moment1', 'f32', size);
  layout.add('moment2', 'f32', size);
  layout.add('scale', 'f32', 4);
  layout.add('ring', 'f32', RING_ROWS * STATS_SIZE);
}

/** One optimiser update from `batch.*`: forward, objective, contrastive loss, backward, AdamW, metrics. */
function addUpdate(b: PlanBuilder, c: PolicyContext, head: HeadShape | undefined, index: number, supervised: boolean): void {
  const { policy, batch, parameters, parts } = c;
  const prompts = batch.prompts / batch.miniBatches;
  const first = index * prompts;
  const segments = index * (parts + 1);
  const pool = prompts * batch.group;
  const tokens = { first, prompts, group: batch.group, promptLength: policy.promptLength, responseLength: policy.responseLength };
  const headContext = head && { pool, head, parameters, parts };

  b.add(countTokens, { first, prompts, group: batch.group, totalPrompts: batch.prompts }, { length: 'batch.length', tokens: 'policy.tokens' });
  addForward(b, c, first);
  b.add(
    policyLoss,
    { ...tokens, vocabulary: policy.vocabulary, supervised: Number(supervised), totalPrompts: batch.prompts },
    {
      logits: 'policy.logits',
      response: 'batch.response',
      length: 'batch.length',
      logp: 'batch.logp',
      advantage: 'batch.advantage',
      hyper: 'hyper',
      tokens: 'policy.tokens',
      tokenStats: 'policy.tokenStats',
    },
  );
  b.add(policyStats, { ...tokens, totalPrompts: batch.prompts }, { tokenStats: 'policy.tokenStats', length: 'batch.length', hyper: 'hyper', stats: 'stats' });
  addOutputGrad(b, c, segments);
  if (headContext) {
    const pooled = { ...tokens, width: policy.width, totalPrompts: batch.prompts };
    b.add(poolHidden, pooled, {
      final: 'policy.final',
      length: 'batch.length',
      reward: 'batch.reward',
      domain: 'batch.domain',
      h: 'contrast.h',
      poolReward: 'contrast.reward',
      poolPrompt: 'contrast.prompt',
      poolDomain: 'contrast.domain',
    });
    addHead(b, headContext);
    addContrast(b, { pool, prompts, width: headContext.head.width, domains: parts }, { gradients: true, weighted: true });
    addHeadGrad(b, headContext);
    b.add(poolHiddenGrad, pooled, { dh: 'contrast.dh', length: 'batch.length', hyper: 'hyper', state: 'state', dfinal: 'policy.dnorm' });
  }
  addBackward(b, c, first, segments);
  const { size, headStart } = parameters;
  b.add(gradientSum, { size, headStart, parts }, { grad: 'grad', total: 'total', squares: 'squares' });
  b.add(
    gradientScale,
    { size, head: Number(Boolean(head)) },
    { squares: 'squares', hyper: 'hyper', state: 'state', stats: 'stats', scale: 'scale' },
  );
  const step = (start: number, count: number, group: number, label: string) =>
    b.add(
      adamW,
      { start, count, group, size },
      { parameters: 'parameters', total: 'total', moment1: 'moment1', moment2: 'moment2', hyper: 'hyper', state: 'state', scale: 'scale' },
      label,
    );
  step(0, headStart, 0, 'adamW policy');
  if (head) step(headStart, size - headStart, 1, 'adamW head');
  b.add(
    finishUpdate,
    { rows: RING_ROWS, endOfStep: Number(index === batch.miniBatches - 1) },
    { stats: 'stats', state: 'state', ring: 'ring' },
  );
}

function updateResources(layout: Layout, c: PolicyContext): void {
  const pool = (c.batch.prompts / c.batch.miniBatches) * c.batch.group;
  policyResources(layout, c);
  layout.add('policy.tokens', 'u32', 1);
  layout.add('policy.tokenStats', 'f32', pool * c.policy.responseLength * 4);
  optimizerResources(layout, c.parameters.size);
}

/** Layout and plan of one training step: draw, sample, verify, then one update per mini-batch. */
export function trainPlan(shape: TrainShape): { layout: Layout; plan: Plan } {
  const { policy, batch, head, parameters, domains } = shape;
  const layout = new Layout(shape.runs);
  const context: PolicyContext = { policy, batch, parameters, parts: domains };
  const prompts = batch.prompts / batch.miniBatches;
  batchResources(layout, policy, batch, domains);
  layout.add('bank.records', 'u32', shape.records * RECORD_SIZE);
  layout.add('bank.index', 'u32', 2 * domains + 2 * shape.columns);
  samplingResources(layout, policy, batch, parameters);
  updateResources(layout, context);
  if (head) {
    const pool = prompts * batch.group;
    headResources(layout, { pool, head, parameters, parts: domains });
    contrastResources(layout, { pool, prompts, width: head.width, domains });
  }

  const b = new PlanBuilder('train', layout);
  b.add(
    drawPrompts,
    { prompts: batch.prompts, miniBatches: batch.miniBatches, domains, columns: shape.columns, records: shape.records, promptLength: policy.promptLength },
    {
      records: 'bank.records',
      index: 'bank.index',
      hyper: 'hyper',
      state: 'state',
      record: 'batch.record',
      domain: 'batch.domain',
      prompt: 'batch.prompt',
      segments: 'batch.segments',
    },
  );
  addSampling(b, policy, batch, parameters);
  addVerify(b, policy, batch, shape.records);
  b.add(advantage, { prompts: batch.prompts, group: batch.group }, { reward: 'batch.reward', hyper: 'hyper', advantage: 'batch.advantage' });
  for (let i = 0; i < batch.miniBatches; i++) {
    b.add(
      rewardStats,
      { first: i * prompts, prompts, group: batch.group, totalPrompts: batch.prompts, domains },
      { reward: 'batch.reward', domain: 'batch.domain', stats: 'stats' },
    );
    addUpdate(b, context, head, i, false);
  }
  return { layout, plan: b.build() };
}

export function addVerify(b: PlanBuilder, policy: PolicyShape, batch: BatchShape, records: number): void {
  b.add(
    verify,
    { prompts: batch.prompts, group: batch.group, responseLength: policy.responseLength, records },
    { records: 'bank.records', record: 'batch.record', response: 'batch.response', length: 'batch.length', reward: 'batch.reward' },
  );
}

/** Layout and plan of one supervised step on `count` stored demonstrations, `batch` at a time (warm start). */
export function warmStartPlan(policy: PolicyShape, parameters: ParameterLayout, prompts: number, count: number): { layout: Layout; plan: Plan } {
  const batch: BatchShape = { prompts, group: 1, miniBatches: 1 };
  const context: PolicyContext = { policy, batch, parameters, parts: 1 };
  const layout = new Layout(1);
  batchResources(layout, policy, batch, 1);
  updateResources(layout, context);
  layout.add('demo.prompt', 'u32', count * policy.promptLength);
  layout.add('demo.response', 'u32', count * policy.responseLength);
  layout.add('demo.length', 'u32', count);
  const b = new PlanBuilder('warm start', layout);
  b.add(
    drawDemonstrations,
    { prompts, count, promptLength: policy.promptLength, responseLength: policy.responseLength },
    {
      demoPrompt: 'demo.prompt',
      demoResponse: 'demo.response',
      demoLength: 'demo.length',
      state: 'state',
      prompt: 'batch.prompt',
      response: 'batch.response',
      length: 'batch.length',
    },
  );
  addUpdate(b, context, undefined, 0, true);
  return { layout, plan: b.build() };
}
