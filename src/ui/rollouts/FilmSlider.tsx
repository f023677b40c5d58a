import type { KeyboardEvent } from 'react';
import { pin } from '../../store/look';
import type { Frame } from '../../store/state';
import { whole } from '../format';
import { Hint } from '../Hint';
import { useLab } from '../useLab';
import '../filmTrack.css';

const HINT =
  'While a run trains, its batch is kept now and then: each tick is one kept step. Move along them to see how responses changed; all views move with it.';

/** Moves the page's time along the film's frames. */
export function FilmSlider({ frame }: { frame: Frame | null }) {
  const frames = useLab((s) => s.film.frames);
  const at = useLab((s) => s.at);
  const [first, last] = [frames[0]?.step ?? 0, frames.at(-1)?.step ?? 0];
  const place = frame ? Math.max(0, frames.indexOf(frame)) : 0;
  const go = (to: number) => {
    const target = frames[Math.min(frames.length - 1, Math.max(0, to))];
    if (target && target !== frame) pin(target.step);
  };
  const onKey = (event: KeyboardEvent) => {
    const by = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 10,
      PageDown: -10,
      Home: -frames.length,
      End: frames.length,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    go(place + by);
  };
  /** The frame nearest to a step of the track. */
  const onStep = (step: number) => {
    let best = 0;
    frames.forEach((f, i) => {
      if (Math.abs(f.step - step) < Math.abs(frames[best].step - step)) best = i;
    });
    go(best);
  };
  const share = (step: number) => (last > first ? (step - first) / (last - first) : 1);
  return (
    <div className="film">
      <span className="film-step">
        <Hint text={HINT}>Step</Hint> <b>{frame ? whole(frame.step) : '–'}</b>
      </span>
      <span className="film-track">
        <input
          type="range"
          aria-label="Step shown"
          aria-valuetext={frame ? `step ${frame.step}, kept frame ${place + 1} of ${frames.length}` : 'no frames yet'}
          min={first}
          max={Math.max(last, first + 1)}
          value={frame ? (last > first ? frame.step : first + 1) : first}
          disabled={frames.length < 2}
          onChange={(e) => onStep(Number(e.target.value))}
          onKeyDown={onKey}
        />
        <span className="film-ticks" aria-hidden="true">
          {frames.map((f) => (
            <i key={f.step} className={f === frame ? 'here' : ''} style={{ left: `${100 * share(f.step)}%` }} />
          ))}
        </span>
      </span>
      <span className="quiet film-facts">
        {frames.length === 0
          ? 'no frames yet'
          : frames.length === 1
            ? 'one frame'
            : `${frames.length} frames, steps ${whole(first)} to ${whole(last)}`}
      </span>
      <button type="button" aria-pressed={at === null} disabled={frames.length === 0} onClick={() => pin(null)}>
        Follow newest
      </button>
    </div>
  );
}
