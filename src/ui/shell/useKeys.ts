import { useEffect } from 'react';
import { lab } from '../../store/lab';
import { pin, setCursor, setZoom, show } from '../../store/look';
import { reset } from '../../store/opening';
import { evaluate, playOrPause, step } from '../../store/transport';
import { VIEWS } from '../../store/view';
import { toggleKeyHelp } from './keyHelpState';

/** What each key does, in the order of the sheet. */
export const KEYS: readonly { title: string; keys: readonly { keys: string; does: string }[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: 'Space', does: 'Play or pause' },
      { keys: '.', does: 'One training step' },
      { keys: 'Shift R', does: 'Reset: the same experiment from its start' },
      { keys: 'E', does: 'Measure held-out accuracy now' },
      { keys: '1 … 8', does: 'Open a view' },
      { keys: '[  ]', does: 'One step back or forward in time' },
      { keys: '{  }', does: 'Ten steps back or forward in time' },
      { keys: 'Escape', does: 'Back to the newest step; all steps on the axis' },
      { keys: '/', does: 'Search the settings' },
      { keys: '?', does: 'This sheet' },
    ],
  },
  {
    title: 'On a chart',
    keys: [
      { keys: '← →', does: 'Move the cursor' },
      { keys: 'Home End', does: 'Cursor to the first or last step' },
      { keys: 'Enter', does: 'Pin the step under the cursor, or let it go' },
      { keys: '+  −', does: 'Zoom in or out' },
      { keys: '0', does: 'All steps; again: the window of before' },
      { keys: 'Shift ← →', does: 'Move the zoomed window' },
    ],
  },
  {
    title: 'Elsewhere',
    keys: [
      { keys: '← →', does: 'On the tabs: the next view' },
      { keys: 'J  K', does: 'On Rollouts: next or previous rollout' },
      { keys: 'N  P', does: 'On the map: next or previous rollout; Enter selects it' },
      { keys: '↑ ↓', does: 'On Runs: next or previous run; Enter opens, Space chooses' },
      { keys: 'F2', does: 'On Runs: rename' },
      { keys: 'Delete', does: 'On Runs: delete; Ctrl Z brings it back' },
    ],
  },
];

/** Moves the pinned step. */
function moveTime(by: number): void {
  const { at, step: reached } = lab.getState();
  if (reached === 0) return;
  const next = Math.max(1, (at ?? reached) + by);
  pin(next >= reached ? null : next);
}

/** Keys mean something to the focused control: to a check box and a slider, too. */
const takesKeys = (at: EventTarget | null) =>
  at instanceof HTMLElement &&
  (at.isContentEditable ||
    at instanceof HTMLTextAreaElement ||
    at instanceof HTMLSelectElement ||
    (at instanceof HTMLInputElement && at.type !== 'radio'));

/** Space means something to the focused control itself. */
const takesSpace = (at: EventTarget | null) =>
  at instanceof HTMLElement &&
  ((at instanceof HTMLButtonElement && !at.classList.contains('term')) ||
    at.closest('summary, a, [role=slider], [role^=menuitem]') !== null);

/** What lies over the page has the keys for itself. */
const modal = () => document.querySelector('dialog[open], [aria-modal=true]');

/** Keys that the page answers wherever the focus is, unless the focused control needs them. `search` finds a setting. */
export function useKeys(search: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target)) return;
      const { key, repeat } = event;
      const over = modal();
      if (over && !(key === '?' && over.classList.contains('key-help'))) return;
      const view = VIEWS[Number(key) - 1];
      if (key === ' ' && (repeat || takesSpace(event.target))) return;
      if (key === ' ') playOrPause();
      else if (key === '.') !repeat && step();
      else if (key === 'R') reset();
      else if (key === 'e' || key === 'E') !repeat && evaluate();
      else if (key === '[' || key === ']') moveTime(key === '[' ? -1 : 1);
      else if (key === '{' || key === '}') moveTime(key === '{' ? -10 : 10);
      else if (key === '?') toggleKeyHelp();
      else if (key === '/') search();
      else if (key === 'Escape') {
        setCursor(null);
        pin(null);
        setZoom(null);
        return;
      } else if (view) show(view);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [search]);
}
