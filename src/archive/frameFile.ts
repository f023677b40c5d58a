import type { Frame } from '../host/protocol';
import type { Bytes } from './types';

/** A frame as one file: a length (u32, little-endian), that many bytes of JSON, filled up to a multiple of 4, then the arrays, 4 bytes an entry. */

const VERSION = 1;

type Arrays = Record<string, Uint32Array | Float32Array>;
const INTEGERS = ['domain', 'column', 'prompt', 'response', 'length'] as const;
const FLOATS = ['reward', 'advantage', 'score', 'vectors'] as const;
const TOKENS = ['logp', 'ratio', 'entropy', 'objective'] as const;

function arraysOf(frame: Frame): Arrays {
  const out: Arrays = {};
  for (const name of [...INTEGERS, ...FLOATS]) {
    const array = frame[name];
    if (array) out[name] = array;
  }
  for (const name of TOKENS) if (frame.tokens) out[name] = frame.tokens[name];
  return out;
}

const padded = (bytes: number) => Math.ceil(bytes / 4) * 4;

/** Bytes of a frame's arrays: what its file takes, but for the texts. */
export const frameSize = (frame: Frame): number => Object.values(arraysOf(frame)).reduce((sum, a) => sum + a.byteLength, 0);

/** The bytes of a frame's file. */
export function encodeFrame(frame: Frame): Bytes {
  const arrays = arraysOf(frame);
  const { source, run, step, n, domains, columns, width, promptText, reason, responseLength } = frame;
  const facts = { source, run, step, n, domains, columns, width, promptText, reason, responseLength };
  const lengths = Object.entries(arrays).map(([name, a]) => [name, a.length]);
  const head = new TextEncoder().encode(JSON.stringify({ version: VERSION, facts, lengths }));
  const start = padded(4 + head.length);
  const bytes = new Uint8Array(start + frameSize(frame));
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  let at = start;
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** The frame of a file; null when it is damaged, or of another version. */
export function decodeFrame(bytes: Bytes): Frame | null {
  try {
    const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
    if (head.version !== VERSION) return null;
    const lengths = head.lengths as [string, number][];
    let at = padded(4 + size);
    if (at + lengths.reduce((sum, [, n]) => sum + 4 * n, 0) !== bytes.length) return null;
    const found = new Map<string, Uint32Array | Float32Array>();
    for (const [name, length] of lengths) {
      const own = bytes.slice(at, at + 4 * length).buffer;
      found.set(name, INTEGERS.some((i) => i === name) ? new Uint32Array(own) : new Float32Array(own));
      at += 4 * length;
    }
    const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, found.get(name) ?? null]));
    const tokens = TOKENS.every((name) => found.has(name)) ? named(TOKENS) : null;
    const frame = { ...head.facts, ...named([...INTEGERS, ...FLOATS]), tokens } as Frame;
    const whole = [frame.domain, frame.column, frame.prompt, frame.reward].every((a) => a?.length === frame.n);
    return whole ? frame : null;
  } catch {
    return null;
  }
}
