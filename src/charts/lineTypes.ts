/** One curve. */
export interface Line {
  /** Named at the line's end; without a label the line stays in the background. */
  label?: string;
  /** Ascending. */
  steps: ArrayLike<number>;
  /** NaN where there is no data: the curve has a gap there. */
  values: ArrayLike<number>;
  color: string;
  width?: number;
  alpha?: number;
  dash?: readonly number[];
  /** Domain whose shape ends the line. */
  symbol?: number;
  /** `strong`: wider and on top; `dimmed`: a trace of itself. */
  emphasis?: 'strong' | 'dimmed' | undefined;
}

/** A translucent area between two curves, such as a confidence interval over seeds. */
export interface Band {
  /** Ascending. */
  steps: ArrayLike<number>;
  /** NaN where there is no data. */
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  color: string;
  /** 0.16 when left out. */
  alpha?: number;
  /** Dash pattern of thin edges; none when left out. */
  edge?: readonly number[];
  emphasis?: 'strong' | 'dimmed' | undefined;
  /** Name of its columns in the chart's table. */
  label?: string;
}

/** A horizontal line to compare with, such as a baseline. */
export interface Level {
  value: number;
  label: string;
  color?: string;
}

/** Curves over steps with their spans. */
export interface LineChart {
  lines: readonly Line[];
  bands?: readonly Band[];
  /** The steps shown: the whole run or a window of it. */
  x: [number, number];
  y: [number, number];
  /** Linear when left out. On a log axis values of 0 and below are left out, and a note says so. */
  yScale?: 'linear' | 'log';
  /** Above the axis; none when left out. */
  yLabel?: string;
  /** Under the axis; `step` when left out. */
  xLabel?: string;
  /** Thin vertical lines. */
  marks?: readonly { step: number; label: string }[];
  levels?: readonly Level[];
  cursor: number | null;
  /** Steps being chosen by dragging. */
  brush?: readonly [number, number] | null;
  /** Where names and values stand: right of the curves, under them, or nowhere; when left out, wherever there is room. */
  labels?: 'end' | 'below' | 'none';
  /** Shown while there is nothing to draw. */
  empty?: string;
  format(value: number): string;
}
