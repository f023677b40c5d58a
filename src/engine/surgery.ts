import type { Memory } from '../gpu/backend';
import type { Layout, PlanBuilder } from '../gpu/plan';
import { domainGram, domainPairs } from '../kernels/domainGram';
import { surgery } from '../kernels/surgery';
import type { ParameterLayout, Tensor } from './parameters';

/** Most stretches that the parameters are cut into, beside one for each tensor: every module's sum walks over its own. */
const MOST_STRETCHES = 512;
/** Shortest stretch in fours of parameters: four a thread. */
const SHORTEST = 256;

/** What surgery needs to know of the plan around it. */
export interface SurgeryContext {
  parameters: ParameterLayout;
  /** Gradient parts: one per domain, or 1. */
  parts: number;
}

/** The tensors that surgery works on: the policy's, in the order of their offsets. */
export const policyTensors = ({ tensors }: ParameterLayout): Tensor[] => tensors.filter((t) => t.name.startsWith('policy.'));

const MEMBERS: Readonly<Record<string, string>> = { qkv: 'attention', out: 'attention', up: 'mlp', down: 'mlp' };

/**
 * Block of a policy tensor, by its name: `embedding`, `output`, or `layers.N.attention`, `.mlp`, `.recurrent`.
 * @param name such as `policy.layers.0.qkv`
 */
export function blockOf(name: string): string {
  const [, layer, member] = /^policy\.(layers\.\d+)\.(\w+)/.exec(name) ?? [];
  if (layer) return `${layer}.${MEMBERS[member] ?? 'recurrent'}`;
  return name.endsWith('Embedding') ? 'embedding' : name.replace(/^policy\./, '');
}

const fours = (t: Tensor) => Math.ceil((t.rows * t.columns) / 4);

/** Sizes of the two kernels: tensors, stretches, and fours of parameters in a stretch. */
export function surgerySizes(parameters: ParameterLayout): { tensors: number; stretches: number; stretch: number } {
  const tensors = policyTensors(parameters);
  const total = tensors.reduce((sum, t) => sum + fours(t), 0);
  const stretch = Math.max(SHORTEST, Math.ceil(total / MOST_STRETCHES / 64) * 64);
  const stretches = tensors.reduce((sum, t) => sum + Math.ceil(fours(t) / stretch), 0);
  return { tensors: tensors.length, stretches, stretch };
}

/** `surgery.tensors`, u32[tensors, 4]: first parameter / 4, parameters / 4 (rounded up), first stretch, first tensor of the block. */
export function tensorTable(parameters: ParameterLayout): Uint32Array {
  const tensors = policyTensors(parameters);
  const blocks = tensors.map((t) => blockOf(t.name));
  const { stretch } = surgerySizes(parameters);
  let stretches = 0;
  return Uint32Array.from(
    tensors.flatMap((t, q) => {
      const row = [t.offset / 4, fours(t), stretches, blocks.indexOf(blocks[q])];
      stretches += Math.ceil(fours(t) / stretch);
      return row;
    }),
  );
}

/** Declares what `addSurgery` and `gradientSum` use. `writeTensorTable` must fill `surgery.tensors` before a plan with surgery runs. */
export function surgeryResources(layout: Layout, { parameters, parts }: SurgeryContext): void {
  const { tensors, stretches } = surgerySizes(parameters);
  layout.add('surgery.tensors', 'u32', 4 * tensors);
  layout.add('surgery.pieces', 'f32', stretches * domainPairs(parts));
  layout.add('surgery.gram', 'f32', tensors * parts * parts);
  layout.add('surgery.weight', 'f32', tensors * parts);
}

/** Fills `surgery.tensors` of every run. */
export function writeTensorTable(memory: Memory, parameters: ParameterLayout): void {
  memory.write('surgery.tensors', tensorTable(parameters));
}

/** Appends inner products of the domains' gradients in `grad` → `surgery.gram`, `surgery.weight` and the interference metrics. */
export function addSurgery(b: PlanBuilder, { parameters, parts }: SurgeryContext): void {
  const { tensors, stretches, stretch } = surgerySizes(parameters);
  b.add(
    domainGram,
    { size: parameters.size, parts, tensors, stretches, stretch },
    { tensors: 'surgery.tensors', grad: 'grad', pieces: 'surgery.pieces' },
  );
  b.add(
    surgery,
    { parts, tensors, stretches },
    {
      pieces: 'surgery.pieces',
      tensors: 'surgery.tensors',
      hyper: 'hyper',
      state: 'state',
      gram: 'surgery.gram',
      weight: 'surgery.weight',
      stats: 'stats',
    },
  );
}
