import { choiceIndex, HYPER } from '../../src/config/hyper';
import type { Backend } from '../../src/gpu/backend';
import { Layout, PlanBuilder } from '../../src/gpu/plan';
import { CURRICULUM_SIZE } from '../../src/kernels/curriculum';
import { fillBatch } from '../../src/kernels/fillBatch';
import { filterGroups } from '../../src/kernels/filterGroups';
import { openBatch } from '../../src/kernels/openBatch';
import { NONE, STATE, STATE_SIZE } from '../../src/kernels/state';
import { Random } from '../../src/math/random';
import { DOMAIN_COUNT, hyperOf, stateOf } from './batchFixture';

/** Candidates as three rounds of generation might leave them, and what the filter is asked for. */
export interface Candidates {
  prompts: number;
  group: number;
  miniBatches: number;
  rounds: number;
  /** Share of prompts whose group is mixed. */
  mixed: number;
  rule: 'off' | 'mean';
  seed: number;
}

/** Hyper-parameters of a run with the mixed filter. */
export function filterHyper({ rule, rounds }: Candidates): Float32Array {
  const hyper = hyperOf([0.2, 0.2, 0.2, 0.2, 0.2]);
  const settings = {
    'sampler.filter': choiceIndex('sampler.filter', 'mixed'),
    'sampler.rounds': rounds,
    'curriculum.rule': choiceIndex('curriculum.rule', rule),
    'curriculum.maxFactor': 5,
  };
  for (const [path, value] of Object.entries(settings)) hyper[HYPER[path]] = value;
  return hyper;
}

/** Random domains and rewards of all rounds. */
export function candidates({ prompts, group, rounds, mixed, seed }: Candidates) {
  const random = new Random(seed, 77);
  const domain = Uint32Array.from({ length: rounds * prompts }, () => random.below(DOMAIN_COUNT));
  const reward = new Float32Array(rounds * prompts * group);
  domain.forEach((_, p) => {
    const correct = random.chance(mixed) ? 1 + random.below(Math.max(group - 1, 1)) : random.chance(0.5) ? 0 : group;
    for (let j = 0; j < correct; j++) reward[p * group + j] = 1;
  });
  return { domain, reward };
}

/**
 * Runs openBatch, then round by round filterGroups on the first of the given candidates, as many as the state asks for, then fillBatch;
 * returns all buffers, and the state and curriculum before each round.
 */
export async function dynamicSampling(backend: Backend, c: Candidates) {
  const { prompts, group, miniBatches, rounds } = c;
  const { domain, reward } = candidates(c);
  const layout = new Layout(1);
  const hyper = filterHyper(c);
  layout.add('hyper', 'f32', hyper.length);
  layout.add('state', 'u32', STATE_SIZE);
  layout.add('curriculum', 'f32', CURRICULUM_SIZE);
  layout.add('record', 'u32', rounds * prompts);
  layout.add('candidate', 'u32', rounds * prompts);
  layout.add('reward', 'f32', reward.length);
  layout.add('place', 'u32', 2 * rounds * prompts);
  layout.add('source', 'u32', prompts);
  layout.add('domain', 'u32', prompts);
  layout.add('segments', 'u32', miniBatches * (DOMAIN_COUNT + 1));
  const memory = await backend.allocate(layout);
  const names = (...list: string[]) => Object.fromEntries(list.map((n) => [n, n]));
  const run = async (add: (b: PlanBuilder) => void) => {
    const b = new PlanBuilder('test', layout);
    add(b);
    (await memory.compile(b.build())).run();
  };
  memory.write('hyper', hyper);
  memory.write('state', stateOf({ seed: c.seed, step: 3 }));
  memory.write('candidate', domain);
  memory.write('reward', reward);
  memory.write('record', new Uint32Array(rounds * prompts).fill(NONE));
  await run((b) => b.add(openBatch, { prompts, domains: DOMAIN_COUNT }, names('hyper', 'state', 'curriculum')));
  const states = [];
  const shares = [];
  for (let round = 0; round < rounds; round++) {
    const state = (await memory.read('state')) as Uint32Array;
    states.push(state);
    shares.push(await memory.read('curriculum'));
    const drawn = state[STATE.samplerDone] ? 0 : state[STATE.samplerSlots];
    if (drawn > 0) memory.write('record', new Uint32Array(drawn).fill(5), 0, round * prompts);
    // Places that are not drawn have no domain either.
    memory.write('candidate', new Uint32Array(prompts - drawn).fill(NONE), 0, round * prompts + drawn);
    await run((b) =>
      b.add(
        filterGroups,
        { prompts, group, domains: DOMAIN_COUNT, round, rounds },
        { ...names('record', 'reward', 'hyper', 'state', 'curriculum', 'place'), domain: 'candidate' },
      ),
    );
  }
  await run((b) =>
    b.add(
      fillBatch,
      { prompts, miniBatches, domains: DOMAIN_COUNT, rounds },
      names('place', 'candidate', 'hyper', 'state', 'source', 'domain', 'segments'),
    ),
  );
  const read = async (name: string) => (await memory.read(name)) as Uint32Array;
  const out = {
    given: { domain, reward },
    before: states,
    shares,
    state: await read('state'),
    curriculum: await memory.read('curriculum'),
    place: await read('place'),
    source: await read('source'),
    domain: await read('domain'),
    segments: await read('segments'),
  };
  memory.destroy();
  return out;
}
