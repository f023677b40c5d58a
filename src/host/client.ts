import type { Answers, Command, Event, Question } from './protocol';

/** The page's end of the worker. */
export interface Client {
  send(command: Command): void;
  /** @throws Error with what stood in the way, or that the engine was closed */
  ask<Q extends Question>(question: Q): Promise<Answers[Q['kind']]>;
  close(): void;
}

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Pairs questions with their answers over any port. `onEvent` gets every other event. */
export function connectClient(
  port: { send(command: Command): void; close(): void },
  onEvent: (event: Event) => void,
): { client: Client; receive(event: Event): void } {
  const waiting = new Map<number, Waiting>();
  let newest = 0;
  const refuseAll = (text: string) => {
    for (const { reject } of waiting.values()) reject(new Error(text));
    waiting.clear();
  };
  const client: Client = {
    send: port.send,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = ++newest;
        waiting.set(id, { resolve, reject });
        port.send({ type: 'ask', id, question });
      }),
    close() {
      port.close();
      refuseAll('the engine was closed');
    },
  };
  const receive = (event: Event) => {
    if (event.type === 'answer' || event.type === 'refusal') {
      const asked = waiting.get(event.id);
      waiting.delete(event.id);
      if (event.type === 'answer') asked?.resolve(event.answer as never);
      else asked?.reject(new Error(event.text));
      return;
    }
    onEvent(event);
  };
  return { client, receive };
}

/** Starts the engine's worker. `baseUrl`: the page's address, under which `public/` files lie. */
export function startClient(baseUrl: string, onEvent: (event: Event) => void): Client {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: baseUrl });
  const port = { send: (command: Command) => worker.postMessage(command), close: () => worker.terminate() };
  const { client, receive } = connectClient(port, onEvent);
  worker.addEventListener('message', ({ data }: MessageEvent<Event>) => receive(data));
  worker.addEventListener('error', (event) => {
    // What it was doing cannot be known any more: it ends here, and whoever waits for an answer hears of it.
    client.close();
    const why = event.message?.replace(/^Uncaught (\w*Error: )?/, '') || 'its program could not be loaded';
    onEvent({ type: 'error', text: `The engine stopped: ${why}`, fatal: true });
    onEvent({ type: 'status', status: 'failed' });
  });
  return client;
}
