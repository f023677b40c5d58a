import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Size } from '../../src/charts/drawContext';
import { encodePng } from '../../src/charts/png';
import { SvgContext, toSvg } from '../../src/charts/svgContext';
import { ESTIMATE, parseFont } from '../../src/charts/svgText';

/** The recorder without a browser; figure.browser.test.ts compares its pictures with a canvas. */

const SIZE: Size = { width: 100, height: 50 };
const record = (draw: (context: SvgContext) => void): string => {
  const context = new SvgContext(SIZE, '#ffffff', ESTIMATE);
  draw(context);
  return context.content();
};

test('paths lie where the canvas would have put them', () => {
  const out = record((c) => {
    c.translate(10, 20);
    c.rotate(Math.PI / 2);
    c.scale(2, 2);
    c.beginPath();
    c.moveTo(3, 0);
    c.lineTo(0, 1);
    c.resetTransform();
    c.lineTo(50, 40);
    c.stroke();
  });
  expect(out).toContain('d="M10,26L8,20L50,40"');
});

test('strokes keep the scale at which they are drawn', () => {
  const out = record((c) => {
    c.scale(3, 3);
    c.lineWidth = 2;
    c.setLineDash([1, 2, 3]);
    c.strokeRect(1, 1, 4, 5);
  });
  expect(out).toBe(
    '<rect x="3" y="3" width="12" height="15" fill="none" stroke="#000000" stroke-width="6" stroke-dasharray="3 6 9 3 6 9"/>',
  );
});

test('arcs end at the right place, take the right way and close when they are full', () => {
  const arc = (start: number, end: number, back = false) =>
    record((c) => {
      c.beginPath();
      c.arc(50, 25, 20, start, end, back);
      c.stroke();
    });
  expect(arc(0, Math.PI / 2)).toContain('d="M70,25A20,20 0 0 1 50,45"');
  expect(arc(0, Math.PI / 2, true)).toContain('d="M70,25A20,20 0 0 0 35.86,10.86A20,20 0 0 0 50,45"');
  expect(arc(0, 2 * Math.PI).match(/A20/g)).toHaveLength(3);
  expect(arc(0, 2 * Math.PI)).toMatch(/ 70,25"/);
  expect(arc(1, 1)).not.toContain('A');
  const squeezed = record((c) => {
    c.scale(1, 0.5);
    c.beginPath();
    c.arc(50, 50, 20, 0, Math.PI / 2);
    c.fill();
  });
  expect(squeezed).toMatch(/d="M70,25C70,30\.52 .* 50,35"/);
});

test('state comes back, clips nest and end with it', () => {
  const out = record((c) => {
    c.save();
    c.fillStyle = '#ff0000';
    c.globalAlpha = 0.5;
    c.beginPath();
    c.rect(0, 0, 50, 50);
    c.clip();
    c.save();
    c.beginPath();
    c.rect(10, 10, 10, 10);
    c.clip('evenodd');
    c.fillRect(0, 0, 5, 5);
    c.restore();
    c.fillRect(1, 0, 5, 5);
    c.restore();
    c.fillRect(2, 0, 5, 5);
  });
  const [, inner, outer, free] = out.split(/(?=<g|\n<rect x="2")/);
  expect(out).toMatch(
    /<clipPath id="clip2" clip-path="url\(#clip1\)"><path d="M10,10L20,10L20,20L10,20Z" clip-rule="evenodd"\/>/,
  );
  expect(inner).toContain('clip-path="url(#clip2)"');
  expect(inner).toContain('fill="#ff0000" fill-opacity="0.5"');
  expect(outer).toContain('clip-path="url(#clip1)"');
  expect(free.trim()).toBe('<rect x="2" y="0" width="5" height="5" fill="#000000"/>');
});

test('a full clear forgets, a part is painted over', () => {
  const out = record((c) => {
    c.fillRect(0, 0, 9, 9);
    c.clearRect(0, 0, 100, 50);
    c.fillRect(1, 1, 2, 2);
    c.clearRect(5, 5, 10, 10);
  });
  expect(out.split('\n')).toEqual([
    '<rect x="1" y="1" width="2" height="2" fill="#000000"/>',
    '<rect x="5" y="5" width="10" height="10" fill="#ffffff"/>',
  ]);
});

test('places that are no numbers draw nothing, as on a canvas', () => {
  const out = record((c) => {
    c.beginPath();
    c.moveTo(Number.NaN, 3);
    c.lineTo(1, 2);
    c.lineTo(Number.POSITIVE_INFINITY, 0);
    c.arc(1, Number.NaN, 3, 0, 1);
    c.lineTo(4, 4);
    c.stroke();
    c.fillText('gone', Number.NaN, 0);
    c.fillRect(0, 0, Number.NaN, 1);
  });
  expect(out).toMatch(/^<path d="M1,2L4,4"[^\n]*$/);
});

test('text keeps its font, place and characters; controls do not break the file', () => {
  const draw = (c: CanvasRenderingContext2D) => {
    c.font = 'italic 600 14px/1.2 "Segoe UI", sans-serif';
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    c.fillText('a < b & "c"\u0000\ud800 λ', 10, 20);
  };
  const svg = toSvg(SIZE, draw, { title: 'x<y', measure: ESTIMATE });
  expect(svg).toContain('<title>x&lt;y</title>');
  expect(svg).toMatch(/<text x="10" y="24.83" font-size="14" font-family="&quot;Segoe UI&quot;, sans-serif" font-weight="600"/);
  expect(svg).toMatch(/font-style="italic" text-anchor="end" fill="#000000">a &lt; b &amp; &quot;c&quot; λ<\/text>/);
  expect(svg).toContain('viewBox="0 0 100 50"');
});

test('fonts come apart; what cannot be written is named', () => {
  expect(parseFont('12px system-ui')).toEqual({ style: 'normal', weight: 'normal', size: 12, family: 'system-ui' });
  expect(() => parseFont('large serif')).toThrow('invalid font: large serif (style, weight, size in px, family)');
  const gradient = {} as CanvasGradient;
  expect(() =>
    record((c) => {
      c.fillStyle = gradient;
      c.fillRect(0, 0, 1, 1);
    }),
  ).toThrow('invalid style for SVG: a gradient or pattern (a colour)');
});

test.each([
  ['opaque', 255, 3],
  ['translucent', 77, 4],
])('%s pixels become a PNG that other decoders read', (_, alpha, channels) => {
  const [width, height] = [300, 90];
  const rgba = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? alpha : (i * 7) % 256));
  const png = encodePng(rgba, width, height);
  const view = new DataView(png.buffer);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(crc32(body));
    chunks.set(new TextDecoder().decode(body.subarray(0, 4)), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const rows = inflateSync(chunks.get('IDAT') as Uint8Array);
  expect(rows).toHaveLength(height * (1 + channels * width));
  for (const [x, y] of [
    [0, 0],
    [299, 89],
    [150, 44],
  ]) {
    const at = y * (1 + channels * width) + 1 + channels * x;
    expect([...rows.subarray(at, at + channels)]).toEqual([...rgba.subarray(4 * (y * width + x)).slice(0, channels)]);
  }
});
