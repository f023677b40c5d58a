import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Backend, DeviceError } from '../../src/gpu/backend';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import type { Answers, Event } from '../../src/host/protocol';
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
const lines = (s: ReturnType<typeof session>, run = 0) =>
  s.of('steps').flatMap((e) => e.steps[run].map((x) => JSON.stringify(x)));

it('opens, trains to the end, evaluates before and after, and shows the watched run’s pool', async () => {
  const s = session();
  await s.it.handle({ type: 'watch', run: 0, seconds: 0 });
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto' });
  expect(s.of('opened')).toMatchObject([{ backend: 'cpu', step: 0, steps: 6, runs: 1 }]);
  await s.it.handle({ type: 'play' });
  await s.until(() => s.status() === 'finished');
  expect(s.of('steps').flatMap((e) => e.steps[0].map((x) => x.step))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(s.of('evaluation').map((e) => e.step)).toEqual([0, 6]);
  const { frame } = s.of('frame').at(-1) as Extract<Event, { type: 'frame' }>;
  expect(frame).toMatchObject({ source: 'pool', run: 0, step: 6, n: 40 });
  expect(frame.vectors).toHaveLength(40 * frame.width);
  for (const text of [...frame.promptText, ...frame.reason]) expect(text).not.toBe('');
  expect(s.of('error')).toEqual([]);
});

it('trains a race in one fleet, each run as it is alone', async () => {
  const configs = [smallConfig('grpo', { ...config, contrast: { lambda: 0 } }), config, { ...config, seed: 5 }];
  const race = session();
  await race.it.handle({ type: 'open', configs, backend: 'auto' });
  await race.it.handle({ type: 'step' });
  await race.it.handle({ type: 'step' });
  const alone = session();
  await alone.it.handle({ type: 'open', configs: [configs[2]], backend: 'auto' });
  await alone.it.handle({ type: 'step' });
  await alone.it.handle({ type: 'step' });
  expect(lines(race, 2)).toEqual(lines(alone));
  const { checkpoints, step } = race.of('kept').at(-1) as Extract<Event, { type: 'kept' }>;
  expect([checkpoints.length, step]).toEqual([3, 2]);
  const again = session();
  await again.it.handle({ type: 'open', configs, backend: 'auto', checkpoints });
  await again.it.handle({ type: 'step' });
  await race.it.handle({ type: 'step' });
  for (const run of [0, 1, 2]) expect(lines(again, run)).toEqual(lines(race, run).slice(2));
});

it('answers questions in the middle of training and refuses those it cannot', async () => {
  const s = session();
  await s.it.handle({ type: 'ask', id: 1, question: { kind: 'interference', run: 0 } });
  expect(s.of('refusal')).toMatchObject([{ id: 1, text: 'no run is open' }]);
  await s.it.handle({ type: 'open', configs: [{ ...config, steps: 1000 }], backend: 'auto' });
  await s.it.handle({ type: 'play' });
  await s.until(() => lines(s).length > 0);
  await s.it.handle({ type: 'ask', id: 2, question: { kind: 'interference', run: 0 } });
  await s.it.handle({ type: 'ask', id: 3, question: { kind: 'frame', run: 7 } });
  await s.until(() => s.of('refusal').length === 2);
  expect(s.of('answer')).toMatchObject([{ id: 2, answer: { domains: ['math', 'code', 'science', 'toolUse', 'safety'] } }]);
  expect(s.of('refusal')[1]).toMatchObject({ id: 3, text: 'invalid run: 7 (0 to 0)' });
  expect(s.status()).toBe('training');
  await s.it.handle({ type: 'pause' });
});

it('trains no faster than asked and stops at once all the same', async () => {
  const s = session();
  await s.it.handle({ type: 'open', configs: [{ ...config, steps: 1000, eval: { ...config.eval, every: 0 } }], backend: 'auto' });
  await s.it.handle({ type: 'pace', secondsPerStep: 30 });
  await s.it.handle({ type: 'play' });
  await s.until(() => lines(s).length > 0);
  const asked = performance.now();
  await s.it.handle({ type: 'pause' });
  expect(performance.now() - asked).toBeLessThan(5000);
  expect(lines(s)).toHaveLength(1);
});

it('pauses, steps one by one and goes on as if it had never stopped', async () => {
  const straight = session();
  await straight.it.handle({ type: 'open', configs: [config], backend: 'auto' });
  await straight.it.handle({ type: 'play' });
  await straight.until(() => straight.status() === 'finished');

  const s = session();
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto' });
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

it('gives a checkpoint that another session opens and finishes identically', async () => {
  const first = session();
  await first.it.handle({ type: 'open', configs: [config], backend: 'auto' });
  await first.it.handle({ type: 'step' });
  await first.it.handle({ type: 'ask', id: 1, question: { kind: 'checkpoint', run: 0 } });
  const { bytes, step } = first.of('answer')[0].answer as Answers['checkpoint'];
  expect(step).toBe(1);
  const second = session();
  await second.it.handle({ type: 'open', configs: [config], backend: 'auto', checkpoints: [bytes] });
  await second.it.handle({ type: 'step' });
  await first.it.handle({ type: 'step' });
  expect(lines(second)).toEqual(lines(first).slice(1));
});

it('opens another run in the middle of one', async () => {
  const s = session();
  await s.it.handle({ type: 'open', configs: [{ ...config, steps: 1000 }], backend: 'auto' });
  await s.it.handle({ type: 'play' });
  await s.until(() => lines(s).length > 0);
  await s.it.handle({ type: 'open', configs: [{ ...config, seed: 9 }], backend: 'auto' });
  expect(s.of('opened')).toHaveLength(2);
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'step' });
  expect(s.of('steps').at(-1)?.steps[0][0].step).toBe(1);
});

it('tells an error and stays usable', async () => {
  const s = session();
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto', checkpoints: [new Uint8Array(3)] });
  expect(s.of('error')[0].text).toContain('3 bytes (at least 8)');
  expect(s.status()).toBe('failed');
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto' });
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
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto' });
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
  await s.it.handle({ type: 'open', configs: [{ ...config, steps: 40 }], backend: 'auto' });
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
  expect(s.of('steps').at(-1)?.steps[0].at(-1)?.step).toBe(40);
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
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto' });
  expect(s.of('opened')).toMatchObject([{ backend: 'cpu' }]);
  expect(s.of('notice').at(-1)?.text).toContain('at most 8 on this device). Going on with the CPU.');
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'open', configs: [config], backend: 'webgpu' });
  expect(s.of('error').at(-1)).toMatchObject({ fatal: true, text: expect.stringContaining('at most 8') });
});

it('gives what it kept last when the device no longer answers, and an evaluation that fails leaves the run paused', async () => {
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
  await s.it.handle({ type: 'open', configs: [config], backend: 'auto' });
  await s.it.handle({ type: 'step' });
  dead = true;
  await s.it.handle({ type: 'evaluate' });
  expect(s.of('error')).toEqual([{ type: 'error', text: 'no answer', fatal: false }]);
  expect(s.status()).toBe('paused');
  await s.it.handle({ type: 'step' });
  expect(s.status()).toBe('failed');
  await s.it.handle({ type: 'keep' });
  expect(s.of('kept').at(-1)).toMatchObject({ step: 1 });
});

it('warns of groups of one rollout', async () => {
  const s = session();
  await s.it.handle({ type: 'open', configs: [{ ...config, rollout: { ...config.rollout, group: 1 } }], backend: 'auto' });
  expect(s.of('notice')[0].text).toContain('rollout.group is 1');
  expect(s.status()).toBe('paused');
});
