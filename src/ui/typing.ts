/** Whether keys go into a text. */
export const isTyping = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement &&
  (at.isContentEditable || at.matches('textarea, select, input:not([type=range], [type=checkbox], [type=radio])'));
