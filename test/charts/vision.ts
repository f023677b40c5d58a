/** Colour as people see it, written apart from src/charts/color.ts: CIELAB distances, for colour-blind eyes too. */

export type Rgb = [number, number, number];

const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as Rgb;
const linear = (c: Rgb): Rgb => c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as Rgb;
const times = (m: readonly number[][], v: Rgb): Rgb => m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Rgb;
const luminance = (c: Rgb) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];

/** WCAG's contrast ratio. */
export const contrast = (a: string, b: string) => {
  const [low, high] = [a, b].map((x) => luminance(linear(rgb(x)))).sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

/** CIELAB of linear sRGB (D65). */
function lab(c: Rgb): Rgb {
  const xyz = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    c,
  );
  const [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear sRGB. */
export const SIGHT = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIELAB of a colour as eyes of that kind see it. */
export const seen = (hex: string, sight: readonly number[][]): Rgb =>
  lab(times(sight, linear(rgb(hex))).map((v) => Math.min(1, Math.max(0, v))) as Rgb);

export const distance = (a: string, b: string, sight: readonly number[][] = SIGHT.full): number => {
  const [p, q] = [seen(a, sight), seen(b, sight)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};

/** Smallest distance between any two of the colours. */
export const closest = (colors: readonly string[], sight: readonly number[][]): number =>
  Math.min(...colors.flatMap((a, i) => colors.slice(i + 1).map((b) => distance(a, b, sight))));
