import { expect, it } from 'vitest';
import { cpuBackend } from '../../../src/gpu/cpuBackend';
import type { SweepEvent } from '../../../src/host/sweep/protocol';
import { SweepSession } from '../../../src/host/sweep/session';
import type { Entry } from '../../../src/sweep/types';
import { MINUTE, outcome, readPublic, smallSpec } from './support';

const spec = smallSpec({ changes: { ...MINUTE, steps: 16 }, objective: { metric: 'policy/entropy', window: 2 } });

function open() {
  const events: SweepEvent[] = [];
  const heard: ((event: SweepEvent) => void)[] = [];
  const session = new SweepSession(
    { open: async () => cpuBackend(), readPublic, now: () => performance.now() / 1000 },
    (event) => {
      events.push(event);
      for (const listener of heard) listener(event);
    },
    () => 0,
  );
  return {
    session,
    events,
    entries: (): Entry[] => events.flatMap((e) => (e.type === 'entries' ? e.entries : [])),
    status: () => events.findLast((e) => e.type === 'status')?.status,
    when: (found: (event: SweepEvent) => boolean) =>
      new Promise<void>((resolve) => heard.push((event) => found(event) && resolve())),
  };
}

it('pauses, takes orders meanwhile and writes them down, plays on and comes to its end', async () => {
  const { session, entries, status, when, events } = open();
  const trained = when((e) => e.type === 'entries' && e.entries.some((x) => x.type === 'steps'));
  const end = session.handle({ type: 'run', spec, backend: 'cpu', past: [], snapshot: null });
  await trained;
  await session.handle({ type: 'pause' });
  await end;
  expect(status()).toBe('paused');
  expect(events.some((e) => e.type === 'snapshot')).toBe(true);
  await session.handle({ type: 'order', order: { kind: 'stopTrial', trial: 0 } });
  expect(status()).toBe('paused');
  expect(outcome(entries()).trials[0].why).toBe('stopped by hand');
  await session.handle({ type: 'play' });
  expect(status()).toBe('finished');
  expect(outcome(entries()).trials.map((t) => t.state)).toEqual(['stopped', ...Array(7).fill('finished')]);
  // A sweep that has ended goes on for more.
  await session.handle({ type: 'order', order: { kind: 'add', points: [{ 'contrast.lambda': 0.2, 'contrast.tau': 0.3 }] } });
  expect(status()).toBe('finished');
  expect(outcome(entries()).trials.length).toBe(10);
});

it('stopped while it is paused, it has come to its end; another journal fails with its reason', async () => {
  const { session, entries, status, when, events } = open();
  const trained = when((e) => e.type === 'entries' && e.entries.some((x) => x.type === 'steps'));
  const end = session.handle({ type: 'run', spec, backend: 'cpu', past: [], snapshot: null });
  await trained;
  await session.handle({ type: 'pause' });
  await end;
  await session.handle({ type: 'order', order: { kind: 'stop' } });
  expect(status()).toBe('finished');
  expect(outcome(entries()).trials.some((t) => t.why === 'the sweep was stopped')).toBe(true);
  const past = structuredClone(entries());
  await session.handle({ type: 'run', spec: { ...spec, name: 'other' }, backend: 'cpu', past, snapshot: null });
  expect(status()).toBe('failed');
  expect(events.findLast((e) => e.type === 'error')?.text).toBe('the journal is of another sweep: its specification differs');
});
