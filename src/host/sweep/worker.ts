import { workerDevices } from '../workerDevices';
import type { SweepCommand, SweepEvent } from './protocol';
import { SweepSession } from './session';

/** The sweep's worker. */
const session = new SweepSession(
  workerDevices(new URL(self.name || '/', self.location.href)),
  (event: SweepEvent) => self.postMessage(event),
  () => Date.now(),
);

self.addEventListener('message', ({ data }: MessageEvent<SweepCommand>) => void session.handle(data));
