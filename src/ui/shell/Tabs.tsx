import type { KeyboardEvent } from 'react';
import { show } from '../../store/look';
import type { ViewName } from '../../store/view';
import { useLab } from '../useLab';
import { DoctorBadge } from './DoctorBadge';
import { VIEW_NAMES } from './views';

/** The views' tabs; arrow keys move between them. */
export function Tabs({ views }: { views: readonly ViewName[] }) {
  const view = useLab((s) => s.view);
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = views[(views.indexOf(view) + by + views.length) % views.length];
    show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label="Views" onKeyDown={onKey}>
        {views.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === view}
            aria-controls="view"
            tabIndex={name === view ? 0 : -1}
            title={VIEW_NAMES[name].hint}
            onClick={() => show(name)}
          >
            {VIEW_NAMES[name].label}
          </button>
        ))}
      </div>
      <DoctorBadge />
    </div>
  );
}
