import { sizeText } from '../full';
import { pauses } from './pause';

/** Longest line, characters: parsing one is a task that cannot be cut. */
const MAX_LINE = 2_000_000;
const PIECE = 1 << 18;

/** Reads lines one after another and gives something at the end. Both throw Errors in words. */
export interface LineReader<T> {
  take(text: string, line: number): void;
  end(): T;
}

/** UTF-8 text of a stream, piece by piece. @throws Error when it is no UTF-8, or longer than `most` bytes */
export async function* textOf(
  stream: ReadableStream<Uint8Array>,
  name: string,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new Error(`invalid file: ${name} is not UTF-8 text`);
    }
  };
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if ((size += value.length) > most) throw new Error(`invalid file: ${name} unpacks to more than ${sizeText(most)}`);
      for (let at = 0; at < value.length; at += PIECE) yield decode(value.subarray(at, at + PIECE));
    }
    yield decode();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A text, piece by piece. */
export async function* piecesOf(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

/** Gives a reader every line, counted from 1, and pauses in between so that no task takes long. */
export async function readLines<T>(source: AsyncIterable<string>, name: string, reader: LineReader<T>): Promise<T> {
  const pause = pauses();
  let rest = '';
  let line = 0;
  const check = (length: number) => {
    if (length > MAX_LINE) throw new Error(`${name}, line ${line + 1}: longer than ${MAX_LINE} characters`);
  };
  for await (const piece of source) {
    let from = 0;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
      check(rest.length + at - from);
      reader.take(rest + piece.slice(from, at), ++line);
      rest = '';
      from = at + 1;
      const wait = pause();
      if (wait) await wait;
    }
    rest += piece.slice(from);
    check(rest.length);
    const wait = pause();
    if (wait) await wait;
  }
  if (rest) reader.take(rest, ++line);
  return reader.end();
}
