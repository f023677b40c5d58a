import { whatDiffered } from '../../store/changes';
import { useLab } from '../useLab';

/** Says what the faint curves are. */
export function PreviousNote() {
  const previous = useLab((s) => s.previous);
  const presets = useLab((s) => s.presets);
  const config = useLab((s) => s.config);
  if (!previous) return null;
  return (
    <span className="previous">
      <svg className="dash" viewBox="0 0 18 4" aria-hidden="true">
        <path d="M0 2h18" stroke="currentColor" strokeWidth="1.5" strokeDasharray="4 3" />
      </svg>
      previous run: {whatDiffered(previous, { presets, config })}
    </span>
  );
}
