/** Colours as `#rrggbb`: luminance, contrast, and mixtures in OKLab (Ottosson 2020), where equal steps look equal. */

type Triple = [number, number, number];

/** Red, green and blue of `#rrggbb`, 0 to 255. @throws RangeError for another notation */
export function rgbOf(hex: string): Triple {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new RangeError(`invalid colour: ${hex} (#rrggbb)`);
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as Triple;
}

const toLinear = (v: number) => (v <= 10.31475 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
const fromLinear = (v: number) => 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
const byte = (v: number) => Math.min(255, Math.max(0, Math.round(v)));
const hexOf = (rgb: Triple) => `#${rgb.map((v) => byte(v).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance as WCAG 2 defines it, 0 to 1. */
export function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two colours as WCAG 2 defines it, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Whichever of two text colours reads better on a ground. */
export const readable = (ground: string, a: string, b: string): string => (contrast(a, ground) >= contrast(b, ground) ? a : b);

function labOf(hex: string): Triple {
  const [r, g, b] = rgbOf(hex).map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function hexOfLab([x, a, b]: Triple): string {
  const l = (x + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (x - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (x - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb: Triple = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return hexOf(rgb.map(fromLinear) as Triple);
}

/** The colour at share `t` (0 to 1) of the way from `a` to `b`. */
export function mix(a: string, b: string, t: number): string {
  const [x, y] = [labOf(a), labOf(b)];
  return hexOfLab(x.map((v, i) => v + t * (y[i] - v)) as Triple);
}

/** 256 colours along evenly spaced stops. */
export function ramp(stops: readonly string[]): string[] {
  return Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    return mix(stops[k], stops[k + 1], at - k);
  });
}
