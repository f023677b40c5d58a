import { diverging } from '../../charts/palette';
import { signed } from '../format';
import { usePalette } from '../usePalette';

/** An advantage as a bar from the middle, and as a number; `most`: the value of a full bar. */
export function AdvantageBar({ value, most }: { value: number; most: number }) {
  const palette = usePalette();
  const share = most > 0 ? (50 * Math.abs(value)) / most : 0;
  return (
    <span className="advantage-bar">
      <svg aria-hidden="true">
        <rect
          x={`${value < 0 ? 50 - share : 50}%`}
          width={`${share}%`}
          y="2"
          height="8"
          fill={diverging(palette, value < 0 ? -0.75 : 0.75)}
        />
        <line x1="50%" x2="50%" y1="0" y2="12" stroke={palette.quiet} />
      </svg>
      <span className="number">{signed(value, 2)}</span>
    </span>
  );
}
