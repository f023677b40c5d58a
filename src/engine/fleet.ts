import { ConfigError, getValue } from '../config/fields';
import { packHyper } from '../config/hyper';
import type { Config } from '../config/schema';
import type { Memory } from '../gpu/backend';
import { CURRICULUM_SIZE } from '../kernels/curriculum';
import { STATE, STATE_SIZE } from '../kernels/state';
import { type Bank, parseMix, RECORD_SIZE } from '../tasks/bank';
import { DOMAINS } from '../tasks/registry';
import { type Checkpoint, placeMoments, placeParameters } from './checkpoint';
import { roundsOf } from './generation';
import { initialParameters, parameterLayout } from './parameters';
import { batchShape, clipoShape, headShape, policyShape } from './shape';
import type { TrainShape } from './trainPlan';

/** Where a run starts: a checkpoint and the name to use in errors. */
export interface Start {
  checkpoint: Checkpoint;
  where: string;
}

const sameShape = (a: Config, b: Config) => {
  const of = ({ policy, head, clipo, rollout: { temperature: _, ...rollout }, tasks: { mix: __, ...tasks } }: Config) =>
    JSON.stringify([policy, head.hidden, head.width, head.activation, clipo.hidden, clipo.width, rollout, tasks]);
  return of(a) === of(b);
};

/** @throws ConfigError when the configurations' shapes differ. */
export function checkOneShape(configs: readonly Config[]): void {
  const odd = configs.findIndex((c) => !sameShape(c, configs[0]));
  if (odd > 0)
    throw new ConfigError(
      `run ${odd} of the fleet differs from run 0 in policy, head, rollout or tasks sizes: a fleet has one shape`,
    );
}

/** Shape of the training plan that a fleet of these configurations needs. */
export function fleetShape(configs: readonly Config[], bank: Bank): TrainShape {
  const [first] = configs;
  const policy = policyShape(first);
  const head = configs.some((c) => c.contrast.lambda > 0) ? headShape(first) : undefined;
  const clipo = configs.some((c) => c.clipo.lambda > 0) ? clipoShape(first) : undefined;
  const rounds = roundsOf(configs);
  return {
    runs: configs.length,
    policy,
    ...(head ? { head } : {}),
    throughWeights: configs.some((c) => c.contrast.lambda > 0 && c.contrast.weightGradient),
    ...(clipo ? { clipo } : {}),
    surgery: configs.some((c) => c.surgery.granularity !== 'off'),
    batch: batchShape(first),
    domains: DOMAINS.length,
    parameters: parameterLayout(policy, head, clipo),
    records: bank.records.length / RECORD_SIZE,
    columns: bank.columns.length,
    ...(rounds === undefined ? {} : { rounds }),
    curriculum: configs.some((c) => c.curriculum.rule !== 'off'),
  };
}

/** @throws ConfigError naming what `config` uses and a fleet of this shape has no dispatches for. */
export function checkCovered(shape: TrainShape, config: Config, bank: Bank): void {
  const own = fleetShape([config], bank);
  const missing = [
    own.head && !shape.head ? 'contrast.lambda' : '',
    own.throughWeights && !shape.throughWeights ? 'contrast.weightGradient' : '',
    own.clipo && !shape.clipo ? 'clipo.lambda' : '',
    own.surgery && !shape.surgery ? 'surgery.granularity' : '',
    own.curriculum && !shape.curriculum ? 'curriculum.rule' : '',
    (own.rounds ?? 0) > (shape.rounds ?? 0) ? 'sampler.rounds' : '',
  ].find((name) => name !== '');
  if (missing)
    throw new ConfigError(`invalid ${missing}: ${getValue(config, missing)} (a fleet made without it cannot take this run in)`);
}

/**
 * Fills one run's parameters, `hyper`, counters and, from a checkpoint with training state, moments and task weights. What the checkpoint
 * lacks (heads) is initialised by the configuration's seed.
 * @returns steps and updates done
 * @throws Error when the checkpoint does not fit the shape; ConfigError for a faulty `tasks.mix`
 */
export function fillRun(
  memory: Memory,
  { parameters: layout, policy }: TrainShape,
  run: number,
  config: Config,
  { checkpoint, where }: Start,
): { steps: number; updates: number } {
  const parameters = initialParameters(layout, policy.layers, config.seed);
  placeParameters(layout, checkpoint, parameters, where);
  memory.write('parameters', parameters, run);
  memory.write('hyper', packHyper(config, parseMix(config.tasks.mix, 'tasks.mix')), run);
  const state = new Uint32Array(STATE_SIZE);
  state[STATE.seed] = config.seed;
  if (checkpoint.training) {
    const { state: saved, curriculum } = checkpoint.training;
    if (saved.length !== STATE_SIZE || curriculum.length !== CURRICULUM_SIZE)
      throw new Error(
        `${where} holds ${saved.length} counters and ${curriculum.length} task weights (${STATE_SIZE} and ${CURRICULUM_SIZE})`,
      );
    const { moment1, moment2 } = placeMoments(layout, checkpoint, where);
    memory.write('moment1', moment1, run);
    memory.write('moment2', moment2, run);
    memory.write('curriculum', curriculum, run);
    state.set(saved);
  }
  memory.write('state', state, run);
  return { steps: state[STATE.step], updates: state[STATE.update] };
}
