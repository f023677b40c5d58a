import { useStore } from 'zustand';
import { sweeps } from '../../store/sweep';

/** Kept sweeps by name. */
export default function Sweep() {
  const list = useStore(sweeps, (s) => s.list);
  if (!list) return <p role="status">Reading the sweeps of this browser</p>;
  return (
    <section aria-label="Sweeps">
      {list.length ? (
        <ul>
          {list.map(({ id, name, ended, trials }) => (
            <li key={id}>
              {name}: {ended} of {trials} trials ended
            </li>
          ))}
        </ul>
      ) : (
        <p>No sweep is kept yet.</p>
      )}
    </section>
  );
}
