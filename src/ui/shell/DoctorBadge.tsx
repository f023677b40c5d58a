import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { countOf, LEAST_STEPS, startDoctor } from '../../store/doctor';
import '../doctor/badge.css';
import { Sign } from '../doctor/Sign';
import { useDoctor } from '../doctor/useDoctor';
import { badgeText } from '../doctor/words';

const DoctorPanel = lazy(() => import('../doctor/DoctorPanel'));

/** How the runs on the page are, in two words; opens the collapse doctor's findings. */
export function DoctorBadge() {
  const [open, setOpen] = useState(false);
  const badge = useRef<HTMLButtonElement>(null);
  const act = useDoctor((s) => countOf(s).act);
  const watch = useDoctor((s) => countOf(s).watch);
  const judged = useDoctor((s) => s.step >= LEAST_STEPS);
  const worst = useDoctor((s) => s.findings.flat().find((f) => f.severity === 'act')?.title);
  useEffect(() => startDoctor(), []);
  const close = useCallback(() => {
    setOpen(false);
    badge.current?.focus();
  }, []);
  const text = badgeText(act, watch, judged || act + watch > 0);
  return (
    <div className="doctor">
      <button
        ref={badge}
        type="button"
        className="badge"
        aria-expanded={open}
        aria-haspopup="dialog"
        aria-label={`Collapse doctor: ${text}`}
        title="Collapse doctor: looks for what goes wrong in such trainings"
        onClick={() => setOpen(!open)}
      >
        <Sign of={act ? 'act' : watch ? 'watch' : judged ? 'well' : 'unknown'} /> <span>{text}</span>
      </button>
      <p className="visually-hidden" role="status">
        {worst ? `Collapse doctor: ${worst}.` : ''}
      </p>
      {open && (
        <Suspense fallback={null}>
          <DoctorPanel onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
