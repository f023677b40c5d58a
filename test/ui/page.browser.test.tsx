import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import { button, chart, close, faults, open, ready, said, stepShown, trainUntil, WAIT } from './onPage';

/** The page with its engine in a worker, used as a person would use it. The CPU backend is the fastest without a GPU. */

const SMALL =
  '#preset=tiny&preset=mcpo-grpo&warmStart.steps=2&warmStart.batch=16&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1';
/** From the shipped base: its rewards are not all zero. */
const BASED = '#preset=tiny&preset=mcpo-grpo&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1';

/** Coloured pixels of a chart: its curves and their marks. */
function coloured(label: string): number {
  const canvas = chart(label).element() as HTMLCanvasElement;
  const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    const rgb = data.subarray(i, i + 3);
    if (data[i + 3] > 128 && Math.max(...rgb) - Math.min(...rgb) > 60) found++;
  }
  return found;
}

const train = (steps: number) => trainUntil(() => stepShown() >= steps);

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('trains at one click, shows what it does, pauses and starts again', async () => {
  open(BASED);
  await expect.element(page.getByText('here in your browser')).toBeVisible();
  await ready();
  await expect.element(page.getByRole('radio', { name: 'Tiny' })).toBeChecked();
  expect(await faults()).toEqual([]);

  await expect.poll(() => (chart('Reward by domain').element() as HTMLCanvasElement).width).toBeGreaterThan(300);
  /** The names of the domains below the empty axes. */
  const names = coloured('Reward by domain');
  await train(3);
  const reached = stepShown();

  await expect.element(page.getByText('here in your browser')).not.toBeInTheDocument();
  expect(coloured('Reward by domain')).toBeGreaterThan(names + 100);
  expect(said('Reward by domain')).toMatch(new RegExp(`^step ${reached}: Math [01]\\.\\d\\d, Code .*, Mean [01]\\.\\d\\d$`));
  expect(said('Logits of positive and negative pairs')).toContain('Across domains');
  expect(document.querySelectorAll('.rollouts tbody tr')).toHaveLength(10);
  expect(document.querySelectorAll('.held-out tbody tr')).toHaveLength(9);
  expect(await faults()).toEqual([]);

  await userEvent.keyboard('.');
  await expect.poll(stepShown, WAIT).toBe(reached + 1);

  await button('Reset').click();
  await ready();
  expect(stepShown()).toBe(0);
  await expect.element(page.getByText('previous run: same configuration')).toBeVisible();
});

test('one cursor, one zoom and one highlight for all charts, by pointer and by keyboard, kept in the link', async () => {
  open(BASED);
  await train(12);
  const [reward, logits] = [chart('Reward by domain'), chart('Logits of positive and negative pairs')];
  const { width } = reward.element().getBoundingClientRect();

  // Hovering a step shows it in every chart and number; leaving goes back to the newest.
  const mean = () => document.querySelector('.numbers dd')?.textContent;
  const newest = mean();
  await reward.hover({ position: { x: 36, y: 40 } });
  const cursor = lab.getState().cursor as number;
  expect(cursor).toBeLessThan(4);
  await expect.poll(() => said('Logits of positive and negative pairs')).toMatch(new RegExp(`^step ${cursor}:`));
  const then = lab.getState().runs[0].trace.raw('reward/mean')[cursor - 1];
  await expect.poll(mean).toBe(then.toFixed(3));

  // A click pins the step, another one lets go.
  await reward.click({ position: { x: 36, y: 40 } });
  expect(lab.getState().at).toBe(cursor);
  await page.getByRole('heading', { name: 'Logits' }).hover();
  await expect.poll(() => said('Reward by domain')).toMatch(new RegExp(`^step ${cursor}:`));
  await expect.poll(() => location.hash).toContain(`at=${cursor}`);
  await page.getByRole('button', { name: /^Step \d+ .*newest step$/ }).click();
  expect(lab.getState().at).toBeNull();
  await expect.poll(mean).toBe(newest);

  // A drag zooms all charts, a double click shows all steps, another one the window again.
  await userEvent.dragAndDrop(reward, reward, {
    sourcePosition: { x: 36, y: 60 },
    targetPosition: { x: width * 0.3, y: 60 },
  });
  const zoom = lab.getState().zoom as readonly [number, number];
  expect(zoom[1]).toBeLessThan(60);
  await expect.poll(() => location.hash).toContain(`zoom=${zoom.join('-')}`);
  await reward.dblClick({ position: { x: 100, y: 60 } });
  expect(lab.getState().zoom).toBeNull();
  await logits.dblClick({ position: { x: 100, y: 60 } });
  expect(lab.getState().zoom).toEqual(zoom);
  expect(lab.getState().at).toBeNull();

  // By keyboard.
  (logits.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}{ArrowRight}{Enter}');
  expect(lab.getState().at).toBe(2);
  await userEvent.keyboard('0');
  expect(lab.getState().zoom).toBeNull();
  await userEvent.keyboard('+');
  const [from, to] = lab.getState().zoom as readonly [number, number];
  await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
  const [later, last] = lab.getState().zoom as readonly [number, number];
  expect(later).toBeGreaterThan(from);
  expect(last - later).toBe(to - from);
  await userEvent.keyboard('{Escape}');
  expect([lab.getState().zoom, lab.getState().at]).toEqual([null, null]);

  // A domain: highlighted everywhere, left out, alone.
  const code = button('Code');
  await code.hover();
  expect(lab.getState().highlight.domain).toBe(1);
  expect(document.querySelectorAll('.held-out tr.lit')).toHaveLength(2);
  await code.click();
  expect(said('Reward by domain')).toMatch(/Mean of 4/);
  expect(said('Reward by domain')).not.toMatch(/Code/);
  await expect.poll(() => location.hash).toContain('mute=code');
  await code.click({ modifiers: ['Alt'] });
  expect(lab.getState().muted).toHaveLength(4);
  expect(said('Reward by domain')).toMatch(/^step \d+: Code [01]\.\d\d$/);
  await code.click({ modifiers: ['Alt'] });
  expect(lab.getState().muted).toEqual([]);

  // Smoothing changes the curves, not the numbers.
  const smooth = said('Reward by domain');
  await page.getByRole('combobox', { name: 'Smoothing' }).selectOptions('None');
  expect(said('Reward by domain')).not.toBe(smooth);
  const raw = lab.getState().runs[0].trace.last('reward/mean') as number;
  expect(said('Reward by domain')).toContain(`Mean ${raw.toFixed(2)}`);
  expect(mean()).toBe(newest);
});

test('the same seed trains the same run again', async () => {
  open(SMALL);
  await ready();
  const once = async () => {
    await userEvent.keyboard('.');
    await expect.poll(() => lab.getState().step === 1 && lab.getState().status === 'paused', WAIT).toBe(true);
    return lab.getState().runs[0].trace.raw('reward/mean')[0];
  };
  const first = await once();
  await button('Reset').click();
  await ready();
  expect(await once()).toBe(first);
});

test('method and seed are chosen on the page and kept in the link; a bad seed is refused with its bound', async () => {
  open(SMALL);
  await ready();
  await page.getByRole('combobox', { name: 'Method' }).selectOptions('grpo');
  await expect.element(page.getByText('choose MCPO-GRPO to see its logits')).toBeVisible();
  await expect.poll(() => location.hash).toContain('preset=grpo');

  const seed = page.getByRole('spinbutton', { name: 'Seed', exact: true });
  await seed.fill('-1');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('invalid seed: -1 (an integer from 0 to 4294967295)')).toBeVisible();
  await seed.fill('12');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => location.hash).toContain('seed=12');
  await expect.element(page.getByText('invalid seed')).not.toBeInTheDocument();
  await ready();
});

test('faulty parts of a link are named', async () => {
  open(`${SMALL}&contrast.tau=9`);
  await expect.element(page.getByText('invalid contrast.tau: 9 (0.01 to 2)')).toBeVisible();
  await button('Dismiss').first().click();
  await expect.element(page.getByText('invalid contrast.tau')).not.toBeInTheDocument();
});
