import type { Layout, PlanBuilder } from '../gpu/plan';
import { cacheLength, sample, sampleColumns } from '../kernels/sample';
import { TOKEN } from '../tasks/vocabulary';
import type { ParameterLayout } from './parameters';
import type { BatchShape, PolicyShape } from './shape';

const sampleShape = (policy: PolicyShape, batch: BatchShape, parameters: ParameterLayout) => {
  const first = parameters.at('policy.layers.0.qkv').offset;
  const end = parameters.at('policy.output').offset;
  const shape = {
    prompts: batch.prompts,
    group: batch.group,
    promptLength: policy.promptLength,
    responseLength: policy.responseLength,
    vocabulary: policy.vocabulary,
    width: policy.width,
    layers: policy.layers,
    heads: policy.heads,
    tokenEmbedding: parameters.at('policy.tokenEmbedding').offset,
    positionEmbedding: parameters.at('policy.positionEmbedding').offset,
    firstLayer: first,
    layerStride: (end - first) / policy.layers,
    output: end,
    stride: parameters.size,
    eos: TOKEN.eos,
  };
  return { ...shape, columns: sampleColumns(shape) };
};

/** Declares the sampler's key and value cache. */
export function samplingResources(layout: Layout, policy: PolicyShape, batch: BatchShape, parameters: ParameterLayout): void {
  layout.add('sample.cache', 'f32', cacheLength(sampleShape(policy, batch, parameters)));
}

/** Appends the sampling of every rollout of the batch: `batch.prompt` → `batch.response`, `batch.length`, `batch.logp`. */
export function addSampling(b: PlanBuilder, policy: PolicyShape, batch: BatchShape, parameters: ParameterLayout): void {
  b.add(sample, sampleShape(policy, batch, parameters), {
    parameters: 'parameters',
    prompt: 'batch.prompt',
    cache: 'sample.cache',
    response: 'batch.response',
    length: 'batch.length',
    logp: 'batch.logp',
    hyper: 'hyper',
    state: 'state',
  });
}
