import { afterEach, expect, test } from 'vitest';
import { whatDiffered } from '../../src/store/changes';
import {
  choosePreset,
  disconnect,
  dropChanges,
  isPlaying,
  lab,
  linkText,
  pause,
  play,
  reset,
  save,
  setSeed,
  step,
} from '../../src/store/lab';
import { bind, opened, steps } from './synthetic';

const state = () => lab.getState();
const types = (sent: { type: string }[]) => sent.map((c) => c.type);

afterEach(disconnect);

test('opens the run that the link describes and gives the link back', () => {
  const { sent } = bind('#preset=tiny&preset=grpo&seed=3&rollout.group=4');
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    type: 'open',
    backend: 'auto',
    config: { seed: 3, contrast: { lambda: 0 }, rollout: { group: 4 } },
  });
  expect(linkText(state())).toBe('v=1&preset=tiny&preset=grpo&seed=3&rollout.group=4');
});

test('names every faulty part of a link', () => {
  bind('#v=9&preset=huge&contrast.tau=9&nothing=1&seed=%E0');
  expect(state().problems).toHaveLength(5);
  expect(state().problems[0]).toContain('9');
  expect(state().problems[1]).toContain('huge');
  expect(state().problems[2]).toBe('invalid contrast.tau: 9 (0.01 to 2)');
  expect(state().problems[3]).toContain('nothing');
});

test('takes events in once a frame', () => {
  const { workers, schedule, turn } = bind();
  for (const event of [...opened, steps(1, 5), steps(6, 9)]) workers[0].onEvent(event);
  expect(schedule).toHaveBeenCalledTimes(1);
  expect(state().step).toBe(0);
  turn();
  expect(state()).toMatchObject({ step: 9, stepsPerSecond: 2, run: { steps: 100, parameters: 1234 } });
  expect(state().trace.steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a step without data leaves a gap in the raw curve and none in the smoothed one', () => {
  const { say } = bind();
  say(...opened, steps(1, 3, 0.25));
  expect(state().trace.raw('reward/math')).toEqual([0.25, Number.NaN, 0.25]);
  state()
    .trace.smooth('reward/math')
    .forEach((v) => {
      expect(v).toBeCloseTo(0.25, 12);
    });
  expect(state().trace.last('reward/math')).toBe(0.25);
});

test('play before the run is ready waits for it', () => {
  const { sent, say } = bind();
  play();
  expect(types(sent)).toEqual(['open']);
  expect(isPlaying(state())).toBe(true);
  say(...opened);
  expect(types(sent)).toEqual(['open', 'play']);
});

test('pause takes back a play that waits', () => {
  const { sent, say } = bind();
  play();
  pause();
  say(...opened);
  expect(types(sent)).not.toContain('play');
  expect(isPlaying(state())).toBe(false);
});

test('step stops a running training first', () => {
  const { sent, say } = bind();
  say(...opened, { type: 'status', status: 'training' });
  step();
  expect(types(sent)).toEqual(['open', 'pause', 'step']);
});

test('events of the run before do not reach the new one', () => {
  const { say, sent } = bind();
  say(...opened, steps(1, 5));
  setSeed('4');
  expect(sent.at(-1)).toMatchObject({ type: 'open', config: { seed: 4 } });
  say(steps(6, 8), { type: 'status', status: 'paused' });
  expect(state()).toMatchObject({ step: 0, run: null, status: 'preparing' });
  say(...opened, steps(1, 2));
  expect(state().trace.steps).toEqual([1, 2]);
});

test('a new run keeps the old curves and says what differed', () => {
  const { say } = bind();
  say(...opened, steps(1, 5));
  choosePreset('grpo');
  setSeed('9');
  const { previous } = state();
  expect(previous?.trace.length).toBe(5);
  expect(previous && whatDiffered(previous, state())).toBe('MCPO-GRPO · seed 0');
  say(...opened, ...opened, steps(1, 2));
  reset();
  const again = state().previous;
  expect(again && whatDiffered(again, state())).toBe('same configuration');
});

test('a preset of the same kind is replaced and the user’s own values stay', () => {
  bind('#preset=tiny&contrast.tau=0.5');
  choosePreset('paper');
  choosePreset('grpo');
  expect(state().presets).toEqual(['paper', 'grpo']);
  expect(state().config).toMatchObject({ steps: 513, contrast: { tau: 0.5, lambda: 0 } });
  dropChanges();
  expect(state().config.contrast.tau).toBe(0.1);
});

test('a seed out of bounds is refused by name, value and bound', () => {
  const { sent } = bind();
  for (const bad of ['-1', '4294967296', '1.5', 'x', ''])
    expect(() => setSeed(bad)).toThrow(`invalid seed: ${bad || '(empty)'} (an integer from 0 to 4294967295)`);
  expect(sent).toHaveLength(1);
});

test('a lost device takes the curves back to the checkpoint', () => {
  const { say } = bind();
  say(...opened, steps(1, 8));
  say({ type: 'status', status: 'preparing' }, { ...opened[1], step: 5 } as never, { type: 'status', status: 'paused' });
  expect(state().trace.steps).toEqual([1, 2, 3, 4, 5]);
  expect(state().step).toBe(5);
});

test('after a fatal error the next run gets a new worker', () => {
  const { say, workers } = bind();
  say(
    { type: 'status', status: 'preparing' },
    { type: 'error', text: 'out of memory', fatal: true },
    { type: 'status', status: 'failed' },
  );
  expect(state().error?.text).toBe('out of memory');
  reset();
  expect(workers.map((w) => w.closed)).toEqual([true, false]);
  expect(state().error).toBeNull();
  say(...opened);
  expect(state().run).not.toBeNull();
});

test('a checkpoint is handed to the user under a telling name', () => {
  const { say, download, sent } = bind('#preset=tiny&seed=2');
  say(...opened);
  save();
  expect(sent.at(-1)?.type).toBe('save');
  const bytes = new Uint8Array([1, 2]);
  say({ type: 'checkpoint', bytes, step: 12 });
  expect(download).toHaveBeenCalledWith(bytes, 'mcpo-lab-tiny-mcpo-grpo-seed2-step12.safetensors');
});

test('play on a finished run trains it again from its start', () => {
  const { sent, say } = bind();
  say(...opened, steps(1, 100), { type: 'status', status: 'finished' });
  play();
  expect(isPlaying(state())).toBe(true);
  say(...opened);
  expect(types(sent)).toEqual(['open', 'open', 'play']);
  expect(state().previous?.trace.length).toBe(100);
});

test('an unknown backend in the address is named', () => {
  bind('', 'gpu');
  expect(state()).toMatchObject({ backend: 'auto', problems: ['unknown backend: gpu (one of auto, webgpu, cpu)'] });
});
