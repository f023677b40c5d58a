import { describe, expect, test } from 'vitest';
import { DARK, LIGHT } from '../../src/charts/palette';
import { drawTable, pictureTable, type TablePicture, tableSize } from '../../src/charts/tablePicture';
import { collisions, recorded, strokes, textsOf } from './drawn';

const LONG = 'a response that is far too long for any column of a picture, with many tokens to the right of it, and more';
const table: TablePicture = {
  columns: [{ text: 'Task' }, { text: 'Response' }, { text: 'GRPO', lane: 1, right: true }],
  rows: [
    [
      { text: 'Math', domain: 0 },
      { text: LONG, quiet: true },
      { text: '12.5 %', value: 0.125 },
    ],
    [
      { text: 'Safety', domain: 4, open: true },
      { text: 'short', strong: true },
      { text: '–', value: null },
    ],
  ],
};
const drawn = (width: number, palette = LIGHT) =>
  recorded({ width, height: tableSize(table).height }, (c, s) => drawTable(c, s, table, palette));

describe('a table as a picture', () => {
  test.each([360, 480, 1080])('keeps its texts apart and inside at %i px', (width) => {
    const texts = textsOf(drawn(width));
    expect(collisions(texts)).toEqual([]);
    for (const { text, left, right } of texts) {
      expect(left, text).toBeGreaterThanOrEqual(0);
      expect(right, text).toBeLessThanOrEqual(width + 0.5);
    }
    const long = texts.find((t) => t.text.startsWith('a response'));
    expect(long?.text.endsWith('…')).toBe(width < 1080);
    expect(texts.map((t) => t.text)).toContain('Math');
  });

  test('numbers stand below each other at the right, under their head with its lane’s line', () => {
    const texts = textsOf(drawn(480));
    const [head, some, none] = ['GRPO', '12.5 %', '–'].map((text) => texts.find((t) => t.text === text)?.right ?? 0);
    expect(some).toBeCloseTo(none, 0);
    // The head is in bold: wider than it is measured here.
    expect(Math.abs(head - some)).toBeLessThan(4);
    expect(strokes(drawn(480), LIGHT.lanes[1]).length).toBe(1);
    expect(drawn(480, DARK)).toContain(DARK.ink);
  });

  test('is as large as its rows ask, and its data are numbers', () => {
    const { width, height } = tableSize(table);
    expect(width).toBeGreaterThan(600);
    expect(tableSize({ ...table, rows: [...table.rows, table.rows[1]] }).height - height).toBe(22);
    expect(pictureTable(table)).toEqual({
      columns: ['Task', 'Response', 'GRPO'],
      rows: [
        ['Math', LONG, 0.125],
        ['Safety', 'short', null],
      ],
    });
  });
});
