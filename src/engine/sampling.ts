import type { Layout, PlanBuilder } from '../gpu/plan';
import { cacheLength, sample, sampleColumns } from '../kernels/sample';
import { gruColumns, gruMemory, sampleGru } from '../kernels/sampleGru';
import { TOKEN } from '../tasks/vocabulary';
import type { ParameterLayout } from './parameters';
import type { BatchShape, PolicyShape } from './shape';

const commonShape = (policy: PolicyShape, batch: BatchShape, parameters: ParameterLayout) => {
  const first = parameters.at(`policy.layers.0.${policy.kind === 'gru' ? 'inputGates' : 'qkv'}`).offset;
  const end = parameters.at('policy.output').offset;
  return {
    prompts: batch.prompts,
    group: batch.group,
    promptLength: policy.promptLength,
    responseLength: policy.responseLength,
    vocabulary: policy.vocabulary,
    width: policy.width,
    layers: policy.layers,
    tokenEmbedding: parameters.at('policy.tokenEmbedding').offset,
    positionEmbedding: parameters.at('policy.positionEmbedding').offset,
    firstLayer: first,
    layerStride: (end - first) / policy.layers,
    output: end,
    stride: parameters.size,
    eos: TOKEN.eos,
  };
};
type Arguments = [policy: PolicyShape, batch: BatchShape, parameters: ParameterLayout];
const transformerShape = (...[policy, ...rest]: Arguments) => {
  const shape = { ...commonShape(policy, ...rest), heads: policy.heads };
  return { ...shape, columns: sampleColumns(shape) };
};
const gruShape = (...[policy, batch, parameters]: Arguments) => ({
  ...commonShape(policy, batch, parameters),
  columns: gruColumns(batch.group),
});

/** Declares what the sampler remembers: keys and values, or recurrent states. */
export function samplingResources(layout: Layout, ...of: Arguments): void {
  const length = of[0].kind === 'gru' ? gruMemory(gruShape(...of)) : cacheLength(transformerShape(...of));
  layout.add('sample.cache', 'f32', length);
}

/** Where a round of a step's generation goes: straight into the batch, or among the candidates that a filter picks from. */
export interface RoundPlace {
  into: 'batch' | 'candidate';
  round: number;
  rounds: number;
}
/** The only round of a batch that is not filtered. */
export const WHOLE_BATCH: RoundPlace = { into: 'batch', round: 0, rounds: 1 };

/** Appends the sampling of every rollout of one round: `<into>.prompt` → `<into>.response`, `.length`, `.logp`. */
export function addSampling(
  b: PlanBuilder,
  policy: PolicyShape,
  batch: BatchShape,
  parameters: ParameterLayout,
  { into, round, rounds } = WHOLE_BATCH,
): void {
  const buffers = {
    parameters: 'parameters',
    prompt: `${into}.prompt`,
    response: `${into}.response`,
    length: `${into}.length`,
    logp: `${into}.logp`,
    hyper: 'hyper',
    state: 'state',
  };
  if (policy.kind === 'gru')
    b.add(sampleGru, { ...gruShape(policy, batch, parameters), round, rounds }, { ...buffers, hidden: 'sample.cache' });
  else b.add(sample, { ...transformerShape(policy, batch, parameters), round, rounds }, { ...buffers, cache: 'sample.cache' });
}
