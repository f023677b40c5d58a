import { usePalette } from '../usePalette';

const ROOM = 27;
const [X, Y] = [32, 31];

/** Two arrows from one point: the run's to the right, the other one at the angle of the cosine, both as long as they are. */
export function Compass({ cosine, ratio, color }: { cosine: number; ratio: number; color: string }) {
  const { quiet } = usePalette();
  const most = Math.max(1, ratio);
  const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  const arrow = (x: number, y: number, stroke: string, width: number) => {
    const length = Math.hypot(x, y);
    if (length < 0.5) return <circle cx={X} cy={Y} r="2" fill={stroke} />;
    const [ux, uy] = [x / length, y / length];
    const tip = [X + x, Y - y];
    const barb = (side: number) => `${tip[0] - 4 * ux + side * 2.5 * uy} ${tip[1] + 4 * uy + side * 2.5 * ux}`;
    return (
      <path
        d={`M${X} ${Y}L${tip[0]} ${tip[1]}M${barb(1)}L${tip[0]} ${tip[1]}L${barb(-1)}`}
        fill="none"
        stroke={stroke}
        strokeWidth={width}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    );
  };
  return (
    <svg className="compass" viewBox="0 0 64 36" aria-hidden="true">
      {arrow(ROOM / most, 0, quiet, 1.25)}
      {arrow((ROOM * ratio * cosine) / most, (ROOM * ratio * sine) / most, color, 2)}
    </svg>
  );
}
