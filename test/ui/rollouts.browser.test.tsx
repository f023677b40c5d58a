import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import { setOption } from '../../src/store/look';
import type { Frame } from '../../src/store/state';
import { button, close, faults, open, pause, WAIT } from './onPage';

/** The rollout inspector on a small run on the CPU, by clicks and keys. */

const SMALL =
  '#preset=tiny&preset=grpo&view=rollouts&rollout.prompts=20&rollout.group=4&rollout.miniBatches=2&optimizer.lr=0.004&optimizer.warmup=0&eval.prompts=4&eval.samples=1';

const option = (i: number) => document.querySelectorAll<HTMLElement>('[role=option]')[i];
const chosen = () => document.querySelector('[role=option][aria-selected=true]')?.textContent;
const checks = () => [...document.querySelectorAll('.check-line')].map((p) => p.textContent);

async function train(steps: number): Promise<void> {
  await button('Play').click();
  await expect.poll(() => lab.getState().film.frames.length, WAIT).toBeGreaterThanOrEqual(steps);
}

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('inspects a run: prompts by key, tokens by click, formulas that equal the engine, steps back in time', async () => {
  open(SMALL);
  await expect.element(page.getByText('Press Play, or the space bar')).toBeVisible();
  await train(3);
  await pause();

  // Ten prompts of the last mini-batch; the arrow keys walk along them.
  expect(document.querySelectorAll('[role=option]')).toHaveLength(10);
  option(0).click();
  await expect.poll(() => lab.getState().selected).toBe(0);
  page.getByRole('listbox', { name: 'Prompts' }).element().focus();
  await userEvent.keyboard('{ArrowDown}');
  expect(lab.getState().selected).toBe(4);
  await expect.poll(chosen).toBe(option(1).textContent);
  expect(document.querySelectorAll('.response-row')).toHaveLength(4);
  await userEvent.keyboard('j');
  expect(lab.getState().selected).toBe(5);
  await userEvent.keyboard('kk');
  expect(lab.getState().selected).toBe(3);

  // Mixed groups teach: here advantages are not 0, and each number is found again.
  await page.getByRole('checkbox', { name: 'Mixed only' }).click();
  option(0).click();
  await expect.poll(checks).toHaveLength(2);
  const frame = lab.getState().film.frames.at(-1) as Frame;
  const row = lab.getState().selected as number;
  expect(Math.abs(frame.advantage?.[row] ?? 0)).toBeGreaterThan(0.1);
  await userEvent.click(document.querySelector(`[data-row="${row}"][data-t="1"]`) as HTMLElement);
  await expect.element(page.getByText('Token 2 of response 1')).toBeVisible();
  await expect.element(page.getByRole('heading', { name: 'Objective of token 2' })).toBeVisible();
  expect(checks().every((text) => text?.includes('equal within 10⁻⁵'))).toBe(true);

  // From a token on, the arrow keys move between tokens and rollouts; the read-out follows.
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByText('Token 3 of response 1')).toBeVisible();
  await expect.poll(() => (document.activeElement as HTMLElement).dataset.t).toBe('2');
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(() => lab.getState().selected).toBe(row + 1);
  const ratio = frame.tokens?.ratio[(row + 1) * frame.responseLength + 2] ?? 0;
  await expect.poll(() => document.querySelector('.read-out > :nth-child(5) dd')?.textContent).toBe(ratio.toFixed(4));

  // KaTeX has come, with MathML and with its fonts.
  await expect.poll(() => document.querySelectorAll('.one-rollout .katex math').length, WAIT).toBeGreaterThanOrEqual(4);
  await document.fonts.ready;
  expect([...document.fonts].some((f) => f.family.includes('KaTeX') && f.status === 'loaded')).toBe(true);
  expect([...document.fonts].some((f) => f.family.includes('KaTeX') && f.status === 'error')).toBe(false);

  // What is pointed at is lit everywhere.
  await userEvent.hover(document.querySelectorAll('.response-row')[3]);
  expect(lab.getState().highlight.rollout).toBe(row - (row % 4) + 3);

  await page.getByText('Ratio', { exact: true }).first().click();
  await expect.poll(() => location.hash).toContain('rollouts.shade=ratio');
  await page.getByRole('checkbox', { name: 'Numbers' }).click();
  expect(document.querySelectorAll('.chip small').length).toBeGreaterThan(8);
  expect(await faults('#view')).toEqual([]);

  // Back in time and forth again.
  const steps = lab.getState().film.frames.map((f) => f.step);
  const slider = page.getByRole('slider', { name: 'Step shown' });
  slider.element().focus();
  await userEvent.keyboard('{Home}');
  expect(lab.getState().at).toBe(steps[0]);
  await userEvent.keyboard('{ArrowRight}');
  expect(lab.getState().at).toBe(steps[1]);
  await expect.element(slider).toHaveAttribute('aria-valuetext', `step ${steps[1]}, kept frame 2 of ${steps.length}`);
  await button('Follow newest').click();
  expect(lab.getState().at).toBeNull();

  await page.getByRole('searchbox', { name: 'Search the prompts' }).fill('nothing like this');
  await expect.element(page.getByText('No prompt fits.')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search the prompts' }).fill('');
  option(0).click();
  const kept = lab.getState().selected;
  await button('Show in geometry').click();
  expect([lab.getState().view, lab.getState().selected]).toEqual(['geometry', kept]);
});

test('a rollout picked while training stays; held-out and file rollouts say what they lack', async () => {
  open(SMALL);
  await train(2);
  option(2).click();
  const { at, selected } = lab.getState();
  expect(selected).toBe(8);
  expect(lab.getState().film.frames.map((f) => f.step)).toContain(at);
  const label = option(2).textContent;
  await expect.poll(chosen).toBe(label);
  const before = lab.getState().film.frames.length;
  await expect.poll(() => lab.getState().film.frames.length, WAIT).toBeGreaterThan(before + 1);
  expect([lab.getState().at, chosen()]).toEqual([at, label]);
  await pause();

  await page.getByText('Held-out', { exact: true }).click();
  await expect.element(page.getByText('Held-out responses are not trained on', { exact: false }), WAIT).toBeVisible();
  expect(document.querySelectorAll('.response-row .chip').length).toBeGreaterThan(8);
  expect(document.querySelector('.response-row .reason')?.textContent).not.toBe('');

  const file = {
    ...(lab.getState().film.frames[0] as Frame),
    source: 'file',
    tokens: null,
    advantage: null,
    score: null,
  } as Frame;
  lab.setState({ file: { ...file, response: null, length: null, responseLength: 0, reason: file.reason.map(() => '') } });
  setOption('geometry.source', 'file');
  await expect.element(page.getByText('A pool file holds no responses', { exact: false })).toBeVisible();
  expect(await faults('#view')).toEqual([]);
  await page.viewport(390, 844);
  await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});
