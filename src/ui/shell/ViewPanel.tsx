import { Suspense, useEffect, useRef } from 'react';
import { useLab } from '../useLab';
import { Shield } from './Shield';
import { forgetView, VIEW_NAMES, viewComponent } from './views';

const NAME = 'MCPO Lab';

/** The view that is open. A focus that was in the one before goes to the new one, which begins at its top. */
export function ViewPanel({ tabs }: { tabs: boolean }) {
  const view = useLab((s) => s.view);
  const panel = useRef<HTMLDivElement>(null);
  const last = useRef(view);
  const held = useRef(false);
  const { label } = VIEW_NAMES[view];
  useEffect(() => {
    const note = () => {
      held.current = true;
    };
    document.addEventListener('focusin', note, { once: true });
    return () => document.removeEventListener('focusin', note);
  }, []);
  useEffect(() => {
    document.title = view === 'overview' ? NAME : `${label} · ${NAME}`;
    if (last.current === view) return;
    last.current = view;
    const element = panel.current as HTMLDivElement;
    // On a page that just opened there was none to lose.
    const lost = held.current && (document.activeElement === null || document.activeElement === document.body);
    if (lost) element.focus({ preventScroll: true });
    if (element.getBoundingClientRect().top < 0) window.scrollTo({ top: 0 });
  }, [view, label]);
  const View = viewComponent(view);
  const named = tabs ? { role: 'tabpanel', 'aria-labelledby': `tab-${view}` } : { role: 'region', 'aria-label': label };
  return (
    <div className={`view view-${view}`} id="view" ref={panel} tabIndex={-1} {...named}>
      <Shield key={view} what={`The view “${label}”`} onRetry={() => forgetView(view)}>
        <Suspense fallback={<p className="empty opening">Opening…</p>}>
          <View />
        </Suspense>
      </Shield>
    </div>
  );
}
