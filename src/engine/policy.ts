import type { Layout, PlanBuilder } from '../gpu/plan';
import { attention } from '../kernels/attention';
import { attentionGradKey } from '../kernels/attentionGradKey';
import { attentionGradQuery } from '../kernels/attentionGradQuery';
import { embed } from '../kernels/embed';
import { embedGrad } from '../kernels/embedGrad';
import { linear } from '../kernels/linear';
import { linearGradInput } from '../kernels/linearGradInput';
import { linearGradWeight } from '../kernels/linearGradWeight';
import { rmsNorm } from '../kernels/rmsNorm';
import { rmsNormGrad } from '../kernels/rmsNormGrad';
import type { ParameterLayout } from './parameters';
import { type BatchShape, type PolicyShape, rowsPerPrompt } from './shape';

/** What the policy's dispatches need to know of the plan around them. */
export interface PolicyContext {
  policy: PolicyShape;
  batch: BatchShape;
  parameters: ParameterLayout;
  /** Gradient parts C: one per domain, or 1. */
  parts: number;
}

const RELU_SQUARED = 2;
const mini = ({ batch }: PolicyContext) => batch.prompts / batch.miniBatches;
const segmentsLength = ({ batch, parts }: PolicyContext) => batch.miniBatches * (parts + 1);
const rowCount = (c: PolicyContext) => mini(c) * rowsPerPrompt(c.policy, c.batch.group);

/** Declares activations and their gradients for one mini-batch. */
export function policyResources(layout: Layout, c: PolicyContext): void {
  const { width, heads, vocabulary, layers } = c.policy;
  const rows = rowCount(c);
  const add = (name: string, columns: number) => layout.add(`policy.${name}`, 'f32', rows * columns);
  add('x', width);
  for (let l = 0; l < layers; l++) {
    add(`${l}.norm1`, width);
    add(`${l}.inv1`, 1);
    add(`${l}.qkv`, 3 * width);
    add(`${l}.attention`, width);
    add(`${l}.lse`, heads);
    add(`${l}.norm2`, width);
    add(`${l}.inv2`, 1);
    add(`${l}.up`, 4 * width);
  }
  add('final', width);
  add('finalInv', 1);
  add('logits', vocabulary);
  add('dx', width);
  add('dnorm', width);
  add('dqkv', 3 * width);
  add('delta', heads);
  add('dup', 4 * width);
  layout.add('parameters', 'f32', c.parameters.size);
  layout.add('grad', 'f32', c.parts * c.parameters.size);
}

const embedShape = (c: PolicyContext, first: number) => ({
  first,
  prompts: mini(c),
  group: c.batch.group,
  promptLength: c.policy.promptLength,
  responseLength: c.policy.responseLength,
  width: c.policy.width,
  tokenEmbedding: c.parameters.at('policy.tokenEmbedding').offset,
  positionEmbedding: c.parameters.at('policy.positionEmbedding').offset,
  stride: c.parameters.size,
  totalPrompts: c.batch.prompts,
});
const attentionShape = (c: PolicyContext) => ({
  prompts: mini(c),
  group: c.batch.group,
  promptLength: c.policy.promptLength,
  responseLength: c.policy.responseLength,
  width: c.policy.width,
  heads: c.policy.heads,
});

/** Appends the forward pass of the mini-batch whose first prompt is `first`: batch tokens → `policy.final`, `policy.logits`. */
export function addForward(b: PlanBuilder, c: PolicyContext, first: number): void {
  const { width } = c.policy;
  const rows = rowCount(c);
  const norm = (y: string, inv: string) =>
    b.add(rmsNorm, { rows, width }, { x: 'policy.x', y: `policy.${y}`, inv: `policy.${inv}` }, y);
  const apply = (tensor: string, x: string, y: string, activation: number, accumulate: number) => {
    const { offset, rows: outputs, columns: inputs } = c.parameters.at(tensor);
    b.add(
      linear,
      { rows, inputs, outputs, weight: offset, bias: -1, stride: c.parameters.size, activation, accumulate },
      { x: `policy.${x}`, parameters: 'parameters', y: `policy.${y}` },
      tensor,
    );
  };
  b.add(embed, embedShape(c, first), {
    prompt: 'batch.prompt',
    response: 'batch.response',
    parameters: 'parameters',
    x: 'policy.x',
  });
  for (let l = 0; l < c.policy.layers; l++) {
    const name = `policy.layers.${l}`;
    norm(`${l}.norm1`, `${l}.inv1`);
    apply(`${name}.qkv`, `${l}.norm1`, `${l}.qkv`, 0, 0);
    b.add(
      attention,
      attentionShape(c),
      { qkv: `policy.${l}.qkv`, out: `policy.${l}.attention`, lse: `policy.${l}.lse` },
      `${l}.attention`,
    );
    apply(`${name}.out`, `${l}.attention`, 'x', 0, 1);
    norm(`${l}.norm2`, `${l}.inv2`);
    apply(`${name}.up`, `${l}.norm2`, `${l}.up`, 0, 0);
    apply(`${name}.down`, `${l}.up`, 'x', RELU_SQUARED, 1);
  }
  norm('final', 'finalInv');
  apply('policy.output', 'final', 'logits', 0, 0);
}

/**
 * Appends the gradient of the output layer: `policy.logits` (holding dL/dlogits) → `policy.dnorm` = dL/dfinal and the output
 * matrix's gradient. What else reaches the final hidden states is added to `policy.dnorm` before `addBackward`.
 */
export function addOutputGrad(b: PlanBuilder, c: PolicyContext, segments: number): void {
  addLinearGrad(b, c, segments, 'policy.output', 'final', 'logits', 'dnorm', 0);
}

/** Gradient of one linear layer: its weights' (per part), then its input's into `dx`. */
function addLinearGrad(
  b: PlanBuilder,
  c: PolicyContext,
  segments: number,
  tensor: string,
  x: string,
  dy: string,
  dx: string,
  activation: number,
): void {
  const { offset: weight, rows: outputs, columns: inputs } = c.parameters.at(tensor);
  const rows = rowCount(c);
  const stride = c.parameters.size;
  b.add(
    linearGradWeight,
    {
      rows,
      inputs,
      outputs,
      weight,
      bias: -1,
      stride,
      parts: c.parts,
      segments,
      segmentsLength: segmentsLength(c),
      rowsPerPrompt: rowsPerPrompt(c.policy, c.batch.group),
      activation,
      gradLength: c.parts * stride,
    },
    { x: `policy.${x}`, dy: `policy.${dy}`, segments: 'batch.segments', grad: 'grad' },
    `${tensor} dW`,
  );
  b.add(
    linearGradInput,
    { rows, inputs, outputs, weight, stride, activation, accumulate: 0 },
    { dy: `policy.${dy}`, parameters: 'parameters', pre: `policy.${x}`, dx: `policy.${dx}` },
    `${tensor} dx`,
  );
}

/** Appends the backward pass from `policy.dnorm` = dL/dfinal down to the embeddings. `segments`: this mini-batch's place in `batch.segments`. */
export function addBackward(b: PlanBuilder, c: PolicyContext, first: number, segments: number): void {
  const { width } = c.policy;
  const rows = rowCount(c);
  const normGrad = (y: string, inv: string, accumulate: number) =>
    b.add(
      rmsNormGrad,
      { rows, width, accumulate },
      { dy: 'policy.dnorm', y: `policy.${y}`, inv: `policy.${inv}`, dx: 'policy.dx' },
      `${y} dx`,
    );
  const layer = (tensor: string, x: string, dy: string, dx: string, activation = 0) =>
    addLinearGrad(b, c, segments, tensor, x, dy, dx, activation);

  normGrad('final', 'finalInv', 0);
  for (let l = c.policy.layers - 1; l >= 0; l--) {
    const name = `policy.layers.${l}`;
    layer(`${name}.down`, `${l}.up`, 'dx', 'dup', RELU_SQUARED);
    layer(`${name}.up`, `${l}.norm2`, 'dup', 'dnorm');
    normGrad(`${l}.norm2`, `${l}.inv2`, 1);
    layer(`${name}.out`, `${l}.attention`, 'dx', 'dnorm');
    b.add(
      attentionGradQuery,
      attentionShape(c),
      {
        qkv: `policy.${l}.qkv`,
        out: `policy.${l}.attention`,
        dout: 'policy.dnorm',
        lse: `policy.${l}.lse`,
        dqkv: 'policy.dqkv',
        delta: 'policy.delta',
      },
      `${l}.attention dq`,
    );
    b.add(
      attentionGradKey,
      attentionShape(c),
      { qkv: `policy.${l}.qkv`, dout: 'policy.dnorm', lse: `policy.${l}.lse`, delta: 'policy.delta', dqkv: 'policy.dqkv' },
      `${l}.attention dk dv`,
    );
    layer(`${name}.qkv`, `${l}.norm1`, 'dqkv', 'dnorm');
    normGrad(`${l}.norm1`, `${l}.inv1`, 1);
  }
  b.add(
    embedGrad,
    {
      ...embedShape(c, first),
      vocabulary: c.policy.vocabulary,
      parts: c.parts,
      segments,
      segmentsLength: segmentsLength(c),
      gradLength: c.parts * c.parameters.size,
    },
    { prompt: 'batch.prompt', response: 'batch.response', segments: 'batch.segments', dx: 'policy.dx', grad: 'grad' },
  );
}
