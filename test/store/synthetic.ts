import { vi } from 'vitest';
import { type Client, connectClient } from '../../src/host/client';
import type { Command, Event } from '../../src/host/protocol';
import { connect } from '../../src/store/opening';

/** A store bound to a worker that only listens, and whose frames are turned by hand. */
export function bind(link: string | null = '', backend?: string) {
  const sent: Command[] = [];
  const workers: { onEvent(event: Event): void; closed: boolean }[] = [];
  let frame: (() => void) | undefined;
  const schedule = vi.fn((flush: () => void) => {
    frame = flush;
  });
  const download = vi.fn();
  const startClient = (onEvent: (event: Event) => void): Client => {
    const port = { send: (command: Command) => void sent.push(command), close: () => void (worker.closed = true) };
    const { client, receive } = connectClient(port, onEvent);
    const worker = { onEvent: receive, closed: false };
    workers.push(worker);
    return client;
  };
  connect({ startClient, schedule, download }, link, backend);
  const turn = () => {
    const flush = frame;
    frame = undefined;
    flush?.();
  };
  return {
    sent,
    workers,
    schedule,
    download,
    turn,
    /** The present worker says something; a frame later the store has it. */
    say(...events: Event[]) {
      for (const event of events) workers.at(-1)?.onEvent(event);
      turn();
    },
  };
}

export const opened: Event[] = [
  { type: 'status', status: 'preparing' },
  { type: 'opened', backend: 'cpu', adapter: 'CPU', step: 0, steps: 100, runs: 1, parameters: 1234, flopsPerStep: 1 },
  { type: 'status', status: 'paused' },
];

/** Steps of `runs` runs with the same numbers. */
export const steps = (from: number, to: number, reward = 0.5, runs = 1): Event => ({
  type: 'steps',
  stepsPerSecond: 2,
  steps: Array.from({ length: runs }, () =>
    Array.from({ length: to - from + 1 }, (_, i) => ({
      step: from + i,
      metrics: { 'reward/mean': reward, 'reward/math': i % 2 ? null : reward },
      centroids: [],
      gradientCosine: [],
    })),
  ),
});
