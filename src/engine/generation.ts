import type { Config } from '../config/schema';
import type { Layout, PlanBuilder } from '../gpu/plan';
import { CURRICULUM_SIZE } from '../kernels/curriculum';
import { drawDomains } from '../kernels/drawDomains';
import { drawPrompts } from '../kernels/drawPrompts';
import { fillBatch } from '../kernels/fillBatch';
import { filterGroups } from '../kernels/filterGroups';
import { gatherOutcomes } from '../kernels/gatherOutcomes';
import { gatherTokens } from '../kernels/gatherTokens';
import { openBatch } from '../kernels/openBatch';
import { samplerStats } from '../kernels/samplerStats';
import { verify } from '../kernels/verify';
import type { ParameterLayout } from './parameters';
import { addSampling, type RoundPlace, samplingResources, WHOLE_BATCH } from './sampling';
import type { BatchShape, PolicyShape } from './shape';

/** What the generation of a training batch needs to know. */
export interface GenerationShape {
  policy: PolicyShape;
  batch: BatchShape;
  parameters: ParameterLayout;
  domains: number;
  /** Instances in the bank and columns in its index. */
  records: number;
  columns: number;
  /** Rounds of B candidate prompts that some run may need; left out when every run trains on all that it draws. */
  rounds?: number;
}

/** Rounds of candidates for a fleet; undefined when none of its runs filters or weighs domains. */
export function roundsOf(configs: readonly Config[]): number | undefined {
  const selecting = configs.filter((c) => c.sampler.filter !== 'none' || c.curriculum.rule !== 'off');
  return selecting.length ? Math.max(...selecting.map((c) => c.sampler.rounds)) : undefined;
}

/** Declares the candidates' buffers and the sampler's cache. */
export function generationResources(layout: Layout, { policy, batch, parameters, rounds }: GenerationShape): void {
  samplingResources(layout, policy, batch, parameters);
  layout.add('curriculum', 'f32', CURRICULUM_SIZE);
  if (rounds === undefined) return;
  const prompts = rounds * batch.prompts;
  const rollouts = prompts * batch.group;
  layout.add('candidate.record', 'u32', prompts);
  layout.add('candidate.domain', 'u32', prompts);
  layout.add('candidate.place', 'u32', 2 * prompts);
  layout.add('candidate.prompt', 'u32', batch.prompts * policy.promptLength);
  layout.add('candidate.response', 'u32', rollouts * policy.responseLength);
  layout.add('candidate.logp', 'f32', rollouts * policy.responseLength);
  layout.add('candidate.length', 'u32', rollouts);
  layout.add('candidate.reward', 'f32', rollouts);
  layout.add('batch.source', 'u32', batch.prompts);
}

/** Appends the verifiers of one round: `<into>.response` → `<into>.reward`, 0 or 1. */
export function addVerify(
  b: PlanBuilder,
  policy: PolicyShape,
  batch: BatchShape,
  records: number,
  { into, round, rounds } = WHOLE_BATCH,
): void {
  b.add(
    verify,
    { prompts: batch.prompts, group: batch.group, responseLength: policy.responseLength, records, round, rounds },
    {
      records: 'bank.records',
      record: `${into}.record`,
      response: `${into}.response`,
      length: `${into}.length`,
      reward: `${into}.reward`,
    },
  );
}

/** Appends one round: domains, prompts, responses, rewards. */
function addRound(b: PlanBuilder, s: GenerationShape, place: RoundPlace): void {
  const { batch, policy, domains, columns, records, parameters } = s;
  const { into, round, rounds } = place;
  const { prompts, miniBatches } = batch;
  b.add(
    drawDomains,
    { prompts, miniBatches, domains, round, rounds },
    { hyper: 'hyper', state: 'state', curriculum: 'curriculum', domain: `${into}.domain`, segments: 'batch.segments' },
  );
  b.add(
    drawPrompts,
    { prompts, domains, columns, records, promptLength: policy.promptLength, round, rounds },
    {
      records: 'bank.records',
      index: 'bank.index',
      state: 'state',
      domain: `${into}.domain`,
      record: `${into}.record`,
      prompt: `${into}.prompt`,
    },
  );
  addSampling(b, policy, batch, parameters, place);
  addVerify(b, policy, batch, records, place);
}

/**
 * Appends the generation of a training batch: prompts, responses and rewards in `batch.*`. With candidates, as many rounds of B prompts
 * as a run's filter asks for (the others end at once), then the batch put together from what passed.
 */
export function addGeneration(b: PlanBuilder, s: GenerationShape): void {
  const { batch, policy, domains, records, rounds } = s;
  if (rounds === undefined) {
    addRound(b, s, WHOLE_BATCH);
    return;
  }
  const { prompts, group, miniBatches } = batch;
  b.add(openBatch, { prompts, domains }, { hyper: 'hyper', state: 'state', curriculum: 'curriculum' });
  for (let round = 0; round < rounds; round++) {
    addRound(b, s, { into: 'candidate', round, rounds });
    b.add(
      filterGroups,
      { prompts, group, domains, round, rounds },
      {
        record: 'candidate.record',
        domain: 'candidate.domain',
        reward: 'candidate.reward',
        hyper: 'hyper',
        state: 'state',
        curriculum: 'curriculum',
        place: 'candidate.place',
      },
    );
  }
  b.add(
    fillBatch,
    { prompts, miniBatches, domains, rounds },
    {
      place: 'candidate.place',
      candidate: 'candidate.domain',
      hyper: 'hyper',
      state: 'state',
      source: 'batch.source',
      domain: 'batch.domain',
      segments: 'batch.segments',
    },
  );
  b.add(
    gatherTokens,
    { prompts, group, promptLength: policy.promptLength, responseLength: policy.responseLength, rounds, records },
    {
      source: 'batch.source',
      record: 'candidate.record',
      records: 'bank.records',
      candidateResponse: 'candidate.response',
      candidateLogp: 'candidate.logp',
      prompt: 'batch.prompt',
      response: 'batch.response',
      logp: 'batch.logp',
    },
  );
  b.add(
    gatherOutcomes,
    { prompts, group, rounds },
    {
      source: 'batch.source',
      candidateRecord: 'candidate.record',
      candidateLength: 'candidate.length',
      candidateReward: 'candidate.reward',
      record: 'batch.record',
      length: 'batch.length',
      reward: 'batch.reward',
    },
  );
  b.add(samplerStats, { prompts, group, domains }, { hyper: 'hyper', state: 'state', curriculum: 'curriculum', stats: 'stats' });
}
