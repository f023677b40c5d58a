import '../sweep/sweep.css';
import { type RefObject, useEffect, useRef } from 'react';
import { SweepBar } from '../sweep/bar/SweepBar';
import { SweepNotes } from '../sweep/bar/SweepNotes';
import { SweepSummary } from '../sweep/bar/SweepSummary';
import { SweepCharts } from '../sweep/charts/Charts';
import { useModel } from '../sweep/charts/useModel';
import { SweepForm } from '../sweep/form/SweepForm';
import { KeptSweeps } from '../sweep/KeptSweeps';
import { Suggested } from '../sweep/Suggested';
import { PointTable } from '../sweep/table/PointTable';
import { sweepPage, useSweep, useSweepPage } from '../sweep/useSweep';

/** What appears in the place of what was pressed begins at its top, and has the focus that would be lost. */
function useFocus(shown: string): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const last = useRef(shown);
  useEffect(() => {
    if (last.current === shown) return;
    last.current = shown;
    if ((place.current?.getBoundingClientRect().top ?? 0) < 0) window.scrollTo({ top: 0 });
    const first = '.sweep-transport button, .behind button, .card button';
    if (document.activeElement === null || document.activeElement === document.body)
      place.current?.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
  }, [shown]);
  return place;
}

/** What there is to start, and what is kept. */
function Start() {
  const behind = useSweep((s) => (s.id === null ? null : (s.list?.find((r) => r.id === s.id)?.name ?? 'the sweep')));
  return (
    <>
      {behind !== null && (
        <p className="behind">
          <button type="button" className="text" onClick={() => sweepPage.setState({ form: false })}>
            ← Back to {behind}
          </button>
        </p>
      )}
      <Suggested />
      <SweepForm />
      <KeptSweeps />
    </>
  );
}

/** The sweep on the page: how it stands, its pictures, its points. */
function Running() {
  const model = useModel(0);
  return (
    <>
      <SweepBar model={model} />
      {model && <SweepCharts />}
      {model && <PointTable model={model} />}
      <SweepSummary model={model} />
    </>
  );
}

/** Many configurations side by side: start one, watch it, compare its points. */
export default function Sweep() {
  const form = useSweepPage((s) => s.form);
  const some = useSweep((s) => s.id !== null || s.journal !== null);
  const id = useSweep((s) => s.id);
  const place = useFocus(some && !form ? `sweep ${id}` : 'start');
  return (
    <div className="sweep-view" ref={place}>
      <SweepNotes />
      {some && !form ? <Running /> : <Start />}
    </div>
  );
}
