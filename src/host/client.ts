import type { Command, Event } from './protocol';

/** The page's end of the worker. */
export interface Client {
  send(command: Command): void;
  close(): void;
}

/** Starts the engine's worker. `baseUrl`: the page's address, under which `public/` files lie. */
export function startClient(baseUrl: string, onEvent: (event: Event) => void): Client {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: baseUrl });
  worker.addEventListener('message', ({ data }: MessageEvent<Event>) => onEvent(data));
  worker.addEventListener('error', (event) =>
    onEvent({ type: 'error', text: `The engine stopped: ${event.message}`, fatal: true }),
  );
  return { send: (command) => worker.postMessage(command), close: () => worker.terminate() };
}
