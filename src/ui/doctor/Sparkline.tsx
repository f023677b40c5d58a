import { usePalette } from '../usePalette';

interface Props {
  steps: ArrayLike<number>;
  /** As measured; NaN where there is no data. */
  values: ArrayLike<number>;
  /** Steps that the mean looks back over. */
  window: number;
  threshold: number;
  /** Step since which the mean is beyond the threshold. */
  from: number;
  label: string;
}

const [WIDTH, HEIGHT] = [400, 64];
/** Most points drawn. */
const MOST = 400;

type Point = readonly [step: number, value: number];

/** The means of the last `window` entries with data, where there are enough. */
function means(steps: ArrayLike<number>, values: ArrayLike<number>, window: number): Point[] {
  const out: Point[] = [];
  for (let i = 0; i < values.length; i++) {
    let [sum, n] = [0, 0];
    for (let k = Math.max(0, i + 1 - window); k <= i; k++) if (Number.isFinite(values[k])) [sum, n] = [sum + values[k], n + 1];
    if (n >= window / 2) out.push([steps[i], sum / n]);
  }
  return out;
}

/** Every so many of the points, the last one among them. */
const thinned = (points: readonly Point[]): readonly Point[] => {
  const by = Math.ceil(points.length / MOST);
  return by > 1 ? points.filter((_, i) => (points.length - 1 - i) % by === 0) : points;
};

/** A metric over training: as measured (faint), its running mean, the line that it is beyond, and the step since which it is. */
export function Sparkline({ steps, values, window, threshold, from, label }: Props) {
  const palette = usePalette();
  const raw = thinned(Array.from(values, (v, i): Point => [steps[i], v]).filter(([, v]) => Number.isFinite(v)));
  const smooth = thinned(means(steps, values, window));
  if (raw.length === 0) return null;
  const [first, last] = [steps[0], Math.max(steps[0] + 1, steps[steps.length - 1])];
  const all = [...raw.map(([, v]) => v), threshold];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (step: number) => 2 + ((WIDTH - 4) * (step - first)) / (last - first);
  const y = (value: number) => HEIGHT - 4 - ((HEIGHT - 8) * (value - low)) / Math.max(1e-12, high - low);
  const path = (points: readonly Point[]) =>
    points.map(([s, v], i) => `${i ? 'L' : 'M'}${x(s).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      <rect x={x(from)} y="0" width={Math.max(0, WIDTH - x(from))} height={HEIGHT} fill={palette.fault} opacity="0.07" />
      <path d={path(raw)} fill="none" stroke={palette.quiet} strokeWidth="1" opacity="0.55" vectorEffect="non-scaling-stroke" />
      <line
        x1="0"
        x2={WIDTH}
        y1={y(threshold)}
        y2={y(threshold)}
        stroke={palette.fault}
        strokeWidth="1.25"
        strokeDasharray="5 3"
        vectorEffect="non-scaling-stroke"
      />
      <path d={path(smooth)} fill="none" stroke={palette.ink} strokeWidth="1.75" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
