import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { resolve } from '../../src/config/resolve';
import { encodeCheckpoint } from '../../src/engine/checkpoint';
import type { Config, Counterfactual, Event } from '../../src/host/protocol';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { focusRun, linkText, openLink } from '../../src/store/opening';
import { focused } from '../../src/store/state';
import { dismissTaken, take } from '../../src/store/takeStep';
import { play, step } from '../../src/store/transport';
import {
  isUnchanged,
  parseVariants,
  settingsOf,
  UNCHANGED,
  type Variant,
  variantsText,
  withMethod,
  withValue,
} from '../../src/store/variants';
import {
  addVariant,
  dropVariant,
  isCurrent,
  type Outcome,
  obstacle,
  retry,
  setVariant,
  watchNextStep,
  whatIf,
} from '../../src/store/whatif';
import { bind, opened } from './synthetic';

const LINK = '#preset=tiny&preset=mcpo-grpo&seed=3';
const NO_LAMBDA: Variant = { method: null, values: { 'contrast.lambda': 0 } };
const run = () => ({ presets: ['tiny', 'mcpo-grpo'], config: resolve(['tiny', 'mcpo-grpo']) });
const parameters = (x: number) => new Map([['policy.a', { shape: [1, 2], data: Float32Array.from([x, 2]) }]]);

/** An answer that says of each configuration that its reward will be 1 − λ. */
function answerTo(question: { run: number; variants: Config[] }, base: Config, stepsDone = 0): Counterfactual {
  const outcome = (config: Config): Outcome =>
    ({
      config,
      held: [],
      step: {
        step: stepsDone + 1,
        metrics: { 'reward/mean': 1 - config.contrast.lambda, 'loss/contrastive': 5 },
        centroids: [],
        gradientCosine: [],
      },
      parameters: parameters(config.contrast.lambda),
    }) as unknown as Outcome;
  return {
    run: question.run,
    stepsDone,
    base: outcome(base),
    variants: question.variants.map(outcome),
  } as unknown as Counterfactual;
}

const made = (at: number, reward: number, runs = 1): Event => ({
  type: 'steps',
  stepsPerSecond: 1,
  steps: Array.from({ length: runs }, () => [
    { step: at, metrics: { 'reward/mean': reward, 'loss/contrastive': null }, centroids: [], gradientCosine: [] },
  ]),
});
const paused: Event = { type: 'status', status: 'paused' };

let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  whatIf.setState({ frozen: null, busy: false, error: null, taken: null });
});
afterEach(() => {
  stop?.();
  disconnect();
  vi.useRealTimers();
});

/** A page whose run stands still, its what-if view open. */
function opening(link = LINK) {
  const page = bind(link);
  stop = watchNextStep();
  page.say(...opened);
  const asks = (kind: string) => page.sent.flatMap((c) => (c.type === 'ask' && c.question.kind === kind ? [c] : []));
  const tick = (ms = 200) => vi.advanceTimersByTimeAsync(ms);
  const answer = async (stepsDone = 0) => {
    const asked = asks('counterfactual').at(-1);
    if (asked?.question.kind !== 'counterfactual') throw new Error('nothing was asked');
    const { config } = lab.getState().lanes[focused(lab.getState()).lane];
    page.workers.at(-1)?.onEvent({ type: 'answer', id: asked.id, answer: answerTo(asked.question, config, stepsDone) });
    await tick(0);
  };
  return { ...page, asks, tick, answer };
}

test('asks for the run’s own next step when the run stands still, and again for each change, once things are calm', async () => {
  const { asks, tick, answer } = opening();
  expect(asks('counterfactual')).toHaveLength(0);
  await tick();
  expect(asks('counterfactual').map((c) => c.question)).toEqual([{ kind: 'counterfactual', run: 0, variants: [] }]);
  expect(whatIf.getState().busy).toBe(true);
  await answer();
  const first = whatIf.getState().frozen;
  expect([isCurrent(first), whatIf.getState().busy]).toEqual([true, false]);
  // The variant that changes nothing is the run's own step.
  expect(first?.result.variants[0]).toBe(first?.result.base);

  setVariant(0, { method: null, values: { 'contrast.lambda': 0.3 } });
  await tick(50);
  setVariant(0, NO_LAMBDA);
  expect(isCurrent(whatIf.getState().frozen)).toBe(false);
  await tick();
  expect(asks('counterfactual')).toHaveLength(2);
  expect(asks('counterfactual')[1].question).toMatchObject({ variants: [{ seed: 3, contrast: { lambda: 0 } }] });
  // A change in the meantime waits for the answer, and makes it stale.
  addVariant();
  setVariant(1, { method: 'mgs', values: {} });
  await tick();
  expect(asks('counterfactual')).toHaveLength(2);
  await answer();
  expect(isCurrent(whatIf.getState().frozen)).toBe(false);
  await tick();
  expect(asks('counterfactual')[2].question).toMatchObject({
    variants: [{ contrast: { lambda: 0 } }, { contrast: { lambda: 0 }, surgery: { granularity: 'tensor' } }],
  });
  await answer();
  expect(isCurrent(whatIf.getState().frozen)).toBe(true);
});

test('asks nothing while the run trains, is opened, or is through', async () => {
  const { asks, tick, say, answer } = opening();
  await tick();
  await answer();
  say({ type: 'status', status: 'training' });
  expect(obstacle(lab.getState())).toBe('training');
  setVariant(0, NO_LAMBDA);
  await tick();
  expect(asks('counterfactual')).toHaveLength(1);
  say(made(100, 0.5), { type: 'status', status: 'finished' });
  expect(obstacle(lab.getState())).toBe('finished');
  await tick();
  expect(asks('counterfactual')).toHaveLength(1);
  openLink(`${LINK}&steps=50`);
  expect(obstacle(lab.getState())).toBe('opening');
  say(...opened);
  await tick();
  expect(asks('counterfactual')).toHaveLength(2);
  stop();
  lab.setState({ variants: [UNCHANGED] });
  await tick();
  expect(asks('counterfactual')).toHaveLength(2);
});

test('a refusal is told and not asked again by itself', async () => {
  const { asks, tick, workers, answer } = opening();
  await tick();
  workers[0].onEvent({ type: 'refusal', id: asks('counterfactual')[0].id, text: 'the device is too small' });
  await tick();
  expect(whatIf.getState()).toMatchObject({ error: 'the device is too small', busy: false, frozen: null });
  expect(asks('counterfactual')).toHaveLength(1);
  retry();
  await tick();
  await answer();
  expect(whatIf.getState()).toMatchObject({ error: null, busy: false });
});

test('names a variant of a link that does not fit the run', async () => {
  const { asks, tick } = opening(`${LINK}&whatif=rollout.group:16`);
  await tick();
  expect(asks('counterfactual')).toHaveLength(0);
  expect(whatIf.getState().error).toBe(
    'invalid rollout.group: 16 (1 to 8, the rollouts that the frozen batch has of each prompt)',
  );
});

test('takes the run’s own step, and holds what comes against the prediction', async () => {
  const { sent, tick, answer, say, asks, workers } = opening(`${LINK}&race=contrast.lambda:0,0.1`);
  focusRun(1);
  await tick();
  expect(asks('counterfactual')[0].question).toMatchObject({ run: 1 });
  await answer();
  await take(null);
  expect(sent.at(-1)).toEqual({ type: 'step' });
  expect(whatIf.getState().taken).toEqual({ who: 'run', step: 1, apart: [], metrics: null, parameters: null });
  say(made(1, 0.9, 2), paused);
  expect(whatIf.getState().taken?.metrics).toEqual({ compared: 1, misses: [] });
  const bytes = encodeCheckpoint({ config: run().config, parameters: parameters(0.1) });
  workers[0].onEvent({ type: 'answer', id: asks('checkpoint')[0].id, answer: { bytes, step: 1 } });
  await tick(0);
  expect(whatIf.getState().taken?.parameters).toEqual({ compared: 2, differ: 0 });
  dismissTaken();
  expect(whatIf.getState().taken).toBeNull();
});

test('takes a variant’s step as a run of its own from where the focused run stands', async () => {
  const { sent, tick, answer, say, asks, workers } = opening(`${LINK}&race=grpo,mcpo-grpo&focus=1&view=whatif`);
  say(made(1, 0.25, 2), paused);
  setVariant(0, { method: null, values: { 'contrast.lambda': 0.5 } });
  addVariant();
  setVariant(1, NO_LAMBDA);
  await tick();
  await answer(1);
  const taking = take(0);
  const bytes = encodeCheckpoint({ config: run().config, parameters: parameters(0.5) });
  const [{ id }] = asks('checkpoint');
  workers[0].onEvent({ type: 'answer', id, answer: { bytes, step: 1 } });
  await taking;
  expect(sent.slice(-2)).toMatchObject([
    { type: 'open', configs: [{ seed: 3, contrast: { lambda: 0.5 } }], checkpoints: [bytes] },
    { type: 'step' },
  ]);
  // The race is over, the past is kept, and so is the other variant.
  const state = lab.getState();
  expect([state.race, state.runs.length, state.focus, state.step]).toEqual([null, 1, 0, 1]);
  expect([...focused(state).trace.raw('reward/mean')]).toEqual([0.25]);
  expect(focused(state).trace).not.toBe(state.previous?.trace);
  expect(state.variants).toEqual([NO_LAMBDA]);
  expect(linkText(state)).toBe(
    'v=1&preset=tiny&preset=mcpo-grpo&seed=3&contrast.lambda=0.5&view=whatif&whatif=contrast.lambda:0',
  );
  const [preparing, at] = opened;
  say(preparing, { ...at, step: 1 } as Event, paused);
  say(made(2, 0.75), paused);
  expect(whatIf.getState().taken).toMatchObject({
    who: 'A',
    step: 2,
    metrics: { compared: 1, misses: [{ name: 'reward/mean', predicted: 0.5, measured: 0.75 }] },
  });
  expect([...focused(lab.getState()).trace.raw('reward/mean')]).toEqual([0.25, 0.75]);
});

test('a step that is no longer there cannot be taken', async () => {
  const { tick, answer, say, sent } = opening();
  await tick();
  await answer();
  say(made(1, 0.5), paused);
  await expect(take(null)).rejects.toThrow('the run has moved on since this step was tried');
  expect(sent.some((c) => c.type === 'step')).toBe(false);
  step();
  play();
});

test('variants: what the run has anyway is no change; bounds are those of the frozen batch', () => {
  const base = run();
  const half = withValue(base, UNCHANGED, 'rollout.group', '4');
  expect(half.values).toEqual({ 'rollout.group': 4 });
  expect(settingsOf(base, half).config.rollout.group).toBe(4);
  expect(isUnchanged(withValue(base, half, 'rollout.group', '8'))).toBe(true);
  expect(() => withValue(base, half, 'rollout.group', '9')).toThrow('invalid rollout.group: 9 (1 to 8, the rollouts');
  expect(() => withValue(base, half, 'contrast.tau', '9')).toThrow('invalid contrast.tau: 9 (0.01 to 2)');
  const mgs = withMethod(base, half, 'mgs');
  expect(settingsOf(base, mgs)).toMatchObject({
    presets: ['tiny', 'mgs'],
    config: { rollout: { group: 4 }, surgery: { granularity: 'tensor' }, contrast: { lambda: 0 } },
  });
  // The method's own value is no change either.
  expect(withValue(base, mgs, 'contrast.lambda', '0').values).toEqual({ 'rollout.group': 4 });
  expect(withMethod(base, mgs, 'mcpo-grpo').method).toBeNull();
});

test('variants in links: round trip, and what is refused', () => {
  const both: Variant[] = [{ method: 'mgs', values: { 'contrast.tau': 0.2, 'surgery.granularity': 'block' } }, UNCHANGED];
  expect(variantsText(both)).toBe('method:mgs,contrast.tau:0.2,surgery.granularity:block;');
  expect(parseVariants(variantsText(both))).toEqual(both);
  expect(variantsText([UNCHANGED])).toBe('');
  expect(() => parseVariants('contrast.tau:9')).toThrow('invalid contrast.tau: 9 (0.01 to 2)');
  expect(() => parseVariants('policy.width:64')).toThrow('invalid whatif: policy.width:64 (one of method, objective.clipLow');
  expect(() => parseVariants('method:best')).toThrow('invalid whatif: method:best (one of grpo, dapo');
  expect(() => parseVariants(';;')).toThrow('invalid whatif: ;; (at most 2 variants, 3 given)');
  bind(`${LINK}&whatif=${variantsText(both)}`);
  expect(lab.getState().variants).toEqual(both);
  expect(linkText(lab.getState())).toBe(
    'v=1&preset=tiny&preset=mcpo-grpo&seed=3&whatif=method:mgs,contrast.tau:0.2,surgery.granularity:block%3B',
  );
  dropVariant(0);
  expect(lab.getState().variants).toEqual([UNCHANGED]);
  setVariant(0, NO_LAMBDA);
  dropVariant(0);
  expect(lab.getState().variants).toEqual([UNCHANGED]);
});
