import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { mount } from '../../src/main';
import { lab } from '../../src/store/lab';

/** The page with its engine in a worker, used as a person would use it. The CPU backend is the fastest without a GPU. */

const SMALL =
  '#preset=tiny&preset=mcpo-grpo&warmStart.steps=2&warmStart.batch=16&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1';
const WAIT = { timeout: 90_000 };
let unmount: () => void;

const button = (name: string) => page.getByRole('button', { name, exact: true });
const stepShown = () => Number(document.querySelector('[data-testid=step]')?.textContent);
const ready = () => expect.poll(() => lab.getState().run !== null && lab.getState().waiting === 0, WAIT).toBe(true);

/** Share of a canvas's pixels that are not transparent. */
function ink(label: string): number {
  const canvas = page.getByRole('slider', { name: label }).element() as HTMLCanvasElement;
  const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
  let marked = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) marked++;
  return marked / (data.length / 4);
}

function open(link: string): void {
  location.hash = link;
  const place = document.createElement('div');
  document.body.append(place);
  const stop = mount(place, `${location.origin}/`, 'cpu');
  unmount = () => {
    stop();
    place.remove();
  };
}

beforeEach(() => page.viewport(1440, 900));
afterEach(() => unmount());

test('trains at one click, shows what it does, pauses and starts again', async () => {
  open(SMALL);
  await expect.element(page.getByText('here in your browser')).toBeVisible();
  await ready();
  await expect.element(page.getByRole('radio', { name: 'Tiny' })).toBeChecked();

  await expect.poll(() => ink('Reward by domain')).toBeGreaterThan(0);
  const empty = ink('Reward by domain');
  await button('Play').click();
  await expect.poll(stepShown, WAIT).toBeGreaterThanOrEqual(3);
  await button('Pause').click();
  await expect.poll(() => lab.getState().status, WAIT).toBe('paused');
  const reached = stepShown();

  expect(ink('Reward by domain')).toBeGreaterThan(empty);
  expect(document.querySelectorAll('.rollouts tbody tr')).toHaveLength(10);
  await expect.element(page.getByRole('img', { name: /^Embeddings of 40 rollouts/ })).toBeVisible();
  expect(document.querySelectorAll('.held-out tbody tr')).toHaveLength(9);

  await userEvent.keyboard('.');
  await expect.poll(stepShown, WAIT).toBe(reached + 1);

  await button('Reset').click();
  await ready();
  expect(stepShown()).toBe(0);
  await expect.element(page.getByText('previous run: same configuration')).toBeVisible();
});

test('the same seed trains the same run again', async () => {
  open(SMALL);
  await ready();
  const train = async () => {
    await userEvent.keyboard('.');
    await expect.poll(() => lab.getState().step === 1 && lab.getState().status === 'paused', WAIT).toBe(true);
    return lab.getState().trace.raw('reward/mean')[0];
  };
  const first = await train();
  await button('Reset').click();
  await ready();
  expect(await train()).toBe(first);
});

test('method and seed are chosen on the page and kept in the link; a bad seed is refused with its bound', async () => {
  open(SMALL);
  await ready();
  await page.getByRole('combobox', { name: 'Method' }).selectOptions('grpo');
  await expect.element(page.getByText('choose MCPO-GRPO to see its logits')).toBeVisible();
  await expect.poll(() => location.hash).toContain('preset=grpo');

  const seed = page.getByRole('textbox', { name: 'Seed' });
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
