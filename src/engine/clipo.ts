import type { Layout, PlanBuilder } from '../gpu/plan';
import { clipoGrad } from '../kernels/clipoGrad';
import { clipoLoss } from '../kernels/clipoLoss';
import { clipoPool } from '../kernels/clipoPool';
import { clipoStats } from '../kernels/clipoStats';
import { linear } from '../kernels/linear';
import { linearGradInput } from '../kernels/linearGradInput';
import { linearGradWeight } from '../kernels/linearGradWeight';
import { normalizeRows } from '../kernels/normalizeRows';
import { normalizeRowsGrad } from '../kernels/normalizeRowsGrad';
import { addForward, type PolicyContext } from './policy';
import type { HeadShape } from './shape';

/** What CLIPO's dispatches need to know: the plan around them and CLIPO's own head, W h or W₂ relu(W₁ h). */
export interface ClipoContext extends PolicyContext {
  clipo: HeadShape;
}

const RELU = 1;
const rolloutsOf = ({ batch }: PolicyContext) => batch.prompts * batch.group;

/** Declares CLIPO's buffers over all B·G rollouts of a batch; `batch.bonus` belongs to the batch. */
export function clipoResources(layout: Layout, c: ClipoContext): void {
  const rows = rolloutsOf(c);
  const { input, hidden, width } = c.clipo;
  const add = (name: string, columns: number) => layout.add(`clipo.${name}`, 'f32', rows * columns);
  add('h', input);
  add('label', 1); // reward; below 0: no rollout
  if (hidden) add('a', hidden);
  add('u', width);
  add('z', width);
  add('norm', 1);
  add('anchor', 4); // (l, log of the denominator, what the gradient needs of the positives, 1)
  add('dz', width);
  add('du', width);
  if (hidden) add('da', hidden);
}

/**
 * Appends CLIPO's reward: forward pass of every mini-batch under the policy that made the rollouts → `clipo.h` → head → losses →
 * `batch.bonus`. The first mini-batch goes last, so that its activations are still there when its update begins.
 */
export function addClipo(b: PlanBuilder, c: ClipoContext): void {
  const { policy, batch, parameters } = c;
  const { hidden, width } = c.clipo;
  const rows = rolloutsOf(c);
  const prompts = batch.prompts / batch.miniBatches;
  for (let i = batch.miniBatches - 1; i >= 0; i--) {
    addForward(b, c, i * prompts);
    b.add(
      clipoPool,
      {
        first: i * prompts,
        prompts,
        group: batch.group,
        promptLength: policy.promptLength,
        responseLength: policy.responseLength,
        width: policy.width,
        totalPrompts: batch.prompts,
      },
      { hidden: 'policy.final', length: 'batch.length', reward: 'batch.reward', h: 'clipo.h', label: 'clipo.label' },
    );
  }
  const apply = (name: string, x: string, y: string, activation: number) => {
    const { offset, rows: outputs, columns: inputs } = parameters.at(`clipo.${name}.weight`);
    b.add(
      linear,
      { rows, inputs, outputs, weight: offset, bias: -1, stride: parameters.size, activation, accumulate: 0 },
      { x: `clipo.${x}`, parameters: 'parameters', y: `clipo.${y}` },
      `clipo.${name}`,
    );
  };
  if (hidden) apply('hidden', 'h', 'a', 0);
  apply('output', hidden ? 'a' : 'h', 'u', hidden ? RELU : 0);
  b.add(
    normalizeRows,
    { rows, width, points: rows },
    { u: 'clipo.u', reward: 'clipo.label', z: 'clipo.z', norm: 'clipo.norm' },
    'normalizeRows clipo',
  );
  b.add(
    clipoLoss,
    { prompts: batch.prompts, group: batch.group, width },
    {
      hyper: 'hyper',
      state: 'state',
      z: 'clipo.z',
      norm: 'clipo.norm',
      label: 'clipo.label',
      anchor: 'clipo.anchor',
      bonus: 'batch.bonus',
    },
  );
}

/**
 * Appends CLIPO's metrics and the gradient of its head, from what `addClipo` left, into part 0 of `grad`. It goes before the last
 * mini-batch's objective, whose optimiser then updates the head: once a step, from the head that made the reward.
 */
export function addClipoGrad(b: PlanBuilder, c: ClipoContext): void {
  const { batch, parameters, parts } = c;
  const { hidden, width } = c.clipo;
  const rows = rolloutsOf(c);
  const stride = parameters.size;
  b.add(
    clipoStats,
    { rows },
    { hyper: 'hyper', label: 'clipo.label', anchor: 'clipo.anchor', bonus: 'batch.bonus', stats: 'stats' },
  );
  b.add(
    clipoGrad,
    { prompts: batch.prompts, group: batch.group, width },
    {
      hyper: 'hyper',
      z: 'clipo.z',
      norm: 'clipo.norm',
      label: 'clipo.label',
      anchor: 'clipo.anchor',
      stats: 'stats',
      dz: 'clipo.dz',
    },
  );
  b.add(
    normalizeRowsGrad,
    { rows, width, points: rows, weighted: 0 },
    { hyper: 'hyper', z: 'clipo.z', norm: 'clipo.norm', dz: 'clipo.dz', du: 'clipo.du' },
    'normalizeRowsGrad clipo',
  );
  const weights = (name: string, x: string, dy: string, activation: number) => {
    const { offset, rows: outputs, columns: inputs } = parameters.at(`clipo.${name}.weight`);
    b.add(
      linearGradWeight,
      {
        rows,
        inputs,
        outputs,
        weight: offset,
        bias: -1,
        stride,
        parts: 1,
        segments: 0,
        segmentsLength: 1,
        rowsPerPrompt: 1,
        activation,
        gradLength: parts * stride,
      },
      { x: `clipo.${x}`, dy: `clipo.${dy}`, segments: 'batch.segments', grad: 'grad' },
      `clipo.${name} dW`,
    );
  };
  weights('output', hidden ? 'a' : 'h', 'du', hidden ? RELU : 0);
  if (!hidden) return;
  const { offset: weight, rows: outputs, columns: inputs } = parameters.at('clipo.output.weight');
  b.add(
    linearGradInput,
    { rows, inputs, outputs, weight, stride, activation: RELU, accumulate: 0 },
    { dy: 'clipo.du', parameters: 'parameters', pre: 'clipo.a', dx: 'clipo.da' },
    'clipo.output dx',
  );
  weights('hidden', 'h', 'da', 0);
}
