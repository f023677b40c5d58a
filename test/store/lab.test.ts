import { afterEach, expect, test } from 'vitest';
import { whatDiffered } from '../../src/store/changes';
import { choosePreset, dropChanges, setField, setRace, setSeeds } from '../../src/store/edits';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { pin, select, setOption, show } from '../../src/store/look';
import { focusRun, linkText, open, openLink, reset } from '../../src/store/opening';
import { focused } from '../../src/store/state';
import { isPlaying, pause, play, step } from '../../src/store/transport';
import { bind, opened, steps } from './synthetic';

const state = () => lab.getState();
const trace = () => focused(state()).trace;
/** What moves the engine; where frames come from and how fast it goes are left out. */
const types = (sent: { type: string }[]) => sent.map((c) => c.type).filter((t) => t !== 'watch' && t !== 'pace');

afterEach(disconnect);

test('opens the run that the link describes and gives the link back', () => {
  const { sent } = bind('#preset=tiny&preset=grpo&seed=3&rollout.group=4');
  expect(types(sent)).toEqual(['open']);
  expect(sent.at(-1)).toMatchObject({
    type: 'open',
    backend: 'auto',
    configs: [{ seed: 3, contrast: { lambda: 0 }, rollout: { group: 4 } }],
  });
  expect(linkText(state())).toBe('v=1&preset=tiny&preset=grpo&seed=3&rollout.group=4');
});

test('a link carries race, seeds, view, step, selection and choices, and gives them back', () => {
  const link =
    'v=1&preset=tiny&preset=mcpo-grpo&race=contrast.lambda:0,0.1&seeds=2&view=geometry&at=12&zoom=5-50&focus=3&select=7&mute=code&geometry.method=tsne&embed=1&hide=tabs';
  const { sent } = bind(`#${link}`);
  expect(state().problems).toEqual([]);
  expect(sent.at(-1)).toMatchObject({
    configs: [
      { seed: 0, contrast: { lambda: 0 } },
      { seed: 1, contrast: { lambda: 0 } },
      { seed: 0, contrast: { lambda: 0.1 } },
      { seed: 1, contrast: { lambda: 0.1 } },
    ],
  });
  expect(state()).toMatchObject({
    view: 'geometry',
    at: 12,
    zoom: [5, 50],
    focus: 3,
    selected: 7,
    embed: true,
    hidden: ['tabs'],
  });
  expect(linkText(state())).toBe(link);
});

test('names every faulty part of a link', () => {
  bind(
    '#v=9&preset=huge&contrast.tau=9&nothing=1&seed=%E0&view=moon&race=grpo&seeds=99&focus=5&at=x&hide=all&geometry.method=lda&zoom=9-3',
  );
  const { problems } = state();
  expect(problems).toHaveLength(13);
  for (const part of [
    '9 (this page reads 1)',
    'unknown preset: huge',
    'invalid contrast.tau: 9 (0.01 to 2)',
    'unknown key: nothing',
    'invalid seed: %E0 (not a URL text)',
    'invalid view: moon (one of overview, ',
    'invalid race: grpo (2 to 8 methods or values, 1 given)',
    'invalid seeds: 99 (an integer from 1 to 8)',
    'invalid at: x (an integer from 0 to 1000000)',
    'invalid hide: all (one of ',
    'invalid geometry.method: lda (one of pca, tsne, umap)',
    'invalid zoom: 9-3 (first and last step, as 10-50)',
    'invalid focus: 5 (0 to 0)',
  ])
    expect(problems.join('\n')).toContain(part);
});

test('what cannot be raced is refused by name and nothing changes', () => {
  const { sent } = bind('#preset=tiny');
  const before = sent.length;
  for (const [race, message] of [
    [{ kind: 'field', path: 'policy.width', values: ['16', '32'] }, 'invalid race: policy.width (a field that lanes'],
    [{ kind: 'field', path: 'contrast.tau', values: ['0.1', '9'] }, 'invalid contrast.tau: 9 (0.01 to 2)'],
    [{ kind: 'methods', names: ['grpo', 'tiny'] }, 'invalid race: tiny (a method)'],
    [{ kind: 'methods', names: ['grpo', 'grpo'] }, 'grpo is named twice'],
  ] as const)
    expect(() => setRace(race)).toThrow(message);
  setRace({ kind: 'methods', names: ['grpo', 'dapo', 'clipo', 'mgs', 'mt-grpo', 'mcpo-grpo', 'mcpo-dapo', 'clipo-aux'] });
  expect(() => setSeeds(5)).toThrow('invalid race: 8 lanes of 5 seeds (at most 32 runs, 40 asked for)');
  expect(sent.length).toBe(before + 1);
  expect(state().lanes.map((l) => l.label)).toContain('MT-GRPO');
});

test('takes events in once a frame', () => {
  const { workers, schedule, turn } = bind();
  for (const event of [...opened, steps(1, 5), steps(6, 9)]) workers[0].onEvent(event);
  expect(schedule).toHaveBeenCalledTimes(1);
  expect(state().step).toBe(0);
  turn();
  expect(state()).toMatchObject({ step: 9, stepsPerSecond: 2, fleet: { steps: 100, parameters: 1234 } });
  expect([...trace().steps]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('each run of a race has its own curves', () => {
  const { say } = bind('#preset=tiny&race=grpo,mcpo-grpo&seeds=2');
  say(...opened, steps(1, 3, 0.5, 4));
  expect(state().runs.map((r) => [r.lane, r.seed, r.trace.length])).toEqual([
    [0, 0, 3],
    [0, 1, 3],
    [1, 0, 3],
    [1, 1, 3],
  ]);
});

test('a step without data leaves a gap in the raw curve and none in the smoothed one', () => {
  const { say } = bind();
  say(...opened, steps(1, 3, 0.25));
  expect([...trace().raw('reward/math')]).toEqual([0.25, Number.NaN, 0.25]);
  trace()
    .smooth('reward/math')
    .forEach((v) => {
      expect(v).toBeCloseTo(0.25, 12);
    });
  expect(trace().last('reward/math')).toBe(0.25);
});

test('play before the run is ready waits for it', () => {
  const { sent, say } = bind();
  play();
  expect(types(sent)).toEqual(['open']);
  expect(isPlaying(state())).toBe(true);
  say(...opened);
  expect(types(sent)).toEqual(['open', 'play']);
});

test('play pressed while the page still opens its first experiment holds for that one', () => {
  const { sent, say } = bind(null);
  play();
  openLink('#preset=tiny');
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
  setField('seed', '4');
  expect(sent.at(-1)).toMatchObject({ type: 'open', configs: [{ seed: 4 }] });
  say(steps(6, 8), { type: 'status', status: 'paused' });
  expect(state()).toMatchObject({ step: 0, fleet: null, status: 'preparing' });
  say(...opened, steps(1, 2));
  expect([...trace().steps]).toEqual([1, 2]);
});

test('a new run keeps the old curves and says what differed', () => {
  const { say } = bind();
  say(...opened, steps(1, 5));
  choosePreset('grpo');
  setField('seed', '9');
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

test('a value out of bounds is refused by name, value and bound, and the run stays', () => {
  const { sent } = bind();
  const before = sent.length;
  for (const bad of ['-1', '4294967296', '1.5', 'x', ''])
    expect(() => setField('seed', bad)).toThrow(`invalid seed: ${bad || '(empty)'} (an integer from 0 to 4294967295)`);
  expect(() => setField('policy.width', '9')).toThrow('invalid policy.width: 9 (a multiple of 16');
  expect(sent).toHaveLength(before);
});

test('a lost device takes the curves back to the checkpoint', () => {
  const { say } = bind();
  say(...opened, steps(1, 8));
  say({ type: 'status', status: 'preparing' }, { ...opened[1], step: 5 } as never, { type: 'status', status: 'paused' });
  expect([...trace().steps]).toEqual([1, 2, 3, 4, 5]);
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
  expect(state().fleet).not.toBeNull();
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

test('what was kept is gone on with, curves included', () => {
  const { say, sent } = bind('#preset=tiny&race=grpo,mcpo-grpo');
  say(...opened, steps(1, 4, 0.5, 2));
  const { runs } = state();
  open({}, { checkpoints: [new Uint8Array([1]), new Uint8Array([2])], runs });
  expect(sent.at(-1)).toMatchObject({ type: 'open', checkpoints: [{ 0: 1 }, { 0: 2 }] });
  say(opened[0], { ...opened[1], step: 3, runs: 2 } as never, opened[2]);
  expect(state().runs.map((r) => r.trace.lastStep)).toEqual([3, 3]);
});

test('looking around does not touch the training', () => {
  const { sent, say } = bind('#preset=tiny&race=grpo,mcpo-grpo');
  say(...opened, steps(1, 4, 0.5, 2));
  show('geometry');
  pin(3);
  select(5);
  setOption('geometry.dimensions', '3');
  expect(linkText(state())).toContain('view=geometry&at=3&select=5&geometry.dimensions=3');
  setOption('geometry.dimensions', '2');
  expect(linkText(state())).not.toContain('dimensions');
  focusRun(1);
  expect(sent.at(-1)).toMatchObject({ type: 'watch', run: 1 });
  expect(types(sent)).toEqual(['open']);
  openLink(linkText(state()).replace('view=geometry', 'view=logits'));
  expect(state().view).toBe('logits');
  expect(types(sent)).toEqual(['open']);
});

test('an unknown backend in the address is named', () => {
  bind('', 'gpu');
  expect(state()).toMatchObject({ backend: 'auto', problems: ['unknown backend: gpu (one of auto, webgpu, cpu)'] });
});
