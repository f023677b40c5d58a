import type { Config } from '../config/schema';
import type { Backend } from '../gpu/backend';
import { explain } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { RESPONSE_LENGTH } from '../tasks/vocabulary';
import type { Checkpoint } from './checkpoint';
import type { Frame } from './frame';
import { promptText, recordAt } from './poolFrame';
import { hiddenStates, type StatesOptions } from './representation';
import { policyShape } from './shape';

/**
 * Fresh responses to held-out prompts as a frame (method.md 9, Figure 4): `prompts` instances of each benchmark column, `samples` responses
 * each, vectors f32[N, H] the policy's pooled hidden states. Equal seeds give equal prompts and equal random numbers to any policy.
 * @param weights a run's flat parameters (`Trainer.weightsOf`), or a checkpoint
 * @param run the run's place in its fleet, for the frame only; so is `step`
 * @param progress told the share done, 0 to 1; return false to stop early (the frame is then null)
 * @throws Error as `hiddenStates`
 */
export async function heldOutFrame(
  backend: Backend,
  weights: Checkpoint | Float32Array,
  config: Config,
  run: number,
  step: number,
  options: StatesOptions,
  progress?: (done: number) => boolean,
): Promise<Frame | null> {
  const found = await hiddenStates(backend, weights, config, options, progress);
  if (!found) return null;
  const { n, width, states, domain, column, instance, reward, response, length, columns, records } = found;
  const { promptLength } = policyShape(config);
  const T = RESPONSE_LENGTH;
  return {
    source: 'heldOut',
    run,
    step,
    n,
    domains: DOMAINS.map((d) => d.id),
    columns: columns.map((c) => c.column),
    domain,
    column,
    prompt: instance,
    reward,
    advantage: null,
    score: null,
    vectors: states,
    width,
    promptText: Array.from({ length: columns.length * options.prompts }, (_, i) =>
      promptText(recordAt(records, i), promptLength),
    ),
    reason: Array.from(instance, (i, row) =>
      explain(recordAt(records, i), response.subarray(row * T, (row + 1) * T), length[row]),
    ),
    response,
    length,
    responseLength: T,
    tokens: null,
  };
}
