import { readPublic } from '../src/cli/args';
import { resolve } from '../src/config/resolve';
import type { Config, Layer } from '../src/config/schema';
import type { EvalResult } from '../src/engine/evaluation';
import { Trainer } from '../src/engine/trainer';
import type { Backend } from '../src/gpu/backend';
import { baseCheckpoint } from '../src/host/base';
import { BASELINES_FORMAT, type Baselines } from '../src/host/baselines';
import { VERSION } from '../src/host/version';
import { DOMAINS } from '../src/tasks/registry';

export { nodeBackend } from '../src/cli/device';
export { baselinesPath } from '../src/host/baselines';

/** What to train. */
export interface BaselineOptions {
  size: string;
  seeds: number;
  /** The command and the commit, as they shall stand in the file. */
  command: string;
  commit: string;
  /** One line for the user. */
  say: (line: string) => void;
  /** Fields changed on top of the presets, for a quick look. */
  changes?: Layer;
}

const short = (x: number | null): number => (x === null ? 0 : Number(x.toFixed(4)));

/**
 * GRPO on each domain alone, from the shipped base, one fleet of all seeds a domain: mean reward of every step, held-out accuracy before
 * and after. A step whose batch is empty counts as reward 0 (GRPO has none).
 */
export async function trainBaselines(backend: Backend, o: BaselineOptions): Promise<Baselines> {
  const presets = [o.size, 'grpo'];
  const seeds = Array.from({ length: o.seeds }, (_, s) => s);
  const common = resolve(presets, o.changes);
  const start = await baseCheckpoint(backend, common, { readPublic, say: o.say });
  if (!start) throw new Error('the warm start was stopped');
  const domains: Baselines['domains'] = {};
  for (const { id } of DOMAINS) {
    const configs = seeds.map((seed): Config => ({ ...common, seed, tasks: { ...common.tasks, mix: `${id}:1` } }));
    const trainer = await Trainer.create(backend, configs, [start]);
    try {
      const accuracy = async () => ((await trainer.evaluate()) as EvalResult[]).map((r) => short(r.domains[id]));
      const before = await accuracy();
      const reward: number[][] = seeds.map(() => []);
      while (trainer.stepsDone < common.steps) {
        const metrics = await trainer.step(Math.min(5, trainer.maxStride, common.steps - trainer.stepsDone));
        metrics.forEach((own, run) => reward[run].push(...own.map((s) => short(s.metrics['reward/mean']))));
        o.say(`${id}: step ${trainer.stepsDone}/${common.steps}  reward ${reward.map((r) => r.at(-1)).join(' ')}`);
      }
      domains[id] = { reward, before, heldOut: await accuracy() };
    } finally {
      trainer.destroy();
    }
  }
  const adapter = `${backend.kind}: ${backend.adapter}`;
  return {
    presets,
    steps: common.steps,
    seeds,
    prompts: common.rollout.prompts,
    provenance: { command: o.command, commit: o.commit, version: VERSION, adapter },
    domains,
  };
}

/** The file's text: one line a curve. */
export const baselinesText = (found: Baselines): string =>
  `${JSON.stringify({ format: BASELINES_FORMAT, ...found }, null, 1).replace(/\[\s+([-\d.,\s]+?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, '')}]`)}\n`;
