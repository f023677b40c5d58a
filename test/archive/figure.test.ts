import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Figure } from '../../src/archive/exchange/figure';
import { openFile, readFigure } from '../../src/archive/exchange/openFile';
import { crc32, embedInPng } from '../../src/archive/exchange/png';
import { embedInSvg } from '../../src/archive/exchange/svg';
import { fileOf, runOf } from './support';

const SVG =
  '<?xml version="1.0"?>\n<!-- a > b -->\n<svg xmlns="http://www.w3.org/2000/svg" aria-label="x > y" width="9">\n<path d="M0 0"/></svg>';

/** A grey PNG of one pixel, put together by hand. */
async function pixel(): Promise<Blob> {
  const chunk = async (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(await crc32(body), 4 + body.length);
    return out;
  };
  const header = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const data = new Uint8Array(deflateSync(Uint8Array.of(0, 128)));
  return new Blob([signature, await chunk('IHDR', header), await chunk('IDAT', data), await chunk('IEND', new Uint8Array())]);
}

const FIGURE: Figure = {
  version: '0.4.0',
  link: 'v=1&preset=tiny&view=geometry',
  title: 'Reward <b> & ]]> 🦊',
  data: {
    columns: ['step', 'reward "mean"'],
    rows: [
      [1, 0.1 + 0.2],
      [2, null],
      [3, -0],
      ['four', '\u0000\uFFFE\uD800'],
    ],
  },
  runs: [runOf('grpo', 12), runOf('mcpo-grpo', 9, 1)],
};

const svgOf = async (figure: Figure) => (await embedInSvg(SVG, figure)).text();

/** Texts with whatever could break XML, JSON or Latin-1. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      ']]>',
      '&',
      '&amp;',
      '</metadata>',
      '"',
      "'",
      '\\',
      '\n',
      '\r',
      '🦊',
      '\uD800',
      '\uFFFF',
      '\0',
    ),
    maxLength: 20,
  }),
);
const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text, fc.constant(null));
const plain = { noNullPrototype: true };
const figures: fc.Arbitrary<Figure> = fc.integer({ min: 0, max: 4 }).chain((width) => {
  const columns = fc.array(text, { minLength: width, maxLength: width });
  const rows = fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 });
  const data = fc.record({ columns, rows }, plain);
  const runs = fc.constantFrom([], FIGURE.runs.slice(1));
  return fc.record({ version: text, link: text, title: text, data, runs }, plain);
});

test('CRC-32 is the one of the standards', async () => {
  expect(await crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

describe('SVG', () => {
  test('carries its figure, and is the same picture', async () => {
    const svg = await svgOf(FIGURE);
    expect(await readFigure(new Blob([svg]), 'a.svg')).toStrictEqual(FIGURE);
    expect(svg.replace(/<metadata[\s\S]*<\/metadata>/, '')).toBe(SVG);
    expect(svg).not.toContain(']]>');
    const again = await (await embedInSvg(svg, { ...FIGURE, title: 'other' })).text();
    expect(again.match(/<metadata/g)).toHaveLength(1);
    expect((await readFigure(new Blob([again]), 'a.svg')).title).toBe('other');
    expect(await (await embedInSvg('<svg/>', FIGURE)).text()).toMatch(/^<svg><metadata[\s\S]*<\/metadata><\/svg>$/);
    await expect(embedInSvg('<p>no</p>', FIGURE)).rejects.toThrow('not an SVG');
  });

  test('is read after another program rewrote it', async () => {
    const svg = await svgOf(FIGURE);
    const inner = /<metadata id="mcpo-lab">([\s\S]*)<\/metadata>/.exec(svg)?.[1] as string;
    const literal = inner.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replaceAll(']]>', ']]\\u003e');
    const rewritten = [
      svg
        .replace('<metadata id="mcpo-lab">', "<svg:metadata\n class='x' id = 'mcpo-lab' >")
        .replace('</metadata>', '</svg:metadata >'),
      svg.replaceAll('&lt;', '&#60;').replaceAll('&gt;', '&#x3E;').replaceAll('"tiny"', '&quot;tiny&quot;'),
      svg.replaceAll('\n', '\r\n   '),
      svg.replace(inner, () => `<![CDATA[${literal}]]>`),
    ];
    for (const one of rewritten) expect(await readFigure(new Blob([one]), 'a.svg')).toStrictEqual(FIGURE);
  });

  test('any text comes back', async () => {
    await fc.assert(
      fc.asyncProperty(figures, async (figure) => {
        const svg = await svgOf(figure);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 forbids
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\]\]>/);
        expect(() => encodeURI(svg)).not.toThrow(); // no half of a surrogate pair
        expect(await readFigure(new Blob([svg]), 'a.svg')).toStrictEqual(figure);
      }),
      { numRuns: 60 },
    );
  });
});

describe('PNG', () => {
  test('carries its figure, and is the same picture', async () => {
    const plain = await pixel();
    const png = await embedInPng(plain, FIGURE);
    expect(await readFigure(png, 'a.png')).toStrictEqual(FIGURE);
    const again = await embedInPng(png, { ...FIGURE, runs: [], title: 'other' });
    expect((await readFigure(again, 'a.png')).title).toBe('other');
    expect(again.size).toBeLessThan(png.size);
    const names = Buffer.from(await png.arrayBuffer())
      .toString('latin1')
      .match(/IHDR|IDAT|iTXt|IEND/g);
    expect(names).toEqual(['IHDR', 'IDAT', 'iTXt', 'IEND']);
  });

  test('any text comes back', async () => {
    const plain = await pixel();
    await fc.assert(
      fc.asyncProperty(figures, async (figure) => {
        expect(await readFigure(await embedInPng(plain, figure), 'a.png')).toStrictEqual(figure);
      }),
      { numRuns: 60 },
    );
  });

  test('what is damaged, cut off or not ours says so', async () => {
    const png = await embedInPng(await pixel(), FIGURE);
    const broken = new Uint8Array(await png.arrayBuffer());
    broken[png.size - 60] ^= 1;
    await expect(readFigure(new Blob([broken]), 'a.png')).rejects.toThrow(
      'invalid file: a.png is damaged: its data fails the checksum',
    );
    await expect(readFigure(png.slice(0, png.size - 30), 'a.png')).rejects.toThrow(
      'invalid file: a.png is damaged: it ends within a chunk',
    );
    await expect(readFigure(await pixel(), 'a.png')).rejects.toThrow('invalid file: a.png is a picture without data of MCPO Lab');
    await expect(readFigure(new Blob([SVG]), 'a.svg')).rejects.toThrow(
      'invalid file: a.svg is a picture without data of MCPO Lab',
    );
    await expect(embedInPng(new Blob(['x']), FIGURE)).rejects.toThrow('invalid file: the picture is not a PNG');
  });
});

test('figures are opened by what they are, whatever their names', async () => {
  const png = await openFile(fileOf(await embedInPng(await pixel(), FIGURE), 'figure.svg'));
  const svg = await openFile(fileOf(await svgOf(FIGURE), 'figure.jsonl'));
  expect(png).toStrictEqual({ kind: 'figure', figure: FIGURE });
  expect(svg).toStrictEqual({ kind: 'figure', figure: FIGURE });
});

test('figures of a newer version, and faults within, are named', async () => {
  const svg = await svgOf(FIGURE);
  const open = (text: string) => openFile(fileOf(text, 'f.svg'));
  await expect(open(svg.replace('mcpo-lab figure 1', 'mcpo-lab figure 2'))).rejects.toThrow(
    'f.svg, line 1: is of format mcpo-lab figure 2 (this program reads mcpo-lab figure 1)',
  );
  await expect(open(svg.replace('mcpo-lab run 1', 'mcpo-lab run 3'))).rejects.toThrow('is of format mcpo-lab run 3');
  await expect(open(svg.replace('[2,null]', '[2]'))).rejects.toThrow('f.svg, line 3: 1 cells (2, as in the header)');
  await expect(open(svg.replace('[2,null]', '[2,true]'))).rejects.toThrow(
    'f.svg, line 3: invalid cell: true (a number, a text or null)',
  );
});
