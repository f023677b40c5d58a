import { useEffect, useRef, useState } from 'react';
import { setRace } from '../../store/edits';
import { isPlaying, play } from '../../store/transport';
import { LaneMark } from '../LaneMark';
import { DUEL } from '../shell/races';
import { useLab } from '../useLab';
import './startCard.css';

/** What this page is, and the shortest way to a live race. */
function Welcome({ onRace }: { onRace(): void }) {
  return (
    <>
      <div>
        <h2>A small model learns to reason, here in your browser</h2>
        <p>
          It answers puzzles of five domains, a verifier says right or wrong, and right answers become more likely. MCPO also
          pulls right answers of all domains together: race it against plain GRPO and see what that changes.
        </p>
      </div>
      <button type="button" className="primary" onClick={onRace}>
        Race GRPO and MCPO-GRPO
      </button>
    </>
  );
}

/** The race is set. `focus`: by a press here, so that the next press is at hand. */
function Ready({ focus }: { focus: boolean }) {
  const lanes = useLab((s) => s.lanes);
  const seeds = useLab((s) => s.seeds);
  const go = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus) go.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <>
      <div>
        <h2>
          {lanes.map(({ label }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
            <span key={i} className="racer">
              <LaneMark lane={i} /> {label}
            </span>
          ))}
        </h2>
        <p>
          They start from the same weights and see the same prompts with the same random numbers
          {seeds > 1 ? `, ${seeds} seeds each` : ''}. See how their curves part.
        </p>
      </div>
      <button ref={go} type="button" className="primary" onClick={play}>
        Start the race
      </button>
    </>
  );
}

/** For newcomers, until something is trained: two presses to a live race. */
export function StartCard() {
  const fresh = useLab((s) => s.step === 0 && s.previous === null && !isPlaying(s) && s.status !== 'evaluating' && !s.embed);
  const race = useLab((s) => s.race);
  const [pressed, setPressed] = useState(false);
  const [fault, setFault] = useState('');
  if (!fresh) return null;
  const begin = () => {
    try {
      setRace(DUEL);
      setFault('');
      setPressed(true);
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return (
    <section className="panel start" aria-label="Start here">
      {race ? <Ready focus={pressed} /> : <Welcome onRace={begin} />}
      <p className="fault" role="alert">
        {fault}
      </p>
    </section>
  );
}
