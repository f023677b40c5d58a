import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { doctor } from '../../src/store/doctor';
import { lab } from '../../src/store/lab';
import { button, close, faults, open, stepShown, trainUntil, WAIT } from './onPage';

/** The collapse doctor on real trainings on the CPU, by clicks and keys. */

const SMALL = '#preset=tiny&preset=grpo&rollout.prompts=10&rollout.group=4&eval.prompts=2&eval.samples=1&eval.every=0';
/** The rate rises until the policy falls apart: its tokens are noise from about step 28 on. */
const BREAKING = `${SMALL}&optimizer.lr=0.5&optimizer.warmup=100`;

const badge = () => page.getByRole('button', { name: /^Collapse doctor/ });
const dialog = () => page.getByRole('dialog', { name: 'Collapse doctor' });

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('names a collapse in plain words, takes the run back and branches it', async () => {
  open(BREAKING);
  await trainUntil(() => stepShown() >= 3);
  const kept = stepShown();
  expect(kept).toBeLessThan(15);
  await trainUntil(() => doctor.getState().findings[0]?.some((f) => f.ailment === 'noise'));
  const reached = stepShown();

  await expect.element(badge()).toHaveTextContent(/to act on/);
  await badge().click();
  await expect.element(dialog().getByText('Reward has fallen far below its best', { exact: true })).toBeVisible();
  const [collapse] = document.querySelectorAll('.finding');
  expect(collapse.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('Reward over training');
  expect(collapse.textContent).toMatch(
    /Reward: 0\.\d\d over the last 10 steps, below the line at 0\.\d\d; it began to show at step \d+\./,
  );
  expect(await faults('.doctor')).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(document.activeElement).toBe(badge().element());
  await userEvent.keyboard('{Enter}');

  // Back to the checkpoint before it began; what came after is gone from the page.
  await dialog().getByText('The policy is falling apart: its tokens are ever more random').click();
  await button(`Roll back to step ${kept}`).click();
  await expect.element(dialog().getByText(`Back at step ${kept}, from step ${reached}.`, { exact: false }), WAIT).toBeVisible();
  await expect.poll(stepShown, WAIT).toBe(kept);
  expect(lab.getState().runs[0].trace.lastStep).toBe(kept);
  await expect.poll(() => badge().element().textContent).not.toMatch(/to act on/);

  // And where it was again.
  await button('Undo').click();
  await expect.poll(stepShown, WAIT).toBe(reached);
  expect(lab.getState().runs[0].trace.lastStep).toBe(reached);
  await expect.element(badge()).toHaveTextContent(/to act on/);

  // A bad value is refused with its bound; a good one makes a new run, which trains on from there.
  await dialog().getByText('The policy is falling apart: its tokens are ever more random').click();
  const rate = [...document.querySelectorAll<HTMLInputElement>('[aria-label="Learning rate of the branch"]')].at(
    -1,
  ) as HTMLInputElement;
  expect(rate.value).toBe('0.001');
  await userEvent.fill(rate, '7');
  await expect.element(page.getByText('invalid optimizer.lr: 7 (1e-7 to 1)')).toBeVisible();
  await userEvent.fill(rate, '0.002');
  await button(`Branch from step ${kept} with η = 0.002`).click();
  await expect
    .element(dialog().getByText(`A new run goes on from step ${kept} with η = 0.002.`, { exact: false }), WAIT)
    .toBeVisible();
  await expect.poll(() => location.hash).toContain('optimizer.lr=0.002');
  expect(stepShown()).toBe(kept);
  await trainUntil(() => stepShown() >= kept + 4);
  const { trace } = lab.getState().runs[0];
  expect([trace.length, trace.lastStep]).toEqual([stepShown(), stepShown()]);
});

test('says healthy of a healthy run, with what it looked at', async () => {
  open(SMALL.replace('preset=grpo', 'preset=mcpo-grpo'));
  await badge().click();
  await expect.element(dialog().getByText('It speaks after 5 steps', { exact: false })).toBeVisible();
  await trainUntil(() => doctor.getState().step >= 8);
  await expect.element(badge()).toHaveTextContent('Healthy');
  await expect.element(dialog().getByText('None of what such trainings die of is in sight.', { exact: false })).toBeVisible();
  expect(document.querySelectorAll('.checked li').length).toBeGreaterThanOrEqual(8);
  await expect.element(button('Embeddings point in different directions')).toBeVisible();
  expect(await faults('.doctor')).toEqual([]);
  await page.viewport(390, 844);
  await button('Close').click();
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});
