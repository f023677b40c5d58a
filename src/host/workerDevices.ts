import { cpuBackend } from '../gpu/cpuBackend';
import { webgpuBackend } from '../gpu/webgpuBackend';
import { publicReader } from './publicFile';
import type { SessionDevices } from './session';

/**
 * What a worker gives a session: WebGPU where the browser has it, otherwise the CPU references on the worker's own thread.
 * @param baseUrl the page's address, under which `public/` files lie
 */
export const workerDevices = (baseUrl: URL): SessionDevices => ({
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
  readPublic: publicReader(baseUrl),
});
