import { useEffect } from 'react';
import { evaluate, lab, playOrPause, reset, step } from '../../store/lab';
import { pin, setCursor, setZoom, show } from '../../store/look';
import { VIEWS } from '../../store/view';
import { toggleKeyHelp } from './keyHelpState';

/** What each key does, in the order of the sheet. */
export const KEYS: readonly { keys: string; does: string }[] = [
  { keys: 'Space', does: 'Play or pause' },
  { keys: '.', does: 'One training step' },
  { keys: 'Shift R', does: 'Reset: the same experiment from its start' },
  { keys: 'E', does: 'Measure held-out accuracy now' },
  { keys: '1 … 7', does: 'Open a view' },
  { keys: '[  ]', does: 'One step back or forward in time' },
  { keys: '{  }', does: 'Ten steps back or forward in time' },
  { keys: 'Escape', does: 'Back to the newest step; all steps on the axis' },
  { keys: '/', does: 'Search the settings' },
  { keys: '?', does: 'This sheet' },
  { keys: '← →', does: 'On a chart: move the cursor; on tabs: the next view' },
  { keys: 'J  K', does: 'On Rollouts: next or previous rollout' },
  { keys: 'Enter', does: 'On a chart: pin the step under the cursor, or let it go' },
  { keys: '+  −  0', does: 'On a chart: zoom in, out, all steps; 0 again: the window of before' },
  { keys: 'Shift ← →', does: 'On a chart: move the zoomed window' },
];

/** Moves the pinned step. */
function moveTime(by: number): void {
  const { at, step: reached } = lab.getState();
  if (reached === 0) return;
  const next = Math.max(1, (at ?? reached) + by);
  pin(next >= reached ? null : next);
}

/** Keys that the page answers wherever the focus is, unless the focused control needs them. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target as HTMLElement;
      const typing =
        at instanceof HTMLTextAreaElement ||
        at instanceof HTMLSelectElement ||
        (at instanceof HTMLInputElement && at.type !== 'radio');
      if (typing) return;
      const pressable =
        (at instanceof HTMLButtonElement && !at.classList.contains('term')) ||
        at.closest('summary') !== null ||
        at.role === 'slider';
      const { key } = event;
      const view = VIEWS[Number(key) - 1];
      if (key === ' ' && (pressable || event.repeat)) return;
      if (key === ' ') playOrPause();
      else if (key === '.' && !event.repeat) step();
      else if (key === 'R') reset();
      else if (key === 'e' || key === 'E') evaluate();
      else if (key === '[' || key === ']') moveTime(key === '[' ? -1 : 1);
      else if (key === '{' || key === '}') moveTime(key === '{' ? -10 : 10);
      else if (key === '?') toggleKeyHelp();
      else if (key === '/') document.querySelector<HTMLInputElement>('.settings input[type=search]')?.focus();
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
  }, []);
}
