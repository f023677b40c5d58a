import { laneColor } from '../../charts/palette';
import { usePalette } from '../usePalette';

const WIDTH = 72;
const HEIGHT = 22;
/** Least span, so that a flat run looks flat. */
const SPAN = 0.2;
/** Weight of the newest value in the average that is drawn. */
const FRESH = 0.3;

/** Line through an average of the values, in a box of WIDTH × HEIGHT; empty without two of them. */
export function sparkPath(values: ArrayLike<number>): string {
  const smooth: [number, number][] = [];
  let mean = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    mean = Number.isNaN(mean) ? values[i] : mean + FRESH * (values[i] - mean);
    smooth.push([i, mean]);
  }
  if (smooth.length < 2) return '';
  const ys = smooth.map(([, y]) => y);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const room = Math.max(0, SPAN - (high - low)) / 2;
  const y = (v: number) => HEIGHT - 2 - ((v - low + room) / (high - low + 2 * room)) * (HEIGHT - 4);
  const x = (i: number) => 1 + (i / (values.length - 1)) * (WIDTH - 2);
  return smooth.map(([i, v], k) => `${k ? 'L' : 'M'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join('');
}

/** The reward over a run's last steps, as a small curve beside its number. */
export function Spark({ values, color }: { values: ArrayLike<number>; color: number }) {
  const palette = usePalette();
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={sparkPath(values)} fill="none" stroke={laneColor(palette, color)} strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}
