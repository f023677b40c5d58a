import { useId, useState } from 'react';
import { EMBED_SIZE, embedCode, sharedLink } from '../../store/share';
import { PARTS, type Part } from '../../store/view';
import { useLab } from '../useLab';
import { CopyField } from './CopyField';
import './share.css';
import { usePopover } from './usePopover';

const WORDS: Record<Part, { label: string; note?: string }> = {
  fields: { label: 'Settings' },
  transport: { label: 'Play, Step and Reset', note: 'then it trains by itself' },
  tabs: { label: 'Tabs of the views' },
  header: { label: 'Name, Share and keys' },
};

/** The page's address without its fragment. */
const base = () => location.href.replace(/#.*/, '');

/** What can be taken away: the link to exactly this, and the page for another page, with parts left out. */
function Sharing() {
  const shown = useLab((s) => s.hidden);
  const [hidden, setHidden] = useState<readonly Part[]>(shown);
  const link = useLab((s) => sharedLink(s, base(), { hidden, embed: false }));
  const embedded = useLab((s) => sharedLink(s, base(), { hidden, embed: true }));
  const toggle = (part: Part) => setHidden(PARTS.filter((p) => hidden.includes(p) !== (p === part)));
  return (
    <>
      <p className="caption">
        Settings, view, step, selection: all of it is in the link. Who opens it trains the same run, number for number.
      </p>
      <CopyField label="Link" action="Copy link" text={link} rows={3} first />
      <fieldset>
        <legend>For a lesson, leave out</legend>
        {PARTS.map((part) => (
          <label key={part}>
            <input type="checkbox" checked={hidden.includes(part)} onChange={() => toggle(part)} />
            <span>
              {WORDS[part].label}
              {WORDS[part].note && <span className="quiet">, {WORDS[part].note}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <CopyField label="To embed" action="Copy embed code" text={embedCode(embedded)} rows={4} />
      <p className="caption">
        {EMBED_SIZE.width} × {EMBED_SIZE.height}, without name and settings in any case.
      </p>
    </>
  );
}

/** The button that shares, and what it opens. */
export function Share() {
  const { open, place, button, toggle, onKeyDown } = usePopover();
  const id = useId();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its button and its content are what has the focus
    <div className="share-menu" ref={place} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        title="A link to exactly this, or the page for a page of yours"
        onClick={toggle}
      >
        Share
      </button>
      {open && (
        <div className="sharing" id={id} role="dialog" aria-label="Share this page">
          <Sharing />
        </div>
      )}
    </div>
  );
}

/** In an embedded page: the same in a page of its own. */
export function OpenWhole() {
  const href = useLab((s) => sharedLink(s, base(), { hidden: [], embed: false }));
  return (
    <a className="open-whole" href={href} target="_blank" rel="noreferrer">
      MCPO Lab
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M4.5 2H2v8h8V7.5M7 1.5h3.5V5M10.2 1.8 5.5 6.5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      </svg>
      <span className="visually-hidden">in a page of its own</span>
    </a>
  );
}
