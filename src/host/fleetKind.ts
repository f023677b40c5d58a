import type { Config } from '../config/schema';
import { fleetShape } from '../engine/fleet';
import { trainPlan } from '../engine/trainPlan';
import { buildBank } from '../tasks/bank';

/**
 * What runs of one fleet must have in common, as text: shapes, evaluation, and the parts of the plan that some run pays for. Runs of one
 * kind measure the same in any fleet of that kind as alone.
 */
export function fleetKind(config: Config): string {
  const { policy, head, clipo, rollout, tasks, sampler, curriculum, contrast, surgery, eval: held } = config;
  const { temperature: _, ...sizes } = rollout;
  return JSON.stringify([
    [policy, head.hidden, head.width, head.activation, clipo.hidden, clipo.width, sizes, { ...tasks, mix: '' }],
    [contrast.lambda > 0, contrast.weightGradient, clipo.lambda > 0, surgery.granularity !== 'off', curriculum.rule !== 'off'],
    [sampler.filter !== 'none', curriculum.rule !== 'off' || sampler.filter !== 'none' ? sampler.rounds : 1],
    held,
  ]);
}

/** Bytes of the buffers of one run while it trains. */
export function runBytes(config: Config): number {
  const bank = buildBank(config.tasks, { split: 'train', perColumn: config.tasks.instances, seed: config.tasks.world });
  return [...trainPlan(fleetShape([config], bank)).layout.resources.values()].reduce((sum, r) => sum + 4 * r.length, 0);
}
