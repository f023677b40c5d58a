/** Whether the sheet of keys is open; a page event, so that keys and button need not know the component. */
const NAME = 'mcpo-key-help';

export const toggleKeyHelp = (): void => void window.dispatchEvent(new Event(NAME));

/** @returns stops listening */
export function onKeyHelp(listener: () => void): () => void {
  window.addEventListener(NAME, listener);
  return () => window.removeEventListener(NAME, listener);
}
