/** Fonts of the SVG recorder: a canvas font string taken apart, widths, and where a baseline lies. */

/** Measures text as a canvas would draw it. */
export interface TextMeasure {
  /** Width in px of a text in a canvas font (`600 12px system-ui`). */
  width(text: string, font: string): number;
  /** How far below the given place the letters' foot line is, in px. */
  drop(baseline: CanvasTextBaseline, font: string): number;
}

/** A canvas font string in parts; size in px. */
export interface Font {
  style: string;
  weight: string;
  size: number;
  family: string;
}

/** Takes `italic 600 12px/1 family, family` apart; what is missing is `normal`. @throws RangeError without a size in px */
export function parseFont(font: string): Font {
  const match = /^(.*?)\s*([\d.]+)px(?:\/\S+)?\s+(.+)$/.exec(font.trim());
  if (!match) throw new RangeError(`invalid font: ${font} (style, weight, size in px, family)`);
  const words = match[1].split(/\s+/);
  return {
    style: words.find((w) => w === 'italic' || w === 'oblique') ?? 'normal',
    weight: words.find((w) => /^(\d{3}|bold|bolder|lighter)$/.test(w)) ?? 'normal',
    size: Number(match[2]),
    family: match[3],
  };
}

/** Advance widths in thousandths of the size for U+0020 to U+007E, as common sans-serif faces have them. */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
  556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
  722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
  500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/** Signs, letters and figures beyond. */
const OTHER = 584;

/** Share of the size from each baseline down to the letters' foot. */
const DROPS: Record<CanvasTextBaseline, number> = {
  alphabetic: 0,
  ideographic: -0.21,
  bottom: -0.21,
  middle: 0.345,
  hanging: 0.75,
  top: 0.9,
};

/** Estimates without a canvas: for tests and hosts that have none. */
export const ESTIMATE: TextMeasure = {
  width(text, font) {
    const { size, weight } = parseFont(font);
    const bold = weight === 'normal' || Number(weight) < 600 ? 1 : 1.06;
    let sum = 0;
    for (const letter of text) sum += WIDTHS[(letter.codePointAt(0) as number) - 32] ?? OTHER;
    return (sum / 1000) * size * bold;
  },
  drop: (baseline, font) => DROPS[baseline] * parseFont(font).size,
};

/** Measures with a real canvas. */
export function canvasMeasure(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): TextMeasure {
  const drops = new Map<string, number>();
  const top = (baseline: CanvasTextBaseline) => {
    context.textBaseline = baseline;
    return context.measureText('x').actualBoundingBoxAscent;
  };
  return {
    width(text, font) {
      context.font = font;
      return context.measureText(text).width;
    },
    drop(baseline, font) {
      const key = `${baseline} ${font}`;
      let found = drops.get(key);
      if (found === undefined) {
        context.font = font;
        drops.set(key, (found = top('alphabetic') - top(baseline)));
      }
      return found;
    },
  };
}

/** The best measure that this host has. */
export function textMeasure(): TextMeasure {
  const context = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d');
  return context ? canvasMeasure(context) : ESTIMATE;
}
