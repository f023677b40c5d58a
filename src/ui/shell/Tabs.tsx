import { type KeyboardEvent, useEffect, useRef } from 'react';
import { show } from '../../store/look';
import type { ViewName } from '../../store/view';
import { useLab } from '../useLab';
import { DoctorBadge } from './DoctorBadge';
import { VIEW_NAMES } from './views';

/** The views' tabs; arrow keys, Home and End move between them. Where they do not fit, the open one is in sight. */
export function Tabs({ views }: { views: readonly ViewName[] }) {
  const view = useLab((s) => s.view);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = list.current as HTMLDivElement;
    const tab = document.getElementById(`tab-${view}`) as HTMLElement;
    box.scrollLeft = tab.offsetLeft - box.offsetLeft - (box.clientWidth - tab.offsetWidth) / 2;
  }, [view]);
  const onKey = (event: KeyboardEvent) => {
    const at = views.indexOf(view);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = views[(to + views.length) % views.length];
    document.getElementById(`tab-${next}`)?.focus();
    show(next);
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label="Views" ref={list} onKeyDown={onKey}>
        {views.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === view}
            aria-controls={name === view ? 'view' : undefined}
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
