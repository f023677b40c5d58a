import type { PlanBuilder } from '../gpu/plan';
import { poolHidden } from '../kernels/poolHidden';
import type { PolicyContext } from './policy';

/** Appends the pooling of the mini-batch whose first prompt is `first`: `policy.final` → `contrast.h`, f32[N, H]. */
export function addPooling(b: PlanBuilder, { batch, policy }: PolicyContext, first: number): void {
  b.add(
    poolHidden,
    {
      first,
      prompts: batch.prompts / batch.miniBatches,
      group: batch.group,
      promptLength: policy.promptLength,
      responseLength: policy.responseLength,
      width: policy.width,
      totalPrompts: batch.prompts,
    },
    { hyper: 'hyper', hidden: 'policy.final', length: 'batch.length', h: 'contrast.h' },
  );
}
