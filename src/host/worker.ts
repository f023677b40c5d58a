import { cpuBackend } from '../gpu/cpuBackend';
import { webgpuBackend } from '../gpu/webgpuBackend';
import type { Command, Event } from './protocol';
import { publicReader } from './publicFile';
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
    readPublic: publicReader(new URL(self.name || '/', self.location.href)),
  },
  (event: Event) => self.postMessage(event),
);

self.addEventListener('message', ({ data }: MessageEvent<Command>) => void session.handle(data));
