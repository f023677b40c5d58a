import { FieldPanel } from '../fields/FieldPanel';
import { RacePanel } from './RacePanel';
import { Shield } from './Shield';
import './settings.css';
import type { Sheet } from './useSheet';

/** What is trained: beside the views, or a sheet over them. */
export function Settings({ sheet: { open, settings, hide } }: { sheet: Sheet }) {
  const dialog = open ? ({ role: 'dialog', 'aria-modal': true, 'aria-label': 'Settings' } as const) : {};
  return (
    <aside className={`settings ${open ? 'open' : ''}`} aria-label="Settings" ref={settings}>
      <div {...dialog}>
        <div className="sheet-head">
          <button type="button" className="close" onClick={hide}>
            Done
          </button>
        </div>
        <Shield what="The settings">
          <RacePanel />
          <FieldPanel />
        </Shield>
      </div>
    </aside>
  );
}
