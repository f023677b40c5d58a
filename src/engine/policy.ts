import type { Layout, PlanBuilder } from '../gpu/plan';
import { gru } from './gru';
import {
  addEmbed,
  addEmbedGrad,
  addLinear,
  addLinearGrad,
  addNorm,
  addNormGrad,
  addRows,
  type Backbone,
  type PolicyContext,
} from './layers';
import type { PolicyShape } from './shape';
import { transformer } from './transformer';

export type { PolicyContext } from './layers';

/**
 * The policy's contract: whatever the backbone, the forward pass leaves the final hidden states in `policy.final` [X, H] and the
 * logits in `policy.logits` [X, V], and the backward pass starts from dL/dfinal in `policy.dnorm`.
 */
const BACKBONES: Record<PolicyShape['kind'], Backbone> = { transformer, gru };

/** Declares activations and their gradients for one mini-batch, `parameters` and `grad`. */
export function policyResources(layout: Layout, c: PolicyContext): void {
  const { kind, width, vocabulary } = c.policy;
  addRows(layout, c, 'x', width);
  BACKBONES[kind].resources(layout, c);
  addRows(layout, c, 'final', width);
  addRows(layout, c, 'finalInv', 1);
  addRows(layout, c, 'logits', vocabulary);
  addRows(layout, c, 'dx', width);
  addRows(layout, c, 'dnorm', width);
  layout.add('parameters', 'f32', c.parameters.size);
  layout.add('grad', 'f32', c.parts * c.parameters.size);
}

/** Appends the forward pass of the mini-batch whose first prompt is `first`: batch tokens → `policy.final`, `policy.logits`. */
export function addForward(b: PlanBuilder, c: PolicyContext, first: number): void {
  addEmbed(b, c, first);
  BACKBONES[c.policy.kind].addLayers(b, c);
  addNorm(b, c, 'final', 'finalInv');
  addLinear(b, c, { tensor: 'policy.output', x: 'final', y: 'logits' });
}

/**
 * Appends the gradient of the output layer: `policy.logits` (holding dL/dlogits) → `policy.dnorm` = dL/dfinal and the output
 * matrix's gradient. What else reaches the final hidden states is added to `policy.dnorm` before `addBackward`.
 */
export function addOutputGrad(b: PlanBuilder, c: PolicyContext, segments: number): void {
  addLinearGrad(b, c, segments, { tensor: 'policy.output', x: 'final', dy: 'logits', dx: 'dnorm' });
}

/** Appends the backward pass from `policy.dnorm` = dL/dfinal down to the embeddings. `segments`: this mini-batch's place in `batch.segments`. */
export function addBackward(b: PlanBuilder, c: PolicyContext, first: number, segments: number): void {
  addNormGrad(b, c, 'final', 'finalInv', 0);
  BACKBONES[c.policy.kind].addLayersGrad(b, c, segments);
  addEmbedGrad(b, c, first, segments);
}
