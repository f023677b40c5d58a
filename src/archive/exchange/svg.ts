import { type Figure, figureLines } from './figure';
import { faultOf } from './format';
import { piecesOf } from './lines';
import { linesFile } from './runLines';

const ID = 'mcpo-lab';
const OWN = /<((?:[\w-]+:)?metadata)\b[^>]{0,500}\bid\s{0,9}=\s{0,9}(?:"mcpo-lab"|'mcpo-lab')[^>]{0,500}>/;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** JSON as XML text: markup escaped (so that `]]>` cannot occur), the two characters that XML forbids as JSON escapes. */
const escapeXml = (json: string): string =>
  json
    .replace(/[&<>]/g, (c) => ESCAPES[c])
    .replaceAll('\ufffe', '\\ufffe')
    .replaceAll('\uffff', '\\uffff');

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name];
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

function* escaped(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield escapeXml(line);
}

/** End of the tag that begins at `from`; text in quotes may hold `>`. */
function tagEnd(svg: string, from: number): number {
  let quote = '';
  for (let i = from; i < svg.length; i++) {
    const c = svg[i];
    if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return i;
  }
  return -1;
}

/** Where the content of our metadata element lies, and the element; null without one. */
function findOwn(svg: string) {
  const open = OWN.exec(svg);
  if (!open || open[0].endsWith('/>')) return null;
  const from = open.index + open[0].length;
  const close = `</${open[1]}`;
  const to = svg.indexOf(close, from);
  return to < 0 ? null : { from, to, start: open.index, end: svg.indexOf('>', to) + 1 };
}

/**
 * Puts a figure's text into an SVG as its first `<metadata>` element, in place of an earlier one of ours.
 * @throws Error when the text is no SVG
 */
export async function embedInSvg(svg: string, figure: Figure): Promise<Blob> {
  const own = findOwn(svg);
  const bare = own ? svg.slice(0, own.start) + svg.slice(own.end) : svg;
  const start = bare.search(/<svg[\s>/]/);
  const end = start < 0 ? -1 : tagEnd(bare, start);
  if (end < 0) throw new Error('not an SVG: it has no <svg> element');
  const closed = bare[end - 1] === '/';
  const head = `${bare.slice(0, closed ? end - 1 : end)}><metadata id="${ID}">\n`;
  const tail = `</metadata>${closed ? '</svg>' : ''}${bare.slice(end + 1)}`;
  return linesFile(escaped(figureLines(figure)), 'image/svg+xml', head, tail);
}

/** The text that `embedInSvg` put in, piece by piece. @throws Error when there is none */
export async function* svgText(svg: string, name: string): AsyncGenerator<string> {
  const own =
    findOwn(svg) ?? faultOf(name)('is a picture without data of MCPO Lab (other programs may leave it out when they save)');
  const content = svg.slice(own.from, own.to).trim();
  const literal = content.startsWith('<![CDATA[') && content.endsWith(']]>');
  const text = literal ? content.slice(9, -3) : content;
  // Entities must not be cut: each piece waits for the end of its last line.
  let rest = '';
  for await (const piece of piecesOf(text)) {
    const cut = piece.lastIndexOf('\n') + 1;
    const whole = rest + piece.slice(0, cut);
    rest = piece.slice(cut);
    if (cut) yield literal ? whole : unescapeXml(whole);
    else rest = whole + rest;
  }
  yield literal ? rest : unescapeXml(rest);
}
