import type { Command, Event } from './protocol';
import { Session } from './session';
import { workerDevices } from './workerDevices';

/** The engine's worker. */
const session = new Session(workerDevices(new URL(self.name || '/', self.location.href)), (event: Event) =>
  self.postMessage(event),
);

self.addEventListener('message', ({ data }: MessageEvent<Command>) => void session.handle(data));
