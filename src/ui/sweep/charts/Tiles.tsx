import type { ReactNode } from 'react';
import { highlightPoint } from '../../../store/sweep';
import { useSweep } from '../useSweep';
import type { Model } from './model';
import { openCard } from './opened';

/** Small pictures of points, each under a name that opens the point's card. */
export function Tiles({ model, points, tile }: { model: Model; points: readonly number[]; tile(point: number): ReactNode }) {
  const highlight = useSweep((s) => s.highlight);
  return (
    <div className={points.length < 4 ? 'point-tiles few' : 'point-tiles'}>
      {points.map((point) => (
        <figure
          key={point}
          className={highlight === point ? 'lit' : ''}
          onPointerEnter={() => highlightPoint(point)}
          onPointerLeave={() => highlightPoint(null)}
        >
          <figcaption>
            <button
              type="button"
              className="text"
              aria-label={`Point ${point}: ${model.points[point].short}`}
              title={model.fields.map((f) => `${f.title} ${model.points[point].values[f.path] ?? '–'}`).join('\n')}
              onFocus={() => highlightPoint(point)}
              onBlur={() => highlightPoint(null)}
              onClick={(e) => {
                const { left, bottom } = e.currentTarget.getBoundingClientRect();
                openCard({ point, x: left, y: bottom });
              }}
            >
              {model.points[point].short}
            </button>
          </figcaption>
          {tile(point)}
        </figure>
      ))}
    </div>
  );
}

/** Which points have tiles: the best, or those that are selected. */
export function TileChoice({
  name,
  mode,
  choose,
}: {
  name: string;
  mode: 'best' | 'selected';
  choose(mode: 'best' | 'selected'): void;
}) {
  return (
    <fieldset className="segments" aria-label={`Points of ${name}`}>
      {(['best', 'selected'] as const).map((m) => (
        <label key={m}>
          <input type="radio" name={`tiles-${name}`} checked={mode === m} onChange={() => choose(m)} />
          <span>{m === 'best' ? 'Best' : 'Selected'}</span>
        </label>
      ))}
    </fieldset>
  );
}
