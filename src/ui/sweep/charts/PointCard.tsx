import './card.css';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { openTrial } from '../../../store/sweep';
import { hasEnded } from '../../../sweep/journal';
import { useOutside } from '../../useOutside';
import { shownValue } from '../metrics';
import { pointValue, stateOf } from '../words';
import { Shape } from './Marks';
import { type Model, valueText } from './model';
import { comparePair, openCard, useOpened } from './opened';

const WIDTH = 320;
const close = () => openCard(null);

/** A point's values, what its seeds measured, and the way into the lab; nothing while no card is open. */
export function PointCard({ model }: { model: Model }) {
  const card = useOpened((s) => s.card);
  const point = card && card.point < model.points.length ? card.point : null;
  const place = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  useOutside(point !== null, place, close);
  useEffect(() => {
    if (point === null) return;
    before.current = document.activeElement;
    place.current?.focus({ preventScroll: true });
    return () => {
      // What had the focus gets it back, unless something else was chosen.
      if (document.activeElement === document.body) (before.current as HTMLElement | null)?.focus?.({ preventScroll: true });
    };
  }, [point]);
  useLayoutEffect(() => {
    const box = place.current;
    if (!box || !card) return;
    const { width, height } = box.getBoundingClientRect();
    const room = [document.documentElement.clientWidth - width - 8, window.innerHeight - height - 8];
    box.style.left = `${Math.max(8, Math.min(card.x + 12, room[0]))}px`;
    box.style.top = `${Math.max(8, Math.min(card.y + 12, room[1]))}px`;
  }, [card]);
  if (point === null) return null;
  const view = model.points[point];
  const best = model.best;
  return (
    <div
      ref={place}
      className="point-card"
      role="dialog"
      aria-label={`Point ${point}`}
      tabIndex={-1}
      style={{ width: WIDTH }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        close();
      }}
    >
      <div className="card-head">
        <h3>
          Point {point} <Shape state={view.state} /> <span className="quiet">{view.state}</span>
        </h3>
        <button type="button" className="close" aria-label="Close" onClick={close}>
          ×
        </button>
      </div>
      <p className="card-value">{valueText(model, view)}</p>
      <dl>
        {model.fields.map((f) => (
          <div key={f.path}>
            <dt>{f.title}</dt>
            <dd>{view.values[f.path] === undefined ? '–' : pointValue(f.path, view.values[f.path])}</dd>
          </div>
        ))}
      </dl>
      <table>
        <caption className="visually-hidden">Trials of the point</caption>
        <thead>
          <tr>
            <th scope="col">Seed</th>
            <th scope="col">State</th>
            <th scope="col" className="right">
              Value
            </th>
            <th scope="col">
              <span className="visually-hidden">Open</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {view.trials.map((t, i) => (
            <tr key={t.trial}>
              <th scope="row">{t.seed}</th>
              <td title={t.why}>
                {stateOf(t.state).label}
                {!hasEnded(t) || t.state === 'pruned' ? `, step ${t.step}` : ''}
              </td>
              <td className="right">{shownValue(model.measure, t.value ?? view.had[i])}</td>
              <td className="right">
                <button
                  type="button"
                  className="text"
                  aria-label={`Open in the lab: seed ${t.seed}`}
                  disabled={t.step === 0}
                  onClick={() => {
                    close();
                    void openTrial(t.trial);
                  }}
                >
                  Open in the lab
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {best !== null && view.mean !== null && (
        <p className="card-foot">
          <button
            type="button"
            className="text"
            onClick={() => {
              comparePair(point === best ? null : [point, best]);
              close();
              document.querySelector('.sweep-charts .compare')?.scrollIntoView({ block: 'center' });
            }}
          >
            {point === best ? 'Compare with its rival' : 'Compare with the best'}
          </button>
        </p>
      )}
    </div>
  );
}
