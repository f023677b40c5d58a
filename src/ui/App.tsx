import { type CSSProperties, type MouseEvent, useEffect } from 'react';
import { type Part, VIEWS } from '../store/view';
import { DropZone } from './shell/DropZone';
import { KeyHelp } from './shell/KeyHelp';
import { LaneBar } from './shell/LaneBar';
import { LiveSummary } from './shell/LiveSummary';
import { Messages } from './shell/Messages';
import { Settings } from './shell/Settings';
import { Tabs } from './shell/Tabs';
import { Toast } from './shell/Toast';
import { TopBar } from './shell/TopBar';
import { useKeys } from './shell/useKeys';
import { useSheet } from './shell/useSheet';
import { ViewPanel } from './shell/ViewPanel';
import './style.css';
import './panel.css';
import './shell/shell.css';
import './shell/embed.css';
import './media.css';
import './touch.css';
import { useLab } from './useLab';
import { usePalette } from './usePalette';

/** A link to a part of the page; the address bar keeps what is in it. */
const toView = (event: MouseEvent) => {
  event.preventDefault();
  document.getElementById('view')?.focus();
};

export function App() {
  const { page, card, ink, quiet, line, fault } = usePalette();
  const colors = { '--page': page, '--card': card, '--ink': ink, '--quiet': quiet, '--line': line, '--fault': fault };
  const embed = useLab((s) => s.embed);
  const hidden = useLab((s) => s.hidden);
  const shows = (part: Part) => !hidden.includes(part);
  const fields = shows('fields') && !embed;
  const sheet = useSheet();
  useEffect(() => {
    document.body.style.background = page;
  }, [page]);
  useKeys(sheet.search);
  return (
    <div className={`lab ${fields ? '' : 'no-fields'} ${embed ? 'embed' : ''}`} style={colors as CSSProperties}>
      {/* biome-ignore lint/a11y/useValidAnchor: it is a link to a place on the page; only the address bar stays as it is */}
      <a className="skip" href="#view" inert={sheet.open} onClick={toView}>
        Skip to the view
      </a>
      <TopBar
        brand={shows('header') && !embed}
        transport={shows('transport')}
        tools={!shows('header') ? 'none' : embed ? 'embedded' : 'all'}
        onSettings={fields ? sheet.show : null}
        covered={sheet.open}
      />
      <div className="desk">
        {fields && <Settings sheet={sheet} />}
        <main inert={sheet.open}>
          {shows('tabs') && <Tabs views={VIEWS} />}
          <LaneBar />
          <Messages />
          <ViewPanel tabs={shows('tabs')} />
        </main>
      </div>
      <LiveSummary />
      <KeyHelp />
      <Toast />
      <DropZone />
    </div>
  );
}
