import { type KeyboardEvent, memo } from 'react';
import { pin, pinKept } from '../../store/look';
import type { Frame } from '../../store/state';
import { whole } from '../format';
import { Hint } from '../Hint';
import '../filmTrack.css';
import { useLab } from '../useLab';
import type { Picture } from './filmMaps';
import { usePlayer } from './usePlayer';
import './filmBar.css';

const HINT =
  'While a run trains, its rollouts are kept now and then: each tick is a kept step, a pale one is not drawn yet. Each map goes on from its neighbour’s and is turned to lie on it, so that what moves has moved in the embedding. All views move with the film.';

interface Props {
  frames: readonly Frame[];
  shown: Frame | null;
  /** The frame that is on the canvas. */
  drawn: Frame | null;
  /** Maps that are there. */
  pictures: readonly Picture[];
}

const JUMPS: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** The embedding film: plays it, and moves the page's time along its frames. */
export const FilmBar = memo(function FilmBar({ frames, shown, drawn, pictures }: Props) {
  const at = useLab((s) => s.at);
  const keep = shown?.source === 'heldOut';
  const move = keep ? pinKept : pin;
  const place = shown ? Math.max(0, frames.indexOf(shown)) : 0;
  const { playing, toggle, stop } = usePlayer(frames, place, shown !== null && shown === drawn, keep);
  const [first, last] = [frames[0]?.step ?? 0, frames.at(-1)?.step ?? 0];
  const span = Math.max(1, last - first);
  const go = (to: number) => {
    stop();
    const target = frames[Math.min(frames.length - 1, Math.max(0, to))];
    if (target) move(target.step);
  };
  const follow = () => {
    stop();
    move(null);
  };
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === 'Home' ? -frames.length : event.key === 'End' ? frames.length : JUMPS[event.key];
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
  const words = shown ? `step ${shown.step}, frame ${place + 1} of ${frames.length}` : 'no frames yet';
  return (
    <div className="geo-film">
      <button
        type="button"
        className="geo-play"
        aria-label={playing ? 'Stop the film' : 'Play the film'}
        title={playing ? 'Stop the film' : 'Play the film'}
        disabled={frames.length < 2}
        onClick={toggle}
      >
        <svg className="icon" viewBox="0 0 12 12" aria-hidden="true">
          <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 .8 11 6 2 11.2z'} fill="currentColor" />
        </svg>
      </button>
      <span className="geo-step">
        <Hint text={HINT}>Film</Hint> step <b>{shown ? whole(shown.step) : '–'}</b>
      </span>
      <span className="film-track">
        <input
          type="range"
          aria-label="Step of the film"
          aria-valuetext={words}
          min={first}
          max={first + span}
          value={shown?.step ?? first}
          disabled={frames.length < 2}
          onChange={(e) => onStep(Number(e.target.value))}
          onKeyDown={onKey}
        />
        <span className="film-ticks" aria-hidden="true">
          {frames.map((f) => (
            <i
              key={f.step}
              className={`${f === shown ? 'here' : ''} ${pictures.some((p) => p.frame === f) ? '' : 'bare'}`}
              style={{ left: `${(100 * (f.step - first)) / span}%` }}
            />
          ))}
        </span>
      </span>
      <span className="geo-ends quiet">
        {frames.length > 1 ? `${frames.length} frames, steps ${whole(first)} to ${whole(last)}` : 'one frame so far'}
      </span>
      <button type="button" aria-pressed={at === null} onClick={follow}>
        Follow newest
      </button>
    </div>
  );
});
