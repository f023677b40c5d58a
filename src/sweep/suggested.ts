import { type Field, field, getValue, type Value } from '../config/fields';
import { preset } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { configOf } from './configs';
import { parseSpec, SpecError, SWEEP_PRESETS } from './spec';
import { type Assignment, METHOD, type SweepSpec } from './types';

/** A sweep that asks one question about the lab's configuration. */
export interface Suggestion {
  name: string;
  why: string;
  spec: SweepSpec;
}

/** What a suggestion sweeps around a configuration. */
interface Draft {
  name: string;
  why: string;
  fields: (base: Config, methods: readonly string[]) => unknown[];
  /** Needed for the fields to fit. */
  changes?: (base: Config) => Record<string, Value>;
  seeds: number;
}

const multiple = (value: number, of: number): number => Math.max(of, Math.round(value / of) * of);
const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
/** Into the schema's bounds. */
const within = (path: string, value: number): number => {
  const { min, max } = field(path) as Field & { min: number; max: number };
  return Math.min(max, Math.max(min, value));
};

const DRAFTS: readonly Draft[] = [
  {
    name: 'Contrast: weight × temperature',
    why: 'How strongly the contrastive loss should act (λ), and how sharply it should tell rollouts apart (τ).',
    fields: () => [
      { field: 'contrast.lambda', from: 0.025, to: 1.6, count: 4 },
      { field: 'contrast.tau', from: 0.025, to: 0.4, count: 5 },
    ],
    seeds: 3,
  },
  {
    name: 'Relatedness × method',
    why: 'Whether learning across domains gains more the more operators Science shares with Math.',
    fields: (_, methods) => [
      { field: 'tasks.relatedness', values: [0, 1, 2, 3] },
      { field: METHOD, values: methods },
    ],
    seeds: 5,
  },
  {
    name: 'Pool size',
    why: 'How many rollouts the contrastive loss should compare: a batch in 1, 2 or 4 mini-batches, groups of two sizes, as in the paper’s Table 2 (c).',
    fields: ({ rollout: { group } }) => [
      { field: 'rollout.miniBatches', values: [1, 2, 4] },
      { field: 'rollout.group', values: group > 32 ? [group >> 1, group] : [group, 2 * group] },
    ],
    changes: ({ rollout }) => ({ 'rollout.prompts': multiple(rollout.prompts, 4) }),
    seeds: 5,
  },
  {
    name: 'Contrastive warm-up',
    why: 'How long the projection head should train alone before the contrastive loss reaches the policy.',
    fields: ({ steps, rollout: { miniBatches } }) => [
      {
        field: 'contrast.warmup',
        values: distinct(
          [0, 0.05, 0.15, 0.3, 0.6].map((share) => within('contrast.warmup', Math.round(share * steps * miniBatches))),
        ),
      },
    ],
    seeds: 8,
  },
  {
    name: 'Model width × method',
    why: 'Whether the gain over the baseline holds for narrower and wider policies.',
    fields: ({ policy: { kind, width, heads } }, methods) => {
      const channels = kind === 'gru' ? 4 : 4 * heads;
      const widths = [width / 2, width, 1.5 * width].map((w) => multiple(w, channels)).filter((w) => w <= 512);
      return [
        { field: 'policy.width', values: distinct(widths) },
        { field: METHOD, values: methods },
      ];
    },
    seeds: 5,
  },
];

/** Key paths that a layer sets. */
const pathsOf = (layer: object, prefix = ''): string[] =>
  Object.entries(layer).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? pathsOf(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );

/** A baseline, the same with the multi-domain contrast, and the lab's own method where it is another. */
function methodsLike(names: readonly string[]): string[] {
  const own = names.findLast((name) => preset(name).kind === 'method') ?? 'mcpo-grpo';
  const family = own.includes('dapo') ? ['dapo', 'mcpo-dapo'] : ['grpo', 'mcpo-grpo'];
  return family.includes(own) ? family : [family[0], own, family[1]];
}

/**
 * Sweeps of at most 64 trials around a configuration. What a sweep varies is left out of the changes, and where it compares methods,
 * also what tells these apart. A sweep that does not fit the configuration is left out.
 * @throws ConfigError when the configuration itself is not valid
 */
export function suggested(presets: readonly string[], changes: Assignment): Suggestion[] {
  const names = presets.length ? presets : SWEEP_PRESETS;
  const own = Object.fromEntries(Object.entries(changes).filter(([path]) => path !== 'seed' && path !== METHOD));
  const base = configOf({ presets: names, changes: own }, {}, 0);
  const methods = methodsLike(names);
  return DRAFTS.flatMap(({ name, why, fields, changes: needed, seeds }) => {
    const swept = fields(base, methods) as { field: string }[];
    const left = new Set(swept.map((f) => f.field));
    if (left.has(METHOD)) for (const m of methods) for (const path of pathsOf(preset(m).layer as Layer)) left.add(path);
    const kept = Object.fromEntries(Object.entries({ ...own, ...needed?.(base) }).filter(([path]) => !left.has(path)));
    const changed = Object.entries(kept).filter(([path, value]) => own[path] !== undefined || getValue(base, path) !== value);
    try {
      return [
        { name, why, spec: parseSpec({ name, presets: names, changes: Object.fromEntries(changed), fields: swept, seeds }) },
      ];
    } catch (error) {
      if (error instanceof SpecError) return [];
      throw error;
    }
  });
}
