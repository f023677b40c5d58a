import { validate } from '../config/resolve';
import type { Config } from '../config/schema';
import { FORMAT, FORMAT_1 } from '../engine/checkpoint';
import { STATE } from '../kernels/state';

/** What a checkpoint file says about itself before its tensors are read. */
export interface CheckpointHead {
  config: Config;
  /** Steps done; null for a base checkpoint, which holds no optimiser state. */
  step: number | null;
}

/** Longest header of a checkpoint, bytes. */
const MAX_HEADER = 10_000_000;

const bytesOf = async (part: Blob) => new DataView(await part.arrayBuffer());

/** True when `head`, a file's first 9 bytes, begins as a safetensors file does: header length, then a JSON object. */
export const isTensorFile = (head: Uint8Array): boolean => {
  if (head.length < 9 || head[8] !== 0x7b) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(MAX_HEADER);
};

/**
 * Reads the header of a checkpoint, and its step, without its tensors.
 * @throws Error naming `name`: cut off, no checkpoint of this program, or one of another version or of an invalid configuration
 */
export async function readCheckpointHead(file: Blob, name: string): Promise<CheckpointHead> {
  const bad = (what: string) => new Error(`${name} is not a whole safetensors file: ${what}`);
  if (file.size < 8) throw bad(`${file.size} bytes (at least 8)`);
  const length = Number((await bytesOf(file.slice(0, 8))).getBigUint64(0, true));
  const start = 8 + length;
  if (length > MAX_HEADER || start > file.size) throw bad(`its header claims ${length} bytes, ${file.size - 8} follow`);
  let header: Record<string, { data_offsets?: unknown } | undefined>;
  try {
    header = JSON.parse(await file.slice(8, start).text());
    if (typeof header !== 'object' || header === null) throw new Error(`it is ${header}`);
  } catch (error) {
    throw bad(`its header is no JSON (${(error as Error).message})`);
  }
  const metadata = (header.__metadata__ ?? {}) as Record<string, unknown>;
  const { format } = metadata;
  if (format !== FORMAT && format !== FORMAT_1)
    throw new Error(`${name} is of format ${format ?? '(none)'} (this program reads ${FORMAT})`);
  let config: Config;
  try {
    config = validate(JSON.parse(String(metadata.config ?? '')));
  } catch (error) {
    throw new Error(`${name} holds no valid configuration: ${(error as Error).message}`);
  }
  const spanOf = (tensor: string): [number, number] => {
    const span = header[tensor]?.data_offsets;
    if (!Array.isArray(span) || !span.every((x) => Number.isSafeInteger(x) && x >= 0))
      throw bad(`tensor ${tensor} lies at bytes ${span}`);
    return [start + span[0], start + span[1]];
  };
  for (const tensor of Object.keys(header)) {
    if (tensor === '__metadata__') continue;
    const end = spanOf(tensor)[1];
    if (end > file.size) throw bad(`tensor ${tensor} ends at byte ${end} of ${file.size}`);
  }
  if (!header.state) return { config, step: null };
  if (format === FORMAT_1)
    throw new Error(`${name} holds optimiser state of format ${FORMAT_1} (this program resumes ${FORMAT})`);
  const [from, to] = spanOf('state');
  if (to - from < 4 * (STATE.step + 1)) throw bad(`tensor state has ${to - from} bytes`);
  return { config, step: (await bytesOf(file.slice(from, to))).getUint32(4 * STATE.step, true) };
}
