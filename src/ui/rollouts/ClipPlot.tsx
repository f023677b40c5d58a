import { usePalette } from '../usePalette';
import { type ClipToken, clipCurve } from './clipCurve';

const [WIDTH, HEIGHT] = [360, 104];
const [TOP, AXIS] = [8, 82];

/** The token's loss as a curve of its ratio, with the clip range as a band and the token as a dot. */
export function ClipPlot({ token }: { token: ClipToken }) {
  const { advantage, ratio, clip, loss } = token;
  const palette = usePalette();
  const { low, high, corners, losses, ticks, words } = clipCurve(token);
  const [least, most] = [Math.min(...losses, loss), Math.max(...losses, loss)];
  const x = (rho: number) => ((rho - low) / (high - low)) * WIDTH;
  const y = (l: number) => (most > least ? AXIS - 8 - ((l - least) / (most - least)) * (AXIS - 8 - TOP) : (TOP + AXIS) / 2);
  return (
    <svg className="clip-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <rect
        x={x(1 - clip.low)}
        width={x(1 + clip.high) - x(1 - clip.low)}
        y={TOP - 4}
        height={AXIS - TOP + 4}
        fill={palette.line}
        opacity="0.55"
      />
      <line x1="0" x2={WIDTH} y1={AXIS} y2={AXIS} stroke={palette.line} />
      <line x1={x(1)} x2={x(1)} y1={TOP - 4} y2={AXIS} stroke={palette.quiet} strokeDasharray="2 3" />
      <path
        d={corners.map((r, i) => `${i ? 'L' : 'M'}${x(r).toFixed(1)},${y(losses[i]).toFixed(1)}`).join('')}
        fill="none"
        stroke={palette.ink}
        strokeWidth="1.75"
      />
      <circle cx={x(ratio)} cy={y(loss)} r="5" fill={palette.focus} stroke={palette.card} strokeWidth="1.5" />
      {ticks.map(({ rho, text }) => (
        <text key={text} x={x(rho)} y={AXIS + 16} textAnchor="middle" fill={palette.quiet}>
          {text}
        </text>
      ))}
      <text x={WIDTH} y={advantage < 0 ? AXIS - 8 : TOP + 8} textAnchor="end" fill={palette.quiet}>
        loss ℓ over ratio ρ
      </text>
    </svg>
  );
}
