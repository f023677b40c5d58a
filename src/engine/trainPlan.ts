import { HYPER_SIZE } from '../config/hyper';
import { Layout, type Plan, PlanBuilder } from '../gpu/plan';
import { advantage } from '../kernels/advantage';
import { CURRICULUM_SIZE } from '../kernels/curriculum';
import { drawDemonstrations } from '../kernels/drawDemonstrations';
import { STATS_SIZE } from '../kernels/metrics';
import { rewardStats } from '../kernels/rewardStats';
import { STATE_SIZE } from '../kernels/state';
import { RECORD_SIZE } from '../tasks/record';
import { addClipo, addClipoGrad, clipoResources } from './clipo';
import { addGeneration, type GenerationShape, generationResources } from './generation';
import type { ParameterLayout } from './parameters';
import type { BatchShape, HeadShape, PolicyShape } from './shape';
import { addLosses, addObjective, addOptimizer, type UpdateContext, updateResources } from './update';

/** Everything that decides the buffers and dispatches of a training step. */
export interface TrainShape extends GenerationShape {
  runs: number;
  /** Left out when no run of the fleet uses the contrastive loss. */
  head?: HeadShape;
  /** Whether some run's contrastive gradient also flows through the compatibility weights. */
  throughWeights?: boolean;
  /** CLIPO's own head; left out when no run uses its contrastive reward. */
  clipo?: HeadShape;
  /** Whether some run moves task weights, which needs a forward pass after every update. */
  curriculum?: boolean;
  /** Whether some run's gradient is a weighted sum over the domains (MGS). */
  surgery?: boolean;
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
  layout.add('batch.bonus', 'f32', rollouts);
  layout.add('batch.score', 'f32', rollouts);
  layout.add('batch.advantage', 'f32', rollouts);
}

const contextOf = (shape: TrainShape): UpdateContext => ({
  policy: shape.policy,
  batch: shape.batch,
  parameters: shape.parameters,
  parts: shape.domains,
  ...(shape.head ? { head: shape.head } : {}),
  ...(shape.clipo ? { clipo: shape.clipo } : {}),
  surgery: shape.surgery ?? false,
  throughWeights: shape.throughWeights ?? false,
  curriculum: shape.curriculum ?? false,
});

/** Declares what a step's generation uses. */
function generationLayout(layout: Layout, shape: TrainShape): void {
  const { policy, batch, domains } = shape;
  batchResources(layout, policy, batch, domains);
  layout.add('parameters', 'f32', shape.parameters.size);
  layout.add('bank.records', 'u32', shape.records * RECORD_SIZE);
  layout.add('bank.index', 'u32', 2 * domains + 2 * shape.columns);
  generationResources(layout, shape);
}

/** Declares what a step's updates use. */
function updateLayout(layout: Layout, shape: TrainShape): void {
  const context = contextOf(shape);
  batchResources(layout, shape.policy, shape.batch, shape.domains);
  layout.add('curriculum', 'f32', CURRICULUM_SIZE);
  updateResources(layout, context);
  if (context.clipo) clipoResources(layout, { ...context, clipo: context.clipo });
}

/** Appends what follows the generation of a batch: CLIPO's reward, advantages, then one update per mini-batch. */
function addUpdates(b: PlanBuilder, shape: TrainShape): void {
  const { policy, batch, domains } = shape;
  const context = contextOf(shape);
  const prompts = batch.prompts / batch.miniBatches;
  const reward = context.clipo && { ...context, clipo: context.clipo };
  if (reward) addClipo(b, reward);
  b.add(
    advantage,
    { prompts: batch.prompts, group: batch.group, responseLength: policy.responseLength },
    {
      reward: 'batch.reward',
      length: 'batch.length',
      bonus: 'batch.bonus',
      hyper: 'hyper',
      score: 'batch.score',
      advantages: 'batch.advantage',
    },
  );
  for (let i = 0; i < batch.miniBatches; i++) {
    b.add(
      rewardStats,
      {
        first: i * prompts,
        prompts,
        group: batch.group,
        totalPrompts: batch.prompts,
        domains,
        responseLength: policy.responseLength,
      },
      {
        reward: 'batch.reward',
        score: 'batch.score',
        length: 'batch.length',
        record: 'batch.record',
        domain: 'batch.domain',
        hyper: 'hyper',
        stats: 'stats',
      },
    );
    if (reward && i === batch.miniBatches - 1) addClipoGrad(b, reward);
    addObjective(b, context, i, Boolean(reward) && i === 0);
    addOptimizer(b, context, i);
  }
}

/** Layout and plan of one training step: draw, sample, verify, then one update per mini-batch. */
export function trainPlan(shape: TrainShape): { layout: Layout; plan: Plan } {
  const layout = new Layout(shape.runs);
  generationLayout(layout, shape);
  updateLayout(layout, shape);
  const b = new PlanBuilder('train', layout);
  addGeneration(b, shape);
  addUpdates(b, shape);
  return { layout, plan: b.build() };
}

/** Layout and plan of a training step's first part, the generation of its batch. */
export function generationPlan(shape: TrainShape): { layout: Layout; plan: Plan } {
  const layout = new Layout(shape.runs);
  generationLayout(layout, shape);
  const b = new PlanBuilder('generate', layout);
  addGeneration(b, shape);
  return { layout, plan: b.build() };
}

/**
 * Layout and plan of a training step's second part, on a batch that is already in `batch.*`; and a plan that measures the losses of the
 * last mini-batch once more, with the parameters as they then are, and changes nothing but activations and `stats`.
 */
export function updatePlan(shape: TrainShape): { layout: Layout; plan: Plan; again: Plan } {
  const layout = new Layout(shape.runs);
  updateLayout(layout, shape);
  const b = new PlanBuilder('update', layout);
  addUpdates(b, shape);
  const again = new PlanBuilder('measure again', layout);
  addLosses(again, contextOf(shape), shape.batch.miniBatches - 1, { gradients: false });
  return { layout, plan: b.build(), again: again.build() };
}

/** Layout and plan of one supervised step on `count` stored demonstrations, `batch` at a time (warm start). */
export function warmStartPlan(
  policy: PolicyShape,
  parameters: ParameterLayout,
  prompts: number,
  count: number,
): { layout: Layout; plan: Plan } {
  const batch: BatchShape = { prompts, group: 1, miniBatches: 1 };
  const context: UpdateContext = { policy, batch, parameters, parts: 1, supervised: true };
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
  addObjective(b, context, 0);
  addOptimizer(b, context, 0);
  return { layout, plan: b.build() };
}
