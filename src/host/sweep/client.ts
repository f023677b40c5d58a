import type { SweepCommand, SweepEvent } from './protocol';

/** The page's end of the sweep's worker. */
export interface SweepClient {
  send(command: SweepCommand): void;
  close(): void;
}

/** Starts the sweep's worker. `baseUrl`: the page's address, under which `public/` files lie. */
export function startSweepClient(baseUrl: string, onEvent: (event: SweepEvent) => void): SweepClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: baseUrl });
  worker.addEventListener('message', ({ data }: MessageEvent<SweepEvent>) => onEvent(data));
  worker.addEventListener('error', (event) => {
    worker.terminate();
    const why = event.message?.replace(/^Uncaught (\w*Error: )?/, '') || 'its program could not be loaded';
    onEvent({ type: 'error', text: `The sweep's engine stopped: ${why}` });
    onEvent({ type: 'status', status: 'failed' });
  });
  return { send: (command) => worker.postMessage(command), close: () => worker.terminate() };
}
