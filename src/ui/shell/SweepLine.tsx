import { complain } from '../../store/look';

/** Suggested sweeps by their names, with what they are called in short. */
export const SWEEPS: readonly { label: string; name: string }[] = [
  { label: 'λ × τ', name: 'Contrast: weight × temperature' },
  { label: 'relatedness × method', name: 'Relatedness × method' },
  { label: 'pool size', name: 'Pool size' },
  { label: 'warm-up', name: 'Contrastive warm-up' },
  { label: 'width × method', name: 'Model width × method' },
];

/** Starts a suggested sweep around what the lab is set to; what sweeps loads with the first press. */
async function start(name: string): Promise<void> {
  try {
    (await import('../sweep/quick')).startSuggested(name);
  } catch (error) {
    complain(`The sweep could not be started: ${(error as Error).message}`);
  }
}

/** Sweeps, each one press from wherever one is. */
export function SweepLine() {
  return (
    <p className="sweeps">
      Sweep{' '}
      {SWEEPS.map(({ label, name }) => (
        <button
          key={name}
          type="button"
          aria-label={`Sweep ${label}`}
          title={`${name}: trains many configurations side by side, over several seeds`}
          onClick={() => void start(name)}
        >
          {label}
        </button>
      ))}
    </p>
  );
}
