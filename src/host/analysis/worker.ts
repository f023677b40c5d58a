import type { ToWorker } from './protocol';
import { Server } from './server';

/** A message to itself lets the page's in, without the least delay that timers have. */
const { port1, port2 } = new MessageChannel();
let resume: () => void = () => {};
port1.onmessage = () => resume();

const server = new Server({
  post: (message, transfer) => self.postMessage(message, { transfer }),
  pause: () =>
    new Promise((resolve) => {
      resume = resolve;
      port2.postMessage(null);
    }),
  now: () => performance.now(),
});

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => server.handle(data));
