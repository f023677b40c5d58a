import { useId } from 'react';
import { NumberEntry } from './NumberField';
import { Row } from './Row';
import { otherSeed } from './seed';
import { useField } from './useField';

/** The seed: typed, one up or down, or another one that looks drawn but always follows the same. */
export function SeedField() {
  const state = useField('seed');
  const faultId = useId();
  const seed = Number(state.value);
  const { min = 0, max = 0 } = state.field;
  const to = (next: number) => state.commit(String(next));
  return (
    <Row state={state} faultId={faultId}>
      <span className="seed">
        <button type="button" aria-label="Seed one lower" disabled={seed <= min} onClick={() => to(seed - 1)}>
          −
        </button>
        <NumberEntry state={state} faultId={faultId} track={null} />
        <button type="button" aria-label="Seed one higher" disabled={seed >= max} onClick={() => to(seed + 1)}>
          +
        </button>
        <button
          type="button"
          aria-label="Another seed"
          title={`Another seed: ${otherSeed(seed)} follows ${seed}`}
          onClick={() => to(otherSeed(seed))}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="none" stroke="currentColor" strokeWidth="1.3" />
            {[4.7, 8, 11.3].map((p) => (
              <circle key={p} cx={p} cy={16 - p} r="1.35" fill="currentColor" />
            ))}
          </svg>
        </button>
      </span>
    </Row>
  );
}
