import { type CSSProperties, Suspense, useEffect } from 'react';
import { type Part, VIEWS } from '../store/view';
import { FieldPanel } from './fields/FieldPanel';
import { DropZone } from './shell/DropZone';
import { KeyHelp } from './shell/KeyHelp';
import { LaneBar } from './shell/LaneBar';
import { LiveSummary } from './shell/LiveSummary';
import { Messages } from './shell/Messages';
import { RacePanel } from './shell/RacePanel';
import { Tabs } from './shell/Tabs';
import { Toast } from './shell/Toast';
import { TopBar } from './shell/TopBar';
import { useKeys } from './shell/useKeys';
import { useSheet } from './shell/useSheet';
import { viewComponents } from './shell/views';
import './style.css';
import './shell/shell.css';
import { useLab } from './useLab';
import { usePalette } from './usePalette';

export function App() {
  const { page, card, ink, quiet, line, fault } = usePalette();
  const colors = { '--page': page, '--card': card, '--ink': ink, '--quiet': quiet, '--line': line, '--fault': fault };
  const view = useLab((s) => s.view);
  const embed = useLab((s) => s.embed);
  const hidden = useLab((s) => s.hidden);
  const shows = (part: Part) => !hidden.includes(part) && !(embed && (part === 'fields' || part === 'header'));
  const [sheet, setSheet] = useSheet();
  useEffect(() => {
    document.body.style.background = page;
  }, [page]);
  useKeys();
  const View = viewComponents[view];
  return (
    <div className={`lab ${shows('fields') ? '' : 'no-fields'}`} style={colors as CSSProperties}>
      <TopBar brand={shows('header')} transport={shows('transport')} onSettings={shows('fields') ? () => setSheet(true) : null} />
      <div className="desk">
        {shows('fields') && (
          <aside className={`settings ${sheet ? 'open' : ''}`} aria-label="What is trained">
            <button type="button" className="close" onClick={() => setSheet(false)}>
              Done
            </button>
            <RacePanel />
            <FieldPanel />
          </aside>
        )}
        <main>
          {shows('tabs') && <Tabs views={VIEWS} />}
          <LaneBar />
          <Messages />
          <div className={`view view-${view}`} role="tabpanel" id="view" aria-labelledby={`tab-${view}`}>
            <Suspense fallback={<p className="empty">Opening…</p>}>
              <View />
            </Suspense>
          </div>
        </main>
      </div>
      <LiveSummary />
      <KeyHelp />
      <Toast />
      <DropZone />
    </div>
  );
}
