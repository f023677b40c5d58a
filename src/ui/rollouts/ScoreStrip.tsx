import { domainColor } from '../../charts/palette';
import { symbolPath } from '../../charts/symbols';
import { fixed } from '../format';
import { usePalette } from '../usePalette';
import type { GroupAdvantage } from './advantage';

interface Props {
  scores: Float32Array;
  rewards: Float32Array;
  /** The selected one. */
  at: number;
  /** The domain's place in the registry. */
  mark: number;
  advantage: GroupAdvantage;
}

const HEIGHT = 76;
const AXIS = 54;
/** Room for a stack of marks, px. */
const STACK = 28;

/** The group's scores on a line, with their mean and one deviation to both sides. */
export function ScoreStrip({ scores, rewards, at, mark, advantage: { mean, deviation, rule } }: Props) {
  const palette = usePalette();
  const color = domainColor(palette, mark);
  const spread = rule === 'standard' ? deviation : 0;
  const low = Math.min(0, mean - spread, ...scores);
  const high = Math.max(1, mean + spread, ...scores);
  const x = (v: number) => `${6 + (88 * (v - low)) / (high - low)}%`;
  const counts = new Map<number, number>();
  const marks = Array.from(scores, (score) => {
    const level = counts.get(score) ?? 0;
    counts.set(score, level + 1);
    return { score, level };
  });
  const step = Math.min(9, STACK / Math.max(...counts.values()));
  const y = (level: number) => AXIS - 7 - level * step;
  const onLeft = mean > (low + high) / 2;
  const words = `Scores of the group: mean ${fixed(mean, 3)}, deviation ${fixed(deviation, 3)}, this one ${fixed(scores[at], 3)}`;
  return (
    <svg className="score-strip" height={HEIGHT} role="img" aria-label={words}>
      {spread > 0 && (
        <rect
          x={x(mean - spread)}
          width={`${(88 * 2 * spread) / (high - low)}%`}
          y="4"
          height={AXIS - 4}
          fill={palette.line}
          opacity="0.55"
        />
      )}
      <line x1="0" x2="100%" y1={AXIS} y2={AXIS} stroke={palette.line} />
      <line x1={x(mean)} x2={x(mean)} y1="4" y2={AXIS} stroke={palette.ink} strokeDasharray="3 2" />
      {marks.map(({ score, level }, j) => {
        const correct = rewards[j] > 0.5;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rollout is its place
          <svg key={j} x={x(score)} y={y(level)} overflow="visible" aria-hidden="true">
            {j === at && <circle r="7" fill={palette.card} stroke={palette.focus} strokeWidth="2" />}
            <path
              d={symbolPath(mark, 3.6)}
              fill={correct ? color : palette.card}
              stroke={color}
              strokeWidth={correct ? 0 : 1.25}
            />
          </svg>
        );
      })}
      {[0, 1].map((v) => (
        <text key={v} x={x(v)} y={AXIS + 16} textAnchor="middle" fill={palette.quiet}>
          {v}
        </text>
      ))}
      <svg x={x(mean)} overflow="visible" aria-hidden="true">
        <text x={onLeft ? -6 : 6} y="12" textAnchor={onLeft ? 'end' : 'start'} fill={palette.ink}>
          mean {fixed(mean, 3)}
          {spread > 0 && ` ± ${fixed(deviation, 3)}`}
        </text>
      </svg>
    </svg>
  );
}
