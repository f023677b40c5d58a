import { expect, test } from 'vitest';
import { figureFiles } from '../../src/charts/figure';
import { drawLineChart, type Size } from '../../src/charts/lineChart';
import { LIGHT } from '../../src/charts/palette';
import { toSvg } from '../../src/charts/svgContext';
import { ALL, domains } from './samples';

/** Figures in a real browser: the SVG beside the canvas, pixel by pixel. */

type Draw = (context: CanvasRenderingContext2D, size: Size) => void;

function pixels(size: Size, draw: (context: CanvasRenderingContext2D) => void): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 2 * size.width, height: 2 * size.height });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.scale(2, 2);
  draw(context);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, size.width, size.height);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

async function picture(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

const meanDifference = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
  a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length;

async function compare(size: Size, draw: Draw) {
  const svg = toSvg(size, draw, { title: 'A < B & "C"', description: 'what is shown' });
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')?.textContent).toBeUndefined();
  expect(parsed.querySelector('title')?.textContent).toBe('A < B & "C"');
  const image = await picture(svg);
  expect([image.naturalWidth, image.naturalHeight]).toEqual([size.width, size.height]);
  const drawn = pixels(size, (c) => draw(c, size));
  const blank = pixels(size, () => {});
  return {
    svg,
    parsed,
    away: meanDifference(
      drawn,
      pixels(size, (c) => c.drawImage(image, 0, 0, size.width, size.height)),
    ),
    ink: meanDifference(drawn, blank),
  };
}

test.each(ALL)('%s looks in SVG as on the canvas, wide and narrow', async (_, draw, height) => {
  for (const width of [480, 340]) {
    const { away, ink } = await compare({ width, height }, draw);
    expect(ink).toBeGreaterThan(1);
    expect(away).toBeLessThan(0.3);
    expect(away).toBeLessThan(0.04 * ink);
  }
});

test('turned, scaled, clipped and pictured drawings come out alike', async () => {
  const bitmap = new OffscreenCanvas(3, 2);
  const paint = bitmap.getContext('2d') as OffscreenCanvasRenderingContext2D;
  for (let i = 0; i < 6; i++) {
    paint.fillStyle = `rgb(${40 * i}, ${255 - 40 * i}, 120)`;
    paint.fillRect(i % 3, Math.floor(i / 3), 1, 1);
  }
  const { away, ink, parsed } = await compare({ width: 200, height: 160 }, (c, size) => {
    c.clearRect(0, 0, size.width, size.height);
    c.save();
    c.beginPath();
    c.arc(60, 60, 50, 0, 2 * Math.PI);
    c.clip();
    c.save();
    c.beginPath();
    c.rect(30, 0, 60, 160);
    c.clip();
    c.imageSmoothingEnabled = false;
    c.drawImage(bitmap, 10, 10, 90, 100);
    c.restore();
    c.strokeStyle = '#c400d6';
    c.lineWidth = 6;
    c.strokeRect(20.5, 20.5, 80, 80);
    c.restore();
    c.save();
    c.translate(140, 60);
    c.rotate(0.5);
    c.scale(1.5, 0.8);
    c.globalAlpha = 0.6;
    c.fillStyle = '#0072b2';
    c.strokeStyle = '#1c1e22';
    c.beginPath();
    c.ellipse(0, 0, 30, 18, 0.3, 0.2, 5, false);
    c.closePath();
    c.fill();
    c.font = '600 14px sans-serif';
    c.textAlign = 'center';
    c.textBaseline = 'top';
    c.fillText('a < b', 0, 0);
    c.restore();
    c.setLineDash([6, 3]);
    c.lineCap = 'round';
    c.lineWidth = 3;
    c.beginPath();
    c.arc(150, 120, 25, 5.5, 2.5, true);
    c.stroke();
    c.setLineDash([]);
    c.beginPath();
    c.roundRect(15, 120, 60, 30, 8);
    c.quadraticCurveTo(100, 100, 110, 150);
    c.bezierCurveTo(90, 150, 90, 130, Number.NaN, 130);
    c.stroke();
    c.clearRect(30, 130, 20, 10);
  });
  expect(parsed.querySelectorAll('clipPath')).toHaveLength(2);
  expect(away).toBeLessThan(1);
  expect(away).toBeLessThan(0.04 * ink);
});

test('figure files hold the chart in light colours on white', async () => {
  const size = { width: 320, height: 200 };
  const { svg, png } = await figureFiles(size, (c, s, palette) => drawLineChart(c, s, domains, palette), {
    title: 'Reward',
    description: 'Reward by domain',
  });
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(parsed.querySelector('desc')?.textContent).toBe('Reward by domain');
  expect(parsed.querySelector('rect')?.getAttribute('fill')).toBe('#ffffff');
  const image = await createImageBitmap(new Blob([png], { type: 'image/png' }));
  expect([image.width, image.height]).toEqual([640, 400]);
  const context = new OffscreenCanvas(640, 400).getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, 640, 400);
  expect([...data.slice(0, 4)]).toEqual([255, 255, 255, 255]);
  const drawn = pixels(size, (c) => drawLineChart(c, size, domains, LIGHT));
  expect(meanDifference(data, drawn)).toBeLessThan(0.01);
});
