/** Longest stretch of work between two pauses, milliseconds. */
const STRETCH = 8;

/** Lets timers, input and drawing in. A message port is not slowed down in hidden tabs, as timers are. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** For long work on the page's thread: `const wait = pause(); if (wait) await wait;` now and then. Null when it is too early for one. */
export function pauses(stretch = STRETCH): () => Promise<void> | null {
  let since = performance.now();
  return () => {
    if (performance.now() - since < stretch) return null;
    return turn().then(() => {
      since = performance.now();
    });
  };
}
