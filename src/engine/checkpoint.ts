import { validate } from '../config/resolve';
import type { Config } from '../config/schema';
import type { ParameterLayout } from './parameters';
import { decodeTensors, encodeTensors, type NamedTensor } from './safetensors';

/** One run, frozen: what a base checkpoint holds (parameters), and what a resumable one adds (Adam moments and counters). */
export interface Checkpoint {
  config: Config;
  /** Tensors by name; shapes as in the parameter layout. */
  parameters: Map<string, { shape: number[]; data: Float32Array }>;
  training?: {
    /** Adam's moments by tensor, laid out as the tensor is. */
    moments: Map<string, { moment1: Float32Array; moment2: Float32Array }>;
    /** Counters (`STATE`) and MT-GRPO's task weights (`CURRICULUM`). */
    state: Uint32Array;
    curriculum: Float32Array;
  };
}

/** Format of the checkpoints that this program writes. */
export const FORMAT = 'mcpo-lab checkpoint 2';
/** An earlier format: its parameters are read the same, its optimiser state is not. */
export const FORMAT_1 = 'mcpo-lab checkpoint 1';
const MOMENTS = ['moment1', 'moment2'] as const;

/** A checkpoint as the bytes of a safetensors file; the configuration lies in its metadata. */
export function encodeCheckpoint({ config, parameters, training }: Checkpoint): Uint8Array<ArrayBuffer> {
  const tensors: NamedTensor[] = [...parameters].map(([name, { shape, data }]) => ({ name, dtype: 'F32', shape, data }));
  if (training) {
    const { moments, state, curriculum } = training;
    for (const [name, own] of moments)
      for (const kind of MOMENTS)
        tensors.push({ name: `adam.${kind}/${name}`, dtype: 'F32', shape: [own[kind].length], data: own[kind] });
    tensors.push({ name: 'curriculum', dtype: 'F32', shape: [curriculum.length], data: curriculum });
    tensors.push({ name: 'state', dtype: 'U32', shape: [state.length], data: state });
  }
  return encodeTensors({ tensors, metadata: { format: FORMAT, config: JSON.stringify(config) } });
}

/** @throws Error naming `where`: not a safetensors file, or one of another program or version. */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { tensors, metadata } = decodeTensors(bytes, where);
  const old = metadata.format === FORMAT_1;
  if (!old && metadata.format !== FORMAT)
    throw new Error(`${where} is of format ${metadata.format ?? '(none)'} (this program reads ${FORMAT})`);
  let config: Config;
  try {
    config = validate(JSON.parse(metadata.config ?? ''));
  } catch (error) {
    throw new Error(`${where} holds no valid configuration: ${(error as Error).message}`);
  }
  const byName = new Map(tensors.map((t) => [t.name, t]));
  const parameters: Checkpoint['parameters'] = new Map();
  for (const { name, shape, data, dtype } of tensors)
    if (dtype === 'F32' && !name.startsWith('adam.') && name !== 'curriculum')
      parameters.set(name, { shape, data: data as Float32Array });
  const state = byName.get('state')?.data as Uint32Array | undefined;
  if (!state) return { config, parameters };
  if (old) throw new Error(`${where} holds optimiser state of format ${FORMAT_1} (this program resumes ${FORMAT})`);
  const floats = (name: string): Float32Array => {
    const found = byName.get(name);
    if (found?.dtype !== 'F32') throw new Error(`${where} has no tensor ${name}, which its optimiser state needs`);
    return found.data as Float32Array;
  };
  const moments = new Map(
    tensors.flatMap(({ name }) => {
      const tensor = name.startsWith('adam.moment1/') ? name.slice('adam.moment1/'.length) : undefined;
      return tensor === undefined
        ? []
        : [[tensor, { moment1: floats(name), moment2: floats(`adam.moment2/${tensor}`) }] as const];
    }),
  );
  return { config, parameters, training: { moments, state, curriculum: floats('curriculum') } };
}

/** Cuts a flat parameter buffer into named tensors, those that `keep` names. */
export function nameParameters(
  layout: ParameterLayout,
  flat: Float32Array,
  keep: (name: string) => boolean = () => true,
): Checkpoint['parameters'] {
  return new Map(
    layout.tensors
      .filter((t) => keep(t.name))
      .map(({ name, offset, rows, columns }) => [
        name,
        { shape: [rows, columns], data: flat.slice(offset, offset + rows * columns) },
      ]),
  );
}

/**
 * Whether a tensor belongs to a run of this configuration: a fleet also has heads that only other runs use, and a checkpoint is the file
 * that the run alone would leave.
 */
export const ownTensor =
  ({ contrast, clipo }: Config) =>
  (name: string): boolean =>
    name.startsWith('head.') ? contrast.lambda > 0 : name.startsWith('clipo.') ? clipo.lambda > 0 : true;

const isHead = (name: string) => name.startsWith('head.') || name.startsWith('clipo.');

/**
 * Puts a checkpoint's Adam moments into flat buffers of `layout`. Those of a head may be missing: it then starts afresh.
 * @throws Error naming the first tensor whose moments are missing or have another length
 */
export function placeMoments(layout: ParameterLayout, { training }: Checkpoint, where: string) {
  const out = { moment1: new Float32Array(layout.size), moment2: new Float32Array(layout.size) };
  for (const { name, offset, rows, columns } of layout.tensors) {
    const found = training?.moments.get(name);
    if (!found && isHead(name)) continue;
    const length = found ? Math.min(found.moment1.length, found.moment2.length) : 0;
    if (!found || length !== rows * columns)
      throw new Error(
        `${where} holds optimiser state of ${length} numbers for ${name}, this configuration needs ${rows * columns}`,
      );
    for (const kind of MOMENTS) out[kind].set(found[kind], offset);
  }
  return out;
}

/**
 * Copies a checkpoint's tensors into the flat buffer `into`. Tensors of a head may be missing (a base checkpoint has none).
 * @throws Error naming the first tensor that is missing or has another shape.
 */
export function placeParameters(layout: ParameterLayout, checkpoint: Checkpoint, into: Float32Array, where: string): void {
  for (const { name, offset, rows, columns } of layout.tensors) {
    const found = checkpoint.parameters.get(name);
    if (!found && isHead(name)) continue;
    if (!found)
      throw new Error(`${where} has no tensor ${name}, which policy.layers or another size of this configuration asks for`);
    if (found.shape.join() !== [rows, columns].join())
      throw new Error(
        `${where} has ${name} of shape ${found.shape.join('×')}, this configuration needs ${rows}×${columns} (policy.* and head.* sizes)`,
      );
    into.set(found.data, offset);
  }
}
