import { useStore } from 'zustand';
import { heldOut, sampleHeldOut } from '../../store/heldOut';

/** Why there are no held-out rollouts, with a way to ask again. */
export function HeldOutFault() {
  const fault = useStore(heldOut, (s) => s.fault);
  if (!fault) return null;
  return (
    <p className="geo-fault" role="alert">
      Held-out rollouts could not be sampled: {fault}{' '}
      <button type="button" onClick={() => void sampleHeldOut()}>
        Try again
      </button>
    </p>
  );
}
