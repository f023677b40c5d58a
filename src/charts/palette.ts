import { ramp, rgbOf } from './color';

/** The page's colours: one set for light, one for dark. Domains follow Okabe and Ito, tuned for contrast on each ground. */
export interface Palette {
  page: string;
  card: string;
  ink: string;
  quiet: string;
  line: string;
  fault: string;
  /** By domain index; repeats after the last. */
  domains: readonly string[];
  /** Eight runs of a race; repeats after the last. Far from the domains, and from each other for colour-blind eyes too. */
  lanes: readonly string[];
  /** What is selected. */
  focus: string;
  /** Stops from −1 over 0 to 1. */
  divergingStops: readonly string[];
  /** Stops from 0 to 1. */
  sequentialStops: readonly string[];
}

/** Colours on a light page. */
export const LIGHT: Palette = {
  page: '#f6f6f3',
  card: '#ffffff',
  ink: '#1c1e22',
  quiet: '#5b616a',
  line: '#e3e3de',
  fault: '#b3261e',
  domains: ['#0072b2', '#d99400', '#00936a', '#b8609b', '#c94400', '#3f9fd0'],
  lanes: ['#558afe', '#d76f5a', '#015006', '#7528a3', '#938706', '#3a366d', '#357c73', '#6d2e39'],
  focus: '#c400d6',
  divergingStops: ['#8f3b00', '#dd8c45', '#f5f5f2', '#76aedb', '#0c4c86'],
  sequentialStops: ['#f1f4ef', '#b4d6ca', '#68a7a6', '#2c7380', '#123f4f'],
};

/** Colours on a dark page. */
export const DARK: Palette = {
  page: '#131517',
  card: '#1a1d20',
  ink: '#e9e9e5',
  quiet: '#a1a7af',
  line: '#2d3135',
  fault: '#ff8a80',
  domains: ['#4ba3dd', '#f0b83c', '#27bd92', '#dd98c4', '#ef7240', '#9ad2f2'],
  lanes: ['#607caf', '#d45445', '#a3fba9', '#f3bffe', '#d3e04a', '#936cdd', '#47c0b6', '#a57674'],
  focus: '#e86bff',
  divergingStops: ['#ffac6b', '#a65f28', '#262a2e', '#2f6fa6', '#8ccbff'],
  sequentialStops: ['#23282b', '#244b54', '#2f757d', '#61a99f', '#cdebd2'],
};

/** Colour of a domain by its place in the registry. */
export const domainColor = (palette: Palette, domain: number): string => palette.domains[domain % palette.domains.length];

/** Colour of a race's lane. */
export const laneColor = (palette: Palette, lane: number): string => palette.lanes[lane % palette.lanes.length];

const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 2.5],
  [10, 3, 2, 3],
  [4, 2.5],
  [14, 4],
  [2, 5],
  [7, 2.5, 2, 2.5, 2, 2.5],
];

/** Dash pattern of a race's lane: its second channel beside the colour. */
export const laneDash = (lane: number): readonly number[] => DASHES[lane % DASHES.length];

const ramps = new WeakMap<readonly string[], string[]>();

function along(stops: readonly string[], t: number): string {
  let colors = ramps.get(stops);
  if (!colors) ramps.set(stops, (colors = ramp(stops)));
  return colors[Math.min(255, Math.max(0, Math.round(255 * t)))];
}

/** Colour of t from −1 (orange) over 0 (the ground) to 1 (blue); beyond, the ends. `t` must not be NaN. */
export const diverging = (palette: Palette, t: number): string => along(palette.divergingStops, (t + 1) / 2);

/** Colour of t from 0 (the ground) to 1; beyond, the ends. `t` must not be NaN. */
export const sequential = (palette: Palette, t: number): string => along(palette.sequentialStops, t);

/** The 256 colours of a scale as bytes, [256, 3]: for pictures with a pixel per value. */
export function rampBytes(palette: Palette, scale: 'diverging' | 'sequential'): Uint8ClampedArray {
  const colors = ramp(scale === 'diverging' ? palette.divergingStops : palette.sequentialStops);
  return Uint8ClampedArray.from(colors.flatMap(rgbOf));
}

/** The system's own typeface. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif';
