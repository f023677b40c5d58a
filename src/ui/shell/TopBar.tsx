import { type RefObject, useEffect, useRef } from 'react';
import { useLab } from '../useLab';
import { describe, Facts } from './Facts';
import { toggleKeyHelp } from './keyHelpState';
import { OpenWhole, Share } from './Share';
import { Transport } from './Transport';
import './top.css';

/** Tells the rest of the page how high the bar is: what sticks sticks below it. */
function useHeight(bar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = bar.current as HTMLElement;
    const observer = new ResizeObserver(() => {
      element.parentElement?.style.setProperty('--bar', `${element.offsetHeight}px`);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [bar]);
}

interface Props {
  brand: boolean;
  transport: boolean;
  /** Share and keys; in an embedded page the way to a page of its own. */
  tools: 'all' | 'embedded' | 'none';
  /** Opens the settings where they do not fit beside the views; null without any. */
  onSettings: (() => void) | null;
  /** Something lies over the page. */
  covered: boolean;
}

/** Brand, transport, where the training stands, sharing. */
export function TopBar({ brand, transport, tools, onSettings, covered }: Props) {
  const text = useLab(describe);
  const done = useLab((s) => s.progress?.done ?? (s.status === 'preparing' ? undefined : s.step / s.config.steps));
  const bar = useRef<HTMLElement>(null);
  useHeight(bar);
  const slim = !brand && !transport && tools === 'none';
  return (
    <header ref={bar} className={`top ${slim ? 'slim' : ''}`} inert={covered}>
      <h1 className={brand ? '' : 'visually-hidden'}>MCPO Lab</h1>
      {transport && <Transport />}
      <Facts />
      <div className="tools">
        {onSettings && (
          <button type="button" className="settings-toggle" aria-haspopup="dialog" onClick={onSettings}>
            Settings
          </button>
        )}
        {tools === 'all' && <Share />}
        {tools === 'all' && (
          <button type="button" className="keys" onClick={toggleKeyHelp} aria-label="Keyboard shortcuts" aria-keyshortcuts="?">
            ?
          </button>
        )}
        {tools === 'embedded' && <OpenWhole />}
      </div>
      <progress max={1} value={done} aria-label={text} />
    </header>
  );
}
