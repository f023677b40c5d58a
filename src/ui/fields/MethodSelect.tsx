import { PRESETS, type Preset } from '../../config/presets';

/** How a policy can learn. */
export const METHODS: readonly Preset[] = PRESETS.filter((p) => p.kind === 'method');

interface Props {
  label: string;
  /** The chosen one's name. */
  value: string | undefined;
  choose(name: string): void;
  /** Id of the element that describes it. */
  describedBy?: string;
  /** Said after the name of a method. */
  note?(method: Preset): string;
}

/** One of the methods. */
export const MethodSelect = ({ label, value, choose, describedBy, note }: Props) => (
  <select
    className="choice"
    aria-label={label}
    aria-describedby={describedBy}
    value={value}
    onChange={(e) => choose(e.target.value)}
  >
    {METHODS.map((p) => (
      <option key={p.name} value={p.name}>
        {p.label}
        {note?.(p)}
      </option>
    ))}
  </select>
);
