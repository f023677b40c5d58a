import { describe, expect, test } from 'vitest';
import { mix, contrast as ownContrast, readable } from '../../src/charts/color';
import { onCell } from '../../src/charts/matrixChart';
import { DARK, diverging, LIGHT, laneDash, rampBytes, sequential } from '../../src/charts/palette';
import { closest, contrast, distance, SIGHT, seen } from './vision';

const steps = (from: number) => Array.from({ length: 101 }, (_, i) => from + ((1 - from) * i) / 100);

describe.each(Object.entries({ LIGHT, DARK }))('%s', (_, palette) => {
  test.each(Object.entries(SIGHT))('five domains and eight lanes differ in %s', (_, sight) => {
    expect(closest(palette.domains.slice(0, 5), sight)).toBeGreaterThan(12);
    expect(palette.lanes).toHaveLength(8);
    expect(closest(palette.lanes, sight)).toBeGreaterThan(18);
  });

  test('lanes are not taken for domains, nor is what is selected for either', () => {
    const others = [...palette.lanes, ...palette.domains.slice(0, 5)];
    for (const lane of palette.lanes)
      for (const domain of palette.domains.slice(0, 5)) expect(distance(lane, domain)).toBeGreaterThan(15);
    for (const other of others) expect(distance(palette.focus, other)).toBeGreaterThan(25);
  });

  test('text reads at 4.5 : 1, lanes and the selection at 3 : 1, domain marks at 2.4 : 1', () => {
    for (const ground of [palette.page, palette.card])
      for (const text of [palette.ink, palette.quiet, palette.fault]) expect(contrast(text, ground)).toBeGreaterThan(4.5);
    for (const color of [...palette.lanes, palette.focus]) expect(contrast(color, palette.card)).toBeGreaterThan(3);
    for (const d of palette.domains.slice(0, 5)) expect(contrast(d, palette.card)).toBeGreaterThan(2.4);
  });

  test.each(Object.entries(SIGHT))('scales run one way in lightness, and their ends differ, in %s', (_, sight) => {
    const light = (hex: string) => seen(hex, sight)[0];
    const up = palette === DARK ? 1 : -1;
    const rising = (colors: string[]) =>
      colors.slice(1).forEach((c, i) => expect(up * (light(c) - light(colors[i]))).toBeGreaterThan(-0.6));
    rising(steps(0).map((t) => sequential(palette, t)));
    rising(steps(0).map((t) => diverging(palette, t)));
    rising(steps(0).map((t) => diverging(palette, -t)));
    for (const t of [0.25, 0.5, 1]) {
      expect(distance(diverging(palette, t), diverging(palette, -t), sight)).toBeGreaterThan(20);
      expect(distance(diverging(palette, t), diverging(palette, 0), sight)).toBeGreaterThan(12);
    }
    expect(Math.abs(light(sequential(palette, 1)) - light(sequential(palette, 0)))).toBeGreaterThan(55);
  });

  test('numbers read on every cell', () => {
    for (const t of steps(-1))
      for (const ground of [diverging(palette, t), sequential(palette, t)])
        expect(contrast(onCell(ground), ground)).toBeGreaterThan(4.2);
  });

  test('scales end where they end, and pictures use the same colours', () => {
    expect(diverging(palette, -7)).toBe(palette.divergingStops[0]);
    expect(diverging(palette, 7)).toBe(palette.divergingStops[4]);
    expect(sequential(palette, 0)).toBe(palette.sequentialStops[0]);
    const bytes = rampBytes(palette, 'sequential');
    expect(bytes).toHaveLength(768);
    const last = [...bytes.slice(-3)].map((v) => v.toString(16).padStart(2, '0')).join('');
    expect(`#${last}`).toBe(sequential(palette, 1));
  });
});

test('eight lanes have eight dash patterns', () => {
  expect(new Set(Array.from({ length: 8 }, (_, i) => laneDash(i).join())).size).toBe(8);
  expect(laneDash(8)).toEqual(laneDash(0));
});

test('colours mix evenly and name their contrast', () => {
  expect(mix('#102030', '#102030', 0.3)).toBe('#102030');
  expect(mix('#000000', '#ffffff', 0)).toBe('#000000');
  expect(mix('#000000', '#ffffff', 1)).toBe('#ffffff');
  expect(ownContrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
  expect(ownContrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(readable('#000000', '#111111', '#eeeeee')).toBe('#eeeeee');
  expect(() => mix('red', '#ffffff', 0.5)).toThrow('invalid colour: red (#rrggbb)');
});
