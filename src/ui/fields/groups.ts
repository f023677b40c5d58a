import { FIELDS, type Field } from '../../config/fields';
import type { Config } from '../../config/schema';

/** Fields of one key, folded together on the page. */
export interface Group {
  id: string;
  title: string;
  /** Key paths that the folded group shows the values of. */
  digest: readonly string[];
  fields: readonly Field[];
}

/** Title and digest of each group, in the order of the page. */
const NAMES: Record<string, [title: string, ...digest: string[]]> = {
  contrast: ['Contrastive loss', 'contrast.lambda', 'contrast.tau'],
  head: ['Projection head', 'head.hidden', 'head.width'],
  clipo: ['CLIPO', 'clipo.lambda'],
  curriculum: ['Task weights', 'curriculum.rule'],
  surgery: ['Gradient surgery', 'surgery.granularity'],
  sampler: ['Dynamic sampling', 'sampler.filter'],
  reward: ['Reward shaping', 'reward.overlongBuffer'],
  objective: ['Policy objective', 'objective.clipLow', 'objective.clipHigh'],
  rollout: ['Rollouts', 'rollout.prompts', 'rollout.group'],
  optimizer: ['Optimiser', 'optimizer.lr'],
  policy: ['Policy network', 'policy.width', 'policy.layers'],
  tasks: ['Task world', 'tasks.modulus'],
  warmStart: ['Warm start', 'warmStart.steps'],
  eval: ['Evaluation', 'eval.every'],
};

/** Fields with a place of their own above the groups. */
export const TOP: readonly string[] = ['seed', 'steps', 'tasks.mix'];

const groupOf = (f: Field) => (TOP.includes(f.path) ? '' : f.path.split('.')[0]);

/** All groups; together with TOP they hold every field once. */
export const GROUPS: readonly Group[] = [
  ...Object.keys(NAMES),
  ...new Set(FIELDS.map(groupOf).filter((id) => id && !(id in NAMES))),
].map((id) => {
  const [title, ...digest] = NAMES[id] ?? [id];
  return { id, title, digest, fields: FIELDS.filter((f) => groupOf(f) === id) };
});

/** Groups that only some methods use, and how to tell from a configuration. */
const USED: Record<string, (config: Config) => boolean> = {
  contrast: (c) => c.contrast.lambda > 0,
  head: (c) => c.contrast.lambda > 0,
  clipo: (c) => c.clipo.lambda > 0,
  curriculum: (c) => c.curriculum.rule !== 'off',
  surgery: (c) => c.surgery.granularity !== 'off',
  sampler: (c) => c.sampler.filter !== 'none' || c.curriculum.rule !== 'off',
  reward: (c) => c.reward.overlongBuffer > 0,
  objective: () => true,
};

/** Whether what a key path's group says matters to a configuration. */
export const isUsed = (id: string, config: Config): boolean => USED[id]?.(config) ?? true;

/** The groups in three parts: those that make the method, those of every method, those that the method leaves alone. */
export function sections(config: Config): { own: Group[]; common: Group[]; unused: Group[] } {
  const special = GROUPS.filter((g) => g.id in USED);
  return {
    own: special.filter((g) => isUsed(g.id, config)),
    common: GROUPS.filter((g) => !(g.id in USED)),
    unused: special.filter((g) => !isUsed(g.id, config)),
  };
}

const WORLD = ['tasks.world', 'tasks.modulus', 'tasks.relatedness'];

/** Whether another value of the field needs another base checkpoint. */
export const needsBase = (path: string): boolean => /^(policy|warmStart)\./.test(path) || WORLD.includes(path);
