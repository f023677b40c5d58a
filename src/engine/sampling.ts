import type { Layout, PlanBuilder } from '../gpu/plan';
import { cacheLength, sample, sampleColumns } from '../kernels/sample';
import { gruColumns, gruMemory, sampleGru } from '../kernels/sampleGru';
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
  b.add(
    sample,
    { ...sampleShape(policy, batch, parameters), round, rounds },
    {
      parameters: 'parameters',
      prompt: `${into}.prompt`,
      cache: 'sample.cache',
      response: `${into}.response`,
      length: `${into}.length`,
      logp: `${into}.logp`,
      hyper: 'hyper',
      state: 'state',
    },
  );
}
