import { cpuBackend } from '../gpu/cpuBackend';
import { webgpuBackend } from '../gpu/webgpuBackend';
import type { Command, Event } from './protocol';
import { Session } from './session';

/** The engine's worker: WebGPU where the browser has it, otherwise the CPU references on this same thread. */
const session = new Session(
  {
    now: () => performance.now() / 1000,
    async open(choice, say) {
      if (choice === 'cpu') return cpuBackend();
      try {
        return await webgpuBackend(navigator.gpu);
      } catch (error) {
        if (choice === 'webgpu') throw error;
        say(`${(error as Error).message}. Training goes on with the CPU, more slowly.`);
        return cpuBackend();
      }
    },
    async readPublic(path) {
      const response = await fetch(new URL(path, new URL(self.name || '/', self.location.href)));
      // A development server answers an unknown path with the page itself.
      const found = response.ok && !response.headers.get('content-type')?.startsWith('text/html');
      return found ? new Uint8Array(await response.arrayBuffer()) : null;
    },
  },
  (event: Event) => self.postMessage(event),
);

self.addEventListener('message', ({ data }: MessageEvent<Command>) => void session.handle(data));
