/** Just enough PNG for pictures inside SVG: pixels without compression, made at once and without a canvas. */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) c = TABLE[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const v of bytes) {
    a = (a + v) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

const word = (v: number) => [v >>> 24, (v >>> 16) & 255, (v >>> 8) & 255, v & 255];
const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function join(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = join([latin(type), data]);
  return join([word(data.length), body, word(crc32(body))]);
}

/** zlib's frame around stored blocks. */
function stored(data: Uint8Array): Uint8Array {
  const parts: ArrayLike<number>[] = [[0x78, 0x01]];
  for (let at = 0; at === 0 || at < data.length; at += 0xffff) {
    const part = data.subarray(at, at + 0xffff);
    const [low, high] = [part.length & 255, part.length >>> 8];
    parts.push([at + 0xffff >= data.length ? 1 : 0, low, high, low ^ 255, high ^ 255], part);
  }
  return join([...parts, word(adler32(data))]);
}

/** A PNG file of RGBA pixels [height, width, 4]; written without alpha where all are opaque. */
export function encodePng(rgba: ArrayLike<number>, width: number, height: number): Uint8Array<ArrayBuffer> {
  let opaque = true;
  for (let i = 3; i < rgba.length && opaque; i += 4) opaque = rgba[i] === 255;
  const channels = opaque ? 3 : 4;
  const rows = new Uint8Array(height * (1 + width * channels));
  let at = 0;
  for (let y = 0; y < height; y++) {
    rows[at++] = 0; // no filter
    for (let x = 0; x < width; x++) for (let k = 0; k < channels; k++) rows[at++] = rgba[4 * (y * width + x) + k];
  }
  const head = Uint8Array.from([...word(width), ...word(height), 8, opaque ? 2 : 6, 0, 0, 0]);
  return join([SIGNATURE, chunk('IHDR', head), chunk('IDAT', stored(rows)), chunk('IEND', new Uint8Array())]);
}
