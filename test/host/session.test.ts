import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Backend, DeviceError } from '../../src/gpu/backend';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { Event } from '../../src/host/protocol';
import { Session } from '../../src/host/session';
import { smallConfig } from '../engine/support';

/** A session on the CPU backend that records its events. */
function session(open: (choice: string) => Backend = () => cpuBackend()) {
  const events: Event[] = [];
  const it = new Session(
    {
      open: async (choice) => open(choice),
      now: () => performance.now() / 1000,
      readPublic: async (path) => new Uint8Array(readFileSync(new URL(`../../public/${path}`, import.meta.url))),
    },
    (event) => void events.push(event),
  );
  const of = <T extends Event['type']>(type: T) => events.filter((e): e is Extract<Event, { type: T }> => e.type === type);
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const status = () => of('status').at(-1)?.status;
  return { it, events, of, until, status };
}

const config = smallConfig('mcpo-grpo', { steps: 6, eval: { every: 0, prompts: 2, samples: 1 } });
const lines = (s: ReturnType<typeof session>) => s.of('steps').flatMap((e) => e.steps.map((x) => JSON.stringify(x)));

it('opens, trains to the end, evaluates before and after, and draws pictures', async () => {
  const s = session();
  await s.it.handle({ type: 'open', config, backend: 'auto' });
  expect(s.of('opened')).toMatchObject([{ backend: 'cpu', step: 0, steps: 6 }]);
  await s.it.handle({ type: 'play' });
  await s.until(() => s.status() === 'finished');
  expect(s.of('steps').flatMap((e) => e.steps.map((x) => x.step))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(s.of('evaluation').map((e) => e.step)).toEqual([0, 6]);
  const { pool, rollouts } = s.of('picture').at(-1) as Extract<Event, { type: 'picture' }>;
  expect(pool.points).toHaveLength(2 * 40);
  expect(rollouts).toHaveLength(10);
  for (const r of rollouts) expect(Boolean(r.prompt && r.reason)).toBe(true);
  expect(s.of('error')).toEqual([]);
});

it('pauses, steps one by one and goes on as if it had never stopped', async () => {
  const straight = session();
  await straight.it.handle({ type: 'open', config, backend: 'auto' });
  await straight.it.handle({ type: 'play' });
  await straight.until(() => straight.status() === 'finished');

  const s = session();
  await s.it.handle({ type: 'open', config, backend: 'auto' });
  await s.it.handle({ type: 'step' });
  await s.it.handle({ type: 'step' });
  expect(lines(s)).toHaveLength(2);
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'play' });
  await s.until(() => lines(s).length > 2);
  await s.it.handle({ type: 'pause' });
  await s.it.handle({ type: 'play' });
  await s.until(() => s.status() === 'finished');
  expect(lines(s)).toEqual(lines(straight));
});

it('saves a checkpoint that another session opens and finishes identically', async () => {
  const first = session();
  await first.it.handle({ type: 'open', config, backend: 'auto' });
  await first.it.handle({ type: 'step' });
  await first.it.handle({ type: 'save' });
  const [{ bytes, step }] = first.of('checkpoint');
  expect(step).toBe(1);
  const second = session();
  await second.it.handle({ type: 'open', config, backend: 'auto', checkpoint: bytes });
  await second.it.handle({ type: 'step' });
  await first.it.handle({ type: 'step' });
  expect(lines(second)).toEqual(lines(first).slice(1));
});

it('opens another run in the middle of one', async () => {
  const s = session();
  await s.it.handle({ type: 'open', config: { ...config, steps: 1000 }, backend: 'auto' });
  await s.it.handle({ type: 'play' });
  await s.until(() => lines(s).length > 0);
  await s.it.handle({ type: 'open', config: { ...config, seed: 9 }, backend: 'auto' });
  expect(s.of('opened')).toHaveLength(2);
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'step' });
  expect(s.of('steps').at(-1)?.steps[0].step).toBe(1);
});

it('tells an error and stays usable', async () => {
  const s = session();
  await s.it.handle({ type: 'open', config, backend: 'auto', checkpoint: new Uint8Array(3) });
  expect(s.of('error')[0].text).toContain('3 bytes (at least 8)');
  expect(s.status()).toBe('failed');
  await s.it.handle({ type: 'open', config, backend: 'auto' });
  expect(s.status()).toBe('paused');
});

it('goes on from the last checkpoint when the device is lost', async () => {
  let lose = (_: string) => {};
  let opened = 0;
  const s = session(() => {
    opened++;
    const backend = cpuBackend();
    return opened > 1 ? backend : { ...backend, lost: new Promise<string>((resolve) => (lose = resolve)) };
  });
  await s.it.handle({ type: 'open', config, backend: 'auto' });
  await s.it.handle({ type: 'step' });
  await s.it.handle({ type: 'step' });
  lose('unknown: driver reset');
  await s.until(() => s.of('opened').length === 2);
  expect(s.of('notice').at(-1)?.text).toContain('Going on from step 2');
  await s.until(() => s.status() === 'paused');
  await s.it.handle({ type: 'step' });
  expect(lines(s).at(-1)).toContain('"step":3');
});

/** A backend whose owner can lose it. */
function fragile() {
  let lose = (_: string) => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  return { backend: { ...cpuBackend(), kind: 'webgpu' as const, lost }, lose: () => lose('unknown: driver reset') };
}

it('trains on by itself when the device is lost in the middle of training, on the CPU when it is lost again at once', async () => {
  const devices = [fragile(), fragile()];
  const choices: string[] = [];
  const s = session((choice) => {
    choices.push(choice);
    return choice === 'cpu' ? cpuBackend() : (devices[choices.length - 1]?.backend ?? cpuBackend());
  });
  await s.it.handle({ type: 'open', config: { ...config, steps: 40 }, backend: 'auto' });
  await s.it.handle({ type: 'step' });
  await s.it.handle({ type: 'play' });
  await s.until(() => lines(s).length > 2);
  devices[0].lose();
  await s.until(() => s.of('opened').length === 2);
  const { step } = s.of('opened')[1];
  expect(step).toBeGreaterThan(0);
  devices[1].lose();
  await s.until(() => s.of('opened').length === 3);
  expect(s.of('opened')[2]).toMatchObject({ step, backend: 'cpu' });
  expect(choices).toEqual(['auto', 'auto', 'cpu']);
  await s.until(() => s.status() === 'finished');
  expect(s.of('steps').at(-1)?.steps.at(-1)?.step).toBe(40);
});

it('announces the CPU for a run that the device cannot hold', async () => {
  const { backend } = fragile();
  const small = {
    ...backend,
    allocate: async () => {
      throw new DeviceError('grad needs 9 bytes for 1 run (at most 8 on this device)');
    },
  };
  const s = session((choice) => (choice === 'cpu' ? cpuBackend() : small));
  await s.it.handle({ type: 'open', config, backend: 'auto' });
  expect(s.of('opened')).toMatchObject([{ backend: 'cpu' }]);
  expect(s.of('notice').at(-1)?.text).toContain('at most 8 on this device). Going on with the CPU.');
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'open', config, backend: 'webgpu' });
  expect(s.of('error').at(-1)).toMatchObject({ fatal: true, text: expect.stringContaining('at most 8') });
});

it('saves what it kept last when the device no longer answers, and an evaluation that fails leaves the run paused', async () => {
  const real = cpuBackend();
  let dead = false;
  const mortal: Backend = {
    ...real,
    async allocate(layout) {
      if (dead) throw new Error('no answer');
      const memory = await real.allocate(layout);
      return {
        ...memory,
        read: async (name) => {
          if (dead) throw new Error('no answer');
          return memory.read(name);
        },
      };
    },
  };
  const s = session(() => mortal);
  await s.it.handle({ type: 'open', config, backend: 'auto' });
  await s.it.handle({ type: 'step' });
  dead = true;
  await s.it.handle({ type: 'evaluate' });
  expect(s.of('error')).toEqual([{ type: 'error', text: 'no answer', fatal: false }]);
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'step' });
  expect(s.status()).toBe('failed');
  await s.it.handle({ type: 'save' });
  expect(s.of('checkpoint')).toMatchObject([{ step: 1 }]);
});

it('warns of groups of one rollout', async () => {
  const s = session();
  await s.it.handle({ type: 'open', config: { ...config, rollout: { ...config.rollout, group: 1 } }, backend: 'auto' });
  expect(s.of('notice')[0].text).toContain('rollout.group is 1');
  expect(s.status()).toBe('paused');
});
