/**
 * The safetensors format: 8 bytes little-endian header length, JSON header, raw data.
 * Source: the format's own description (huggingface/safetensors, README "Format").
 */
export interface NamedTensor {
  name: string;
  dtype: 'F32' | 'U32';
  shape: number[];
  data: Float32Array | Uint32Array;
}
/** Content of a safetensors file. */
export interface TensorFile {
  tensors: NamedTensor[];
  metadata: Record<string, string>;
}

const MAX_HEADER = 100_000_000;

/** The bytes of a safetensors file; the header is padded so that the data begins at a multiple of 8. */
export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let at = 0;
  for (const { name, dtype, shape, data } of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  let text = new TextEncoder().encode(JSON.stringify(header));
  if (text.length % 8) text = new TextEncoder().encode(JSON.stringify(header) + ' '.repeat(8 - (text.length % 8)));
  const out = new Uint8Array(8 + text.length + at);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  at = 8 + text.length;
  for (const { data } of tensors) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}

/** @throws Error naming `where` and what is wrong: too short, broken header, missing data, unknown type. */
export function decodeTensors(bytes: Uint8Array, where: string): TensorFile {
  const bad = (what: string) => new Error(`${where} is not a whole safetensors file: ${what}`);
  if (bytes.length < 8) throw bad(`${bytes.length} bytes (at least 8)`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > MAX_HEADER || 8 + headerLength > bytes.length)
    throw bad(`its header claims ${headerLength} bytes, ${bytes.length - 8} follow`);
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
    if (typeof header !== 'object' || header === null) throw new Error(`it is ${header}`);
  } catch (error) {
    throw bad(`its header is no JSON (${(error as Error).message})`);
  }
  const start = 8 + headerLength;
  const tensors: NamedTensor[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: span } = value as { dtype: string; shape: number[]; data_offsets: [number, number] };
    if (dtype !== 'F32' && dtype !== 'U32') throw bad(`tensor ${name} has type ${dtype} (F32 or U32)`);
    const count = Array.isArray(shape) ? shape.reduce((a, b) => a * b, 1) : Number.NaN;
    if (!Array.isArray(span) || span[1] - span[0] !== 4 * count)
      throw bad(`tensor ${name} has shape [${shape}] but bytes ${span}`);
    if (start + span[1] > bytes.length) throw bad(`tensor ${name} ends at byte ${start + span[1]} of ${bytes.length}`);
    const copy = bytes.slice(start + span[0], start + span[1]).buffer;
    tensors.push({ name, dtype, shape, data: dtype === 'F32' ? new Float32Array(copy) : new Uint32Array(copy) });
  }
  return { tensors, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}
