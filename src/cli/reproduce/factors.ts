import { differences, merged, resolve } from '../../config/resolve';
import type { Layer } from '../../config/schema';
import { AVERAGE, DOMAIN_SCORES, where } from './columns';
import { sizeNotes } from './sizes';
import type { Claim, Column, Experiment, Size, Variant } from './types';

/** One setting of one factor; the others keep the size's values. */
interface Level {
  id: string;
  label: string;
  layer: Layer;
  /** GRPO does not read this field, so the reference GRPO serves. */
  contrastOnly?: boolean;
}

/** One factor at a time. Levels that are a size's own values are its reference and are left out there. */
const LEVELS: readonly Level[] = [
  ...[0, 3].map((r) => ({ id: `relatedness-${r}`, label: `relatedness ${r}`, layer: { tasks: { relatedness: r } } })),
  ...[0.03, 0.1, 0.3, 1].map((lambda) => ({
    id: `lambda-${lambda}`,
    label: `λ ${lambda}`,
    layer: { contrast: { lambda } },
    contrastOnly: true,
  })),
  ...[5, 7].map((modulus) => ({ id: `modulus-${modulus}`, label: `modulus ${modulus}`, layer: { tasks: { modulus } } })),
  ...[64, 1024].map((n) => ({ id: `instances-${n}`, label: `${n} training instances`, layer: { tasks: { instances: n } } })),
  ...[1, 2].map((n) => ({
    id: `updates-${n}`,
    label: `${n} update${n === 1 ? '' : 's'} a batch`,
    layer: { rollout: { miniBatches: n } },
  })),
  ...(['after', 'before'] as const).map((position) => ({
    id: `position-${position}`,
    label: `states pooled ${position} reading`,
    layer: { contrast: { position } },
    contrastOnly: true,
  })),
];

/** Other model sizes (width, layers) at each size: one step up or down, so that none costs many times the others. */
const MODELS: Readonly<Record<Size, readonly (readonly [number, number])[]>> = {
  tiny: [[48, 1]],
  classroom: [
    [32, 1],
    [64, 3],
  ],
  paper: [[48, 2]],
};

const modelLevels = (size: Size): Level[] =>
  MODELS[size].map(([width, layers]) => ({
    id: `width-${width}`,
    label: `width ${width}, ${layers} layer${layers === 1 ? '' : 's'}`,
    layer: { policy: { width, layers } },
  }));

/** Where MCPO-GRPO helps GRPO: one factor at a time around a size's own values. Not in the paper. */
export function factors(size: Size): Experiment {
  const reference = resolve([size, 'mcpo-grpo']);
  const levels = [...LEVELS, ...modelLevels(size)].filter(
    ({ layer }) => differences(merged(reference, layer), reference).length > 0,
  );
  const variants: Variant[] = [
    { id: 'grpo', label: 'GRPO, reference', presets: ['grpo'], changes: {} },
    { id: 'mcpo-grpo', label: 'MCPO-GRPO, reference', presets: ['mcpo-grpo'], changes: {}, base: 'grpo' },
    ...levels.flatMap(({ id, label, layer, contrastOnly }): Variant[] => {
      const base = contrastOnly ? 'grpo' : `grpo-${id}`;
      const grpo = { id: base, label: `GRPO, ${label}`, presets: ['grpo'], changes: layer };
      const mcpo = { id: `mcpo-grpo-${id}`, label: `MCPO-GRPO, ${label}`, presets: ['mcpo-grpo'], changes: layer, base };
      return contrastOnly ? [mcpo] : [grpo, mcpo];
    }),
  ];
  const gain = (contrast: Claim['contrast'], text: string, sign: 1 | -1, column: Column = AVERAGE): Claim => ({
    text,
    contrast,
    column: column.id,
    sign,
    paper: null,
    second: null,
  });
  const unrelated = { 'mcpo-grpo-relatedness-0': 1, 'grpo-relatedness-0': -1, 'mcpo-grpo': -1, grpo: 1 };
  const science = DOMAIN_SCORES.filter((c) => c.id === 'science');
  return {
    id: 'factors',
    title: 'Factors: where MCPO-GRPO helps GRPO, one factor at a time',
    columns: [AVERAGE, ...DOMAIN_SCORES],
    panels: ['average', ...DOMAIN_SCORES.map((c) => c.id)],
    variants,
    claims: [
      gain({ 'mcpo-grpo': 1, grpo: -1 }, 'MCPO-GRPO scores higher than GRPO on average at the reference settings.', 1),
      ...levels.map(({ id, label, contrastOnly }) =>
        gain(
          { [`mcpo-grpo-${id}`]: 1, [contrastOnly ? 'grpo' : `grpo-${id}`]: -1 },
          `MCPO-GRPO scores higher than GRPO on average at ${label}.`,
          1,
        ),
      ),
      ...[AVERAGE, ...science].map((c) =>
        gain(
          unrelated,
          `MCPO-GRPO gains less ${where(c)} when Science shares no operator with Math than at the reference.`,
          -1,
          c,
        ),
      ),
    ],
    curves: [],
    backbones: [],
    states: false,
    notes: [
      'The paper has no such table; "supported" here means that MCPO-GRPO helps at this setting, "contradicted" that it hurts, "undecided" that no effect was detected.',
      `Reference: relatedness ${reference.tasks.relatedness}, λ ${reference.contrast.lambda}, modulus ${reference.tasks.modulus}, ${reference.tasks.instances} training instances a benchmark, ${reference.rollout.miniBatches} update(s) a batch, states pooled ${reference.contrast.position} reading, width ${reference.policy.width} with ${reference.policy.layers} layer(s).`,
      'Another modulus, relatedness or model size needs a base checkpoint of its own, made by the size’s warm start; gains are paired within a setting, never across.',
      'A small modulus lets wrong reasoning hit the right answer by luck (1 in 5, 1 in 7), which puts wrong rollouts among the positives.',
      ...sizeNotes(size),
    ],
  };
}
