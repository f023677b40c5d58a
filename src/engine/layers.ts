import type { Layout, PlanBuilder } from '../gpu/plan';
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

/** What lies between embeddings and output norm: layers that read the residual stream `policy.x` and add to it. */
export interface Backbone {
  /** Declares activations and their gradients for one mini-batch. */
  resources(layout: Layout, c: PolicyContext): void;
  /** Appends all layers: `policy.x` in place. */
  addLayers(b: PlanBuilder, c: PolicyContext): void;
  /** Appends their gradients: `policy.dx` in place, weights into `grad`; `policy.dnorm` is free to use. */
  addLayersGrad(b: PlanBuilder, c: PolicyContext, segments: number): void;
}

const mini = ({ batch }: PolicyContext) => batch.prompts / batch.miniBatches;
const segmentsLength = ({ batch, parts }: PolicyContext) => batch.miniBatches * (parts + 1);

/** Rows X of a mini-batch. */
export const rowCount = (c: PolicyContext): number => mini(c) * rowsPerPrompt(c.policy, c.batch.group);

/** Declares `policy.name` with `columns` numbers a row. */
export const addRows = (layout: Layout, c: PolicyContext, name: string, columns: number): string =>
  layout.add(`policy.${name}`, 'f32', rowCount(c) * columns);

/** Sizes of a mini-batch's sequences. */
export const sequenceShape = (c: PolicyContext) => ({
  prompts: mini(c),
  group: c.batch.group,
  promptLength: c.policy.promptLength,
  responseLength: c.policy.responseLength,
  width: c.policy.width,
});

const embedShape = (c: PolicyContext, first: number) => ({
  first,
  ...sequenceShape(c),
  tokenEmbedding: c.parameters.at('policy.tokenEmbedding').offset,
  positionEmbedding: c.parameters.at('policy.positionEmbedding').offset,
  stride: c.parameters.size,
  totalPrompts: c.batch.prompts,
});

/** Appends the embedding of the mini-batch whose first prompt is `first`: batch tokens → `policy.x`. */
export function addEmbed(b: PlanBuilder, c: PolicyContext, first: number): void {
  b.add(embed, embedShape(c, first), {
    prompt: 'batch.prompt',
    response: 'batch.response',
    parameters: 'parameters',
    x: 'policy.x',
  });
}

/** Appends the gradient of both embedding tables from `policy.dx`. */
export function addEmbedGrad(b: PlanBuilder, c: PolicyContext, first: number, segments: number): void {
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

/** Appends RMSNorm of `policy.x` into `policy.y`. */
export function addNorm(b: PlanBuilder, c: PolicyContext, y: string, inv: string): void {
  const shape = { rows: rowCount(c), width: c.policy.width };
  b.add(rmsNorm, shape, { x: 'policy.x', y: `policy.${y}`, inv: `policy.${inv}` }, y);
}

/** Appends the gradient of `addNorm`: `policy.dnorm` → `policy.dx`, added to it with `accumulate` 1. */
export function addNormGrad(b: PlanBuilder, c: PolicyContext, y: string, inv: string, accumulate: number): void {
  b.add(
    rmsNormGrad,
    { rows: rowCount(c), width: c.policy.width, accumulate },
    { dy: 'policy.dnorm', y: `policy.${y}`, inv: `policy.${inv}`, dx: 'policy.dx' },
    `${y} dx`,
  );
}

/** A product with one of the policy's matrices: `policy.x` → `policy.y`; `activation` acts on x (codes as in `linear`). */
export interface Product {
  tensor: string;
  /** Tensor of the bias; none when left out. */
  bias?: string;
  x: string;
  y: string;
  activation?: number;
  accumulate?: number;
}

const biasOffset = (c: PolicyContext, bias?: string) => (bias === undefined ? -1 : c.parameters.at(bias).offset);

/** Appends a product of every row with a matrix. */
export function addLinear(
  b: PlanBuilder,
  c: PolicyContext,
  { tensor, bias, x, y, activation = 0, accumulate = 0 }: Product,
): void {
  const { offset, rows: outputs, columns: inputs } = c.parameters.at(tensor);
  b.add(
    linear,
    {
      rows: rowCount(c),
      inputs,
      outputs,
      weight: offset,
      bias: biasOffset(c, bias),
      stride: c.parameters.size,
      activation,
      accumulate,
    },
    { x: `policy.${x}`, parameters: 'parameters', y: `policy.${y}` },
    tensor,
  );
}

/** Gradient of a product with one of the policy's matrices: from `policy.x`, what it multiplied, and `policy.dy`. */
export interface ProductGrad {
  tensor: string;
  bias?: string;
  x: string;
  dy: string;
  activation?: number;
}

/** Appends the gradient of a matrix and its bias, one per part. */
export function addWeightGrad(
  b: PlanBuilder,
  c: PolicyContext,
  segments: number,
  { tensor, bias, x, dy, activation = 0 }: ProductGrad,
): void {
  const { offset: weight, rows: outputs, columns: inputs } = c.parameters.at(tensor);
  const stride = c.parameters.size;
  b.add(
    linearGradWeight,
    {
      rows: rowCount(c),
      inputs,
      outputs,
      weight,
      bias: biasOffset(c, bias),
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
}

/** Appends the gradient of a product: its weights' (per part), then its input's into `policy.dx`. */
export function addLinearGrad(
  b: PlanBuilder,
  c: PolicyContext,
  segments: number,
  { dx, ...product }: ProductGrad & { dx: string },
): void {
  const { tensor, x, dy, activation = 0 } = product;
  const { offset: weight, rows: outputs, columns: inputs } = c.parameters.at(tensor);
  addWeightGrad(b, c, segments, product);
  b.add(
    linearGradInput,
    { rows: rowCount(c), inputs, outputs, weight, stride: c.parameters.size, activation, accumulate: 0 },
    { dy: `policy.${dy}`, parameters: 'parameters', pre: `policy.${x}`, dx: `policy.${dx}` },
    `${tensor} dx`,
  );
}
