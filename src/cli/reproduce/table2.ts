import { resolve } from '../../config/resolve';
import { DOMAINS } from '../../tasks/registry';
import { AVERAGE, comparison, DOMAIN_SCORES, paperContrast } from './columns';
import { TABLE_2, TABLE_2C, TABLE_2D } from './paper';
import { sizeNotes } from './sizes';
import type { Experiment, Size, Variant } from './types';

const columns = [...DOMAIN_SCORES, AVERAGE];
const panels = ['average', ...DOMAIN_SCORES.map((c) => c.id)];
const common = { curves: [], states: false } as const;

/** MCPO-DAPO, or an ablation of it. */
const mcpo = (id: string, label: string, base: string | null, ablation: readonly string[] = []): Variant => ({
  id,
  label,
  presets: ['mcpo-dapo', ...ablation],
  changes: {},
  ...(base ? { base } : {}),
  paper: TABLE_2[id],
});

/** Prompts a step of a single-domain run: its share of the mixed batch, rounded up to whole mini-batches. */
function share({ prompts, miniBatches }: { prompts: number; miniBatches: number }): number {
  return Math.ceil(prompts / DOMAINS.length / miniBatches) * miniBatches;
}

/** Table 2 (a): mixed against single-domain training, and the two contrastive losses apart. */
export function table2a(size: Size): Experiment {
  const { rollout } = resolve([size]);
  const prompts = share(rollout);
  const single = DOMAINS.map(
    ({ id, label }): Variant => ({
      id: `dapo-${id}`,
      label: `DAPO, ${label} alone`,
      presets: ['dapo'],
      changes: { tasks: { mix: `${id}:1` }, rollout: { prompts } },
      domains: [id],
    }),
  );
  const variants: Variant[] = [
    { id: 'dapo', label: 'DAPO (mixed)', presets: ['dapo'], changes: {}, paper: TABLE_2.dapo },
    {
      id: 'dapo-single',
      label: 'DAPO (single)',
      presets: [],
      changes: {},
      base: 'dapo',
      from: { parts: single.map((v) => v.id) },
      paper: TABLE_2['dapo-single'],
    },
    mcpo('in-domain', 'In-domain only', 'dapo', ['in-domain']),
    mcpo('cross-domain', 'Cross-domain only', 'dapo', ['cross-domain']),
    mcpo('mcpo-dapo', 'MCPO-DAPO', 'dapo'),
    ...single,
  ];
  const above = (a: string, b: string) => comparison(variants, a, b);
  return {
    ...common,
    id: 'table2a',
    title: 'Table 2 (a): the contrastive losses apart, and single-domain training',
    columns,
    panels,
    variants,
    claims: [
      above('dapo', 'dapo-single'),
      above('in-domain', 'dapo'),
      above('cross-domain', 'dapo'),
      above('mcpo-dapo', 'dapo'),
      above('in-domain', 'mcpo-dapo'),
      above('cross-domain', 'mcpo-dapo'),
      above('in-domain', 'cross-domain'),
      above('mcpo-dapo', 'dapo-single'),
      ...DOMAIN_SCORES.map((c) => comparison(variants, 'mcpo-dapo', 'dapo-single', c)),
    ],
    backbones: ['Qwen3-8B'],
    notes: [
      `DAPO (single) is ${DOMAINS.length} runs of ${prompts} prompts a step, each on one domain and scored on its own benchmarks: as many updates as the mixed run, and its share of the ${rollout.prompts} prompts${prompts * DOMAINS.length === rollout.prompts ? '' : ' rounded up to whole mini-batches'}. The paper does not say how its single-domain runs were sized.`,
      'Dynamic sampling shifts a mixed batch towards domains whose groups are mixed, so a domain’s share of the trained prompts is equal only before the filter.',
      ...sizeNotes(size),
    ],
  };
}

/** Table 2 (b): how the projection head is trained. */
export function table2b(size: Size): Experiment {
  const variants = [
    mcpo('no-warmup', 'MCPO without warm-up', 'mcpo-dapo', ['no-warmup']),
    mcpo('frozen-head', 'MCPO, frozen head', 'mcpo-dapo', ['frozen-head']),
    mcpo('mcpo-dapo', 'MCPO (full)', null),
  ];
  return {
    ...common,
    id: 'table2b',
    title: 'Table 2 (b): training of the contrastive head',
    columns,
    panels,
    variants,
    claims: [
      comparison(variants, 'no-warmup', 'mcpo-dapo'),
      comparison(variants, 'frozen-head', 'mcpo-dapo'),
      comparison(variants, 'frozen-head', 'no-warmup'),
    ],
    backbones: ['Qwen3-8B'],
    notes: [
      'The frozen head stays at its random initialisation while the backbone keeps its warm-up; the paper does not say which it froze.',
      ...sizeNotes(size),
    ],
  };
}

/** Prompts a step in Table 2 (c): the paper's, but the size's own where a software adapter has to bear it. */
const poolBatch = (size: Size): number => (size === 'tiny' ? resolve([size]).rollout.prompts : 128);

/** Table 2 (c): size of the contrastive pool. */
export function table2c(size: Size): Experiment {
  const prompts = poolBatch(size);
  const variants = TABLE_2C.map(({ prompts: m, group, figures }): Variant => {
    const miniBatches = 128 / m;
    const mini = prompts / miniBatches;
    return {
      id: `m${m}g${group}`,
      label: `pool ${mini * group} (${mini} × ${group})`,
      presets: ['mcpo-dapo'],
      changes: { rollout: { prompts, group, miniBatches } },
      ...(m === 64 && group === 8 ? {} : { base: 'm64g8' }),
      paper: figures,
    };
  });
  const sizeOf = (id: string) => variants.find((v) => v.id === id)?.label.replace('pool ', '');
  const larger = (a: string, b: string) => {
    const claim = comparison(variants, a, b);
    return { ...claim, text: `A pool of ${sizeOf(a)} scores higher than one of ${sizeOf(b)} on average.` };
  };
  const middle = { m64g8: 1, m32g8: -0.5, m128g16: -0.5 };
  return {
    ...common,
    id: 'table2c',
    title: 'Table 2 (c): size of the contrastive pool',
    columns,
    panels,
    variants,
    claims: [
      larger('m32g16', 'm32g8'),
      larger('m64g8', 'm32g8'),
      larger('m64g16', 'm32g16'),
      larger('m128g8', 'm64g8'),
      larger('m128g16', 'm128g8'),
      larger('m128g16', 'm32g8'),
      {
        text: `A pool of ${sizeOf('m64g8')}, the default, has most of the gain from the smallest to the largest pool: it lies above their midpoint on average.`,
        contrast: middle,
        column: AVERAGE.id,
        sign: 1,
        paper: paperContrast(variants, middle, AVERAGE.id, 'paper'),
        second: null,
      },
    ],
    backbones: ['Qwen3-8B'],
    notes: [
      `Every variant draws ${prompts} prompts a step${prompts === 128 ? '' : ' (the paper 128)'} and splits them into 4, 2 or 1 mini-batches: a smaller pool means more updates a step, in the paper as here, so pool size and number of updates change together.`,
      'Groups of 16 generate twice the rollouts of groups of 8.',
      ...sizeNotes(size).filter((n) => !n.startsWith('A step samples')),
    ],
  };
}

/** Table 2 (d): two more backbones. */
export function table2d(size: Size): Experiment {
  const [own, deep] = [resolve([size]).policy, resolve([size, 'deep']).policy];
  const backbone = (preset: string, name: string, like: keyof typeof TABLE_2D): Variant[] => {
    const figures = TABLE_2D[like];
    const trained = (id: 'grpo' | 'mgs' | 'mcpo-grpo', label: string, base: string): Variant => ({
      id: `${preset}-${id}`,
      label: `${name}: ${label}`,
      presets: [id, preset],
      changes: {},
      base: `${preset}-${base}`,
      paper: { average: figures[id] },
    });
    return [
      {
        id: `${preset}-base`,
        label: `${name}: base model`,
        presets: [],
        changes: {},
        from: { base: `${preset}-grpo` },
        paper: { average: figures.base },
      },
      trained('grpo', 'GRPO', 'base'),
      trained('mgs', 'MGS', 'grpo'),
      trained('mcpo-grpo', 'MCPO-GRPO', 'grpo'),
    ];
  };
  const variants = [...backbone('deep', 'Other transformer', 'DS-7B'), ...backbone('gru', 'GRU', 'Llama-8B')];
  const claims = ['deep', 'gru'].flatMap((p) =>
    [
      ['mcpo-grpo', 'grpo'],
      ['mcpo-grpo', 'mgs'],
      ['mgs', 'grpo'],
      ['grpo', 'base'],
    ].map(([a, b]) => comparison(variants, `${p}-${a}`, `${p}-${b}`)),
  );
  return {
    ...common,
    id: 'table2d',
    title: 'Table 2 (d): two more backbones',
    columns: [AVERAGE],
    panels: ['average'],
    variants,
    claims,
    backbones: ['DS-7B and Llama-8B'],
    notes: [
      `Two backbones stand where the paper has two more: a transformer of width ${deep.width} with ${deep.layers} layers (the size’s own has ${own.width} and ${own.layers}) for DeepSeek-R1-Distill-Qwen-7B, a GRU of width ${own.width} and depth ${own.layers} for Llama3.1-8B-Instruct; the paper’s figures of these are beside ours. Its MCPO here is MCPO-GRPO.`,
      'Each backbone has a base checkpoint of its own, warm-started on the same demonstrations (the GRU at the rate that its preset names).',
      ...sizeNotes(size).filter((n) => !n.startsWith('The policy is')),
    ],
  };
}
