import { luminance, mix, ramp } from './color';
import { domainColor, type Palette } from './palette';

/** Whether marks stand on a dark ground. */
export const isDark = (palette: Palette): boolean => luminance(palette.card) < 0.18;

/** Grey of a mark whose value is zero: seen on the ground, weaker than either end of the scale. */
export const neutral = (palette: Palette): string => mix(palette.quiet, palette.card, isDark(palette) ? 0.35 : 0.4);

const remembered = new WeakMap<Palette, Map<string, readonly string[]>>();

function rampOf(palette: Palette, name: string, stops: () => readonly string[]): readonly string[] {
  let ramps = remembered.get(palette);
  if (!ramps) remembered.set(palette, (ramps = new Map()));
  let colors = ramps.get(name);
  if (!colors) ramps.set(name, (colors = ramp(stops())));
  return colors;
}

/** Stops of the scale for marks: as `palette.divergingStops`, but with a grey that is seen in the middle. */
export const markStops = (palette: Palette): readonly string[] => {
  const [low, lower, , higher, high] = palette.divergingStops;
  return [low, lower, neutral(palette), higher, high];
};

/** Colour of a mark by t in −1 (orange) … 0 (grey) … 1 (blue); beyond, the ends. */
export function markColor(palette: Palette, t: number): string {
  const colors = rampOf(palette, 'marks', () => markStops(palette));
  return colors[Math.min(255, Math.max(0, Math.round(127.5 * (t + 1))))];
}

const HUES = {
  light: ['#0072b2', '#008f9c', '#2c8c3c', '#8a8a00', '#c67a00', '#c9472c', '#c2357f', '#8a4fc0', '#4b5fd0', '#0072b2'],
  dark: ['#4ba3dd', '#3dbcc4', '#67c46c', '#c2bf45', '#f0ad45', '#f2845c', '#ee7db4', '#bd95f0', '#8c9df5', '#4ba3dd'],
};

/** Colour of a prompt by its number: neighbours in number are far apart on the circle of hues. */
export function promptColor(palette: Palette, prompt: number): string {
  const colors = rampOf(palette, 'prompts', () => (isDark(palette) ? HUES.dark : HUES.light));
  const turn = (Math.max(0, prompt) * 0.61803398875) % 1;
  return colors[Math.floor(256 * turn)];
}

/** Colour of column `within` of a domain's `count`: shades of the domain's colour, towards the ink and towards the ground. */
export function columnColor(palette: Palette, domain: number, within: number, count: number): string {
  const color = domainColor(palette, domain);
  if (count <= 1) return color;
  const t = (2 * within) / (count - 1) - 1; // −1 … 1
  const most = count < 4 ? 0.3 : 0.45;
  return t < 0 ? mix(color, palette.ink, -t * most) : mix(color, palette.card, t * most);
}
