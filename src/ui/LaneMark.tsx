import { laneColor, laneDash } from '../charts/palette';
import { usePalette } from './usePalette';

/** A lane's colour and dash, as its curves have them. */
export function LaneMark({ lane }: { lane: number }) {
  const palette = usePalette();
  return (
    <svg className="lane-mark" viewBox="0 0 22 8" aria-hidden="true">
      <path d="M0 4h22" stroke={laneColor(palette, lane)} strokeWidth="3" strokeDasharray={laneDash(lane).join(' ')} />
    </svg>
  );
}
