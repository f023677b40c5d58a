import { validate } from '../config/resolve';
import type { Config } from '../config/schema';
import type { ParameterLayout } from './parameters';
import { decodeTensors, encodeTensors, type NamedTensor } from './safetensors';

/** One run, frozen: what a base checkpoint holds (parameters), and what a resumable one adds (Adam moments and counters). */
export interface Checkpoint {
  config: Config;
  /** Tensors by name; shapes as in the parameter layout. */
  parameters: Map<string, { shape: number[]; data: Float32Array }>;
  training?: { moment1: Float32Array; moment2: Float32Array; state: Uint32Array };
}

const FORMAT = 'mcpo-lab checkpoint 1';

/** A checkpoint as the bytes of a safetensors file; the configuration lies in its metadata. */
export function encodeCheckpoint({ config, parameters, training }: Checkpoint): Uint8Array<ArrayBuffer> {
  const tensors: NamedTensor[] = [...parameters].map(([name, { shape, data }]) => ({ name, dtype: 'F32', shape, data }));
  if (training) {
    const { moment1, moment2, state } = training;
    tensors.push({ name: 'adam.moment1', dtype: 'F32', shape: [moment1.length], data: moment1 });
    tensors.push({ name: 'adam.moment2', dtype: 'F32', shape: [moment2.length], data: moment2 });
    tensors.push({ name: 'state', dtype: 'U32', shape: [state.length], data: state });
  }
  return encodeTensors({ tensors, metadata: { format: FORMAT, config: JSON.stringify(config) } });
}

/** @throws Error naming `where`: not a safetensors file, or one of another program or version. */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { tensors, metadata } = decodeTensors(bytes, where);
  if (metadata.format !== FORMAT)
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
    if (dtype === 'F32' && !name.startsWith('adam.')) parameters.set(name, { shape, data: data as Float32Array });
  const state = byName.get('state')?.data as Uint32Array | undefined;
  const moment1 = byName.get('adam.moment1')?.data as Float32Array | undefined;
  const moment2 = byName.get('adam.moment2')?.data as Float32Array | undefined;
  return { config, parameters, ...(state && moment1 && moment2 ? { training: { state, moment1, moment2 } } : {}) };
}

/** Cuts a flat parameter buffer into named tensors. */
export function nameParameters(layout: ParameterLayout, flat: Float32Array): Checkpoint['parameters'] {
  return new Map(
    layout.tensors.map(({ name, offset, rows, columns }) => [
      name,
      { shape: [rows, columns], data: flat.slice(offset, offset + rows * columns) },
    ]),
  );
}

/**
 * Copies a checkpoint's tensors into the flat buffer `into`. Tensors of the head may be missing (a base checkpoint has none).
 * @throws Error naming the first tensor that is missing or has another shape.
 */
export function placeParameters(layout: ParameterLayout, checkpoint: Checkpoint, into: Float32Array, where: string): void {
  for (const { name, offset, rows, columns } of layout.tensors) {
    const found = checkpoint.parameters.get(name);
    if (!found && name.startsWith('head.')) continue;
    if (!found)
      throw new Error(`${where} has no tensor ${name}, which policy.layers or another size of this configuration asks for`);
    if (found.shape.join() !== [rows, columns].join())
      throw new Error(
        `${where} has ${name} of shape ${found.shape.join('×')}, this configuration needs ${rows}×${columns} (policy.* and head.* sizes)`,
      );
    into.set(found.data, offset);
  }
}
