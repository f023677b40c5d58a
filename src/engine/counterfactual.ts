import { ConfigError, FIELDS, getValue } from '../config/fields';
import { differences } from '../config/resolve';
import type { Config } from '../config/schema';
import type { Data } from '../gpu/kernel';
import { NONE } from '../kernels/state';
import type { Checkpoint } from './checkpoint';
import type { Frame } from './frame';
import { type FrozenBatch, generateBatch, type TakenStep, takeStep } from './frozenStep';
import type { Metrics, StepMetrics } from './metricsRing';
import { poolFrame } from './poolFrame';
import type { Trainer } from './trainer';

/** One vector beside another. */
export interface Likeness {
  /** Cosine of the two, and length over length; null where one of them is 0 or not finite. */
  cosine: number | null;
  ratio: number | null;
}

/** What one configuration would make of the frozen batch. */
export interface Outcome {
  config: Config;
  /** Changed fields that act on how a batch is drawn: the frozen batch holds them still, the real next step would not. */
  held: string[];
  /** Metrics of the step, as `Trainer.step` would give them. */
  step: StepMetrics;
  /** u32: rows of the frozen batch that it trains on; f32: their advantages. */
  rows: Uint32Array;
  advantage: Float32Array;
  /**
   * The last mini-batch as its update saw it, and once more with the updated parameters: rows are the same, so that every logit
   * S_ij = ⟨z_i, z_j⟩ / τ can be compared. Metrics: those of that update, and of them what a forward pass measures.
   */
  before: { frame: Frame; metrics: Metrics };
  after: { frame: Frame; metrics: Metrics };
  /** Policy gradient of the last update beside the base's: as the optimiser got it, and by domain (in registry order). */
  gradient: Likeness;
  domainGradients: Likeness[];
  /** Change of the policy's parameters by the whole step beside the base's. */
  change: Likeness;
  /** All parameters after the step, as a checkpoint holds them. */
  parameters: Checkpoint['parameters'];
}

/** One training step, tried under several configurations on the same rollouts. */
export interface Counterfactual {
  run: number;
  /** Steps done before the step that is tried. */
  stepsDone: number;
  /** The batch before it is trained on; advantages are the base's, without vectors and tokens (`base.before.frame` has them). */
  batch: Frame;
  /** The run as it is: what its next step will do, bit for bit. */
  base: Outcome;
  variants: Outcome[];
}

/** Whether the generation of a batch reads this field. */
const actsOnGeneration = (path: string): boolean =>
  /^(tasks|sampler)\./.test(path) ||
  ['rollout.prompts', 'rollout.temperature'].includes(path) ||
  ['curriculum.rule', 'curriculum.maxFactor', 'curriculum.average', 'curriculum.filterAverage'].includes(path);

/** Sizes that a frozen batch and the run's parameters fix. */
const FIXED = FIELDS.filter((f) => f.scope === 'shape' && !['rollout.prompts', 'rollout.group'].includes(f.path)).map(
  (f) => f.path,
);

/** @throws ConfigError for a variant that no frozen batch of this run can be trained on, naming the field. */
function checkVariant(base: Config, variant: Config): void {
  const bad = (path: string, bound: string): never => {
    throw new ConfigError(`invalid ${path}: ${getValue(variant, path)} (${bound})`);
  };
  for (const path of FIXED)
    if (getValue(variant, path) !== getValue(base, path))
      bad(path, `${getValue(base, path)}: a counterfactual step keeps the run’s sizes`);
  if (variant.seed !== base.seed) bad('seed', `${base.seed}: a counterfactual step keeps the run’s seed`);
  const most = base.rollout.group;
  if (variant.rollout.group > most) bad('rollout.group', `1 to ${most}, the rollouts that the frozen batch has of each prompt`);
}

/**
 * Tries the run's next step under other configurations, on the batch that it would draw next, in a memory of its own: the run is not
 * touched, but must not train meanwhile. The batch is drawn once, as the run itself would draw it. A variant that changes how batches
 * are drawn (`tasks.*`, `sampler.*`, number of prompts, temperature, MT-GRPO's sampling) is tried on that same batch: what is shown is
 * the effect of its update alone, and `held` names these fields. A smaller `rollout.group` trains on the first rollouts of each group.
 * With several mini-batches, gradients and what is measured before and after are of the last one.
 * For a variant with nothing held, of the run's group size, a trainer opened from the run's checkpoint with that configuration makes
 * the same step, bit for bit.
 * @throws ConfigError for a variant of other sizes or another seed; DeviceError when the device is too small
 */
export async function counterfactual(trainer: Trainer, run: number, variants: readonly Config[]): Promise<Counterfactual> {
  const { backend, bank, stepsDone } = trainer;
  const base = trainer.configs[run];
  for (const variant of variants) checkVariant(base, variant);
  const start = { checkpoint: await trainer.checkpoint(run), where: `run ${run}` };
  const batch = await generateBatch(backend, base, bank, start);
  const place = { run, step: stepsDone + 1 };
  const configs = [base, ...variants];
  const steps = new Map<Config, TakenStep>();
  for (const group of new Set(configs.map((c) => c.rollout.group))) {
    const members = configs.filter((c) => c.rollout.group === group);
    const sized = members.map((c) => ({ ...c, rollout: { ...c.rollout, prompts: base.rollout.prompts } }));
    const taken = await takeStep(backend, sized, bank, start, batch, place);
    members.forEach((config, i) => void steps.set(config, taken[i]));
  }
  const reference = steps.get(base) as TakenStep;
  const outcomes = configs.map((config) => outcomeOf(config, base, steps.get(config) as TakenStep, reference, batch));
  const resources = new Map(batch).set('batch.advantage', reference.advantage).set('batch.score', reference.score);
  const frame = await poolFrame(async (name) => resources.get(name) as Data, trainer.shape, bank, base, {
    ...place,
    part: 'batch',
  });
  return { run, stepsDone, batch: frame, base: outcomes[0], variants: outcomes.slice(1) };
}

function outcomeOf(config: Config, base: Config, own: TakenStep, reference: TakenStep, batch: FrozenBatch): Outcome {
  const { step, before, after, parameters } = own;
  const { group } = config.rollout;
  const used = Array.from(batch.get('batch.record') as Data, (record, place) => ({ record, place })).filter(
    (p) => p.record !== NONE,
  );
  const each = <T>(of: (place: number, j: number, nth: number) => T) =>
    used.flatMap(({ place }, nth) => Array.from({ length: group }, (_, j) => of(place, j, nth)));
  return {
    config,
    held: differences(config, base)
      .map((d) => d.path)
      .filter(actsOnGeneration),
    step,
    rows: Uint32Array.from(each((_, j, nth) => nth * base.rollout.group + j)),
    advantage: Float32Array.from(each((place, j) => own.advantage[place * group + j])),
    before,
    after,
    gradient: likeness(own.gradient, reference.gradient),
    domainGradients: own.domainGradients.map((g, d) => likeness(g, reference.domainGradients[d])),
    change: likeness(own.change, reference.change),
    parameters,
  };
}

/** `a` beside `b`, in float64. */
export function likeness(a: ArrayLike<number>, b: ArrayLike<number>): Likeness {
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    aa += a[i] * a[i];
    bb += b[i] * b[i];
    ab += a[i] * b[i];
  }
  const product = Math.sqrt(aa) * Math.sqrt(bb);
  if (!(aa > 0 && bb > 0) || !Number.isFinite(ab / product)) return { cosine: null, ratio: null };
  return { cosine: Math.min(1, Math.max(-1, ab / product)), ratio: Math.sqrt(aa / bb) };
}
