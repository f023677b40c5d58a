import type { Bytes } from '../types';
import { type Figure, figureLines } from './figure';
import { faultOf, MAX_FILE } from './format';
import { textOf } from './lines';
import { pauses } from './pause';

/**
 * PNG chunks: length, type, data, CRC-32 of type and data (W3C PNG 3rd edition, 5.3). A figure's text lies in a compressed iTXt chunk
 * with the keyword `mcpo-lab`.
 */
/** Bytes or characters handled without a look at the clock: as they are, and to be packed or unpacked. */
const STRETCH = 1 << 16;
const PIECE = 1 << 14;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const KEYWORD = 'mcpo-lab';

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 as PNG and zip have it (polynomial 0xedb88320). */
export async function crc32(bytes: Uint8Array): Promise<number> {
  const pause = pauses();
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; ) {
    for (const end = Math.min(bytes.length, i + STRETCH); i < end; i++) c = TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8);
    const wait = pause();
    if (wait) await wait;
  }
  return (c ^ 0xffffffff) >>> 0;
}

/** True when a file's first bytes are those of a PNG. */
export const isPng = (head: Uint8Array): boolean => SIGNATURE.every((b, i) => head[i] === b);

/** Lines as bytes, some at a time, with pauses in between. */
function streamOf(lines: Iterator<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const pause = pauses();
  return new ReadableStream({
    async pull(controller) {
      let text = '';
      for (let next = lines.next(); ; next = lines.next()) {
        if (!next.done) text += `${next.value}\n`;
        if (next.done || text.length > PIECE) {
          if (text) controller.enqueue(encoder.encode(text));
          if (next.done) controller.close();
          break;
        }
      }
      await pause();
    },
  });
}

/** Bytes in pieces so small that unpacking one takes no time. */
function piecewise(bytes: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + PIECE));
        else controller.close();
        at += PIECE;
      },
    },
    { highWaterMark: 0 },
  );
}

const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);

async function chunk(type: string, data: Uint8Array): Promise<Bytes> {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, await crc32(out.subarray(4, 8 + data.length)));
  return out;
}

interface Chunk {
  type: string;
  /** First byte of its length, first of its data, first after its CRC. */
  start: number;
  data: number;
  end: number;
}

/** The chunks of a file by their headers alone. */
async function chunksOf(file: Blob, name: string): Promise<Chunk[]> {
  const fault = faultOf(name);
  const bytes = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  if (!isPng(await bytes(0, 8))) fault('is not a PNG');
  const out: Chunk[] = [];
  for (let at = 8; at < file.size; ) {
    const head = await bytes(at, at + 8);
    const end = head.length < 8 ? Number.NaN : at + 12 + new DataView(head.buffer).getUint32(0);
    if (!(end <= file.size)) fault(`is damaged: it ends within a chunk that begins at byte ${at}`);
    const type = latin(head.subarray(4));
    out.push({ type, start: at, data: at + 8, end });
    at = end;
    if (type === 'IEND') return out;
  }
  return fault('is damaged: it has no end');
}

async function isOwn(file: Blob, { type, data, end }: Chunk): Promise<boolean> {
  if (type !== 'iTXt' || end - data < KEYWORD.length + 5) return false;
  return latin(new Uint8Array(await file.slice(data, data + KEYWORD.length + 1).arrayBuffer())) === `${KEYWORD}\0`;
}

/**
 * Puts a figure's text into a PNG, in place of an earlier one.
 * @throws Error when the file is no whole PNG
 */
export async function embedInPng(file: Blob, figure: Figure): Promise<Blob> {
  const chunks = await chunksOf(file, 'the picture');
  const stream = streamOf(figureLines(figure)).pipeThrough(new CompressionStream('deflate'));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  // Keyword, compressed by zlib (1, 0), no language, no translated keyword.
  const head = Uint8Array.from([...KEYWORD].map((c) => c.charCodeAt(0)).concat([0, 1, 0, 0, 0]));
  const data = new Uint8Array(head.length + packed.length);
  data.set(head);
  data.set(packed, head.length);
  const parts: BlobPart[] = [file.slice(0, 8)];
  for (const one of chunks) {
    if (one.type === 'IEND') parts.push(await chunk('iTXt', data));
    if (!(await isOwn(file, one))) parts.push(file.slice(one.start, one.end));
  }
  return new Blob(parts, { type: 'image/png' });
}

/** The text that `embedInPng` put in, piece by piece. @throws Error when there is none, or it is damaged */
export async function* pngText(file: Blob, name: string): AsyncGenerator<string> {
  const fault = faultOf(name);
  for (const one of await chunksOf(file, name)) {
    if (!(await isOwn(file, one))) continue;
    const bytes = new Uint8Array(await file.slice(one.start + 4, one.end).arrayBuffer());
    const whole = bytes.subarray(0, -4);
    if ((await crc32(whole)) !== new DataView(bytes.buffer).getUint32(whole.length))
      fault('is damaged: its data fails the checksum');
    const compressed = whole[4 + KEYWORD.length + 1];
    const language = whole.indexOf(0, 4 + KEYWORD.length + 3);
    const keyword = language < 0 ? -1 : whole.indexOf(0, language + 1);
    if (keyword < 0) fault('is damaged: its data has no beginning');
    const stream = piecewise(whole.subarray(keyword + 1));
    try {
      yield* textOf(compressed ? stream.pipeThrough(new DecompressionStream('deflate')) : stream, name, MAX_FILE);
    } catch (error) {
      if (error instanceof TypeError) fault('is damaged: its data cannot be unpacked');
      throw error;
    }
    return;
  }
  fault('is a picture without data of MCPO Lab (other programs may leave it out when they save)');
}
