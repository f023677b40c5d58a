import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import type { Frame } from '../../src/store/state';
import { button, chart, close, faults, open, pause as pauseTraining, ready, said, WAIT } from './onPage';

/** The logits view on a small run on the CPU, by clicks and keys. */

const SIZE = 'preset=tiny&rollout.prompts=10&rollout.group=4&rollout.miniBatches=1&eval.prompts=4&eval.samples=1';

const matrix = () => chart(/^Similarity of all pairs/);

/** Pixels of a colour, about: the blue of positives across domains, or the orange of negatives. */
function inked(label: string | RegExp, kind: 'blue' | 'orange'): number {
  const canvas = chart(label).element() as HTMLCanvasElement;
  const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    const by = data[i + 2] - data[i];
    if (data[i + 3] > 20 && (kind === 'blue' ? by > 40 : by < -40)) found++;
  }
  return found;
}

async function pause(): Promise<void> {
  await pauseTraining();
  // The last step's rollouts come with the pause.
  await expect.poll(() => lab.getState().film.frames.at(-1)?.step, WAIT).toBe(lab.getState().step);
}

/** Cosine of two rows of a frame. */
function cosine({ vectors, width }: Frame, a: number, b: number): number {
  const [u, v] = [a, b].map((i) => Array.from((vectors as Float32Array).subarray(i * width, (i + 1) * width)));
  return u.reduce((s, x, c) => s + x * v[c], 0) / (Math.hypot(...u) * Math.hypot(...v));
}

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('spreads over training, histograms of a step, and the matrix with its cells', async () => {
  open(`#${SIZE}&preset=mcpo-grpo&steps=2000`);
  await ready();
  await page.getByRole('tab', { name: 'Logits' }).click();
  await expect.element(page.getByText('with the first step there are rollouts to compare', { exact: false })).toBeVisible();
  await button('Play').click();
  await expect.poll(() => lab.getState().film.frames.length, WAIT).toBeGreaterThanOrEqual(8);

  // While it trains the matrix is made when asked for; the step is said.
  await page.getByRole('button', { name: 'Compute the 40 × 40 matrix' }).click();
  await expect.element(matrix(), WAIT).toBeVisible();
  await pause();
  const frame = lab.getState().film.frames.at(-1) as Frame;
  await expect.element(chart(`Similarity of all pairs of 40 rollouts, step ${frame.step}`), WAIT).toBeVisible();

  // Bands of the kept steps behind the curves of every step: ink where the mean curves alone would leave none.
  await expect.poll(() => inked('Logits of all pairs over time', 'orange')).toBeGreaterThan(500);
  expect(inked('Logits of all pairs over time', 'blue')).toBeGreaterThan(500);
  const { trace } = lab.getState().runs[0];
  await page.getByRole('combobox', { name: 'Smoothing' }).selectOptions('0');
  const last = (name: string) => trace.last(name) as number;
  const margin = (last('logit/crossPositive') - last('logit/negative')).toFixed(2).replace('-', '−');
  await expect.poll(() => said('Margin')).toBe(`step ${trace.lastStep}: Margin ${margin}`);

  // A cell chosen by the keyboard reads out what the frame holds.
  matrix().element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{Shift>}{ArrowDown}{ArrowDown}{/Shift}{Enter}');
  const anchor = lab.getState().selected as number;
  expect(lab.getState().highlight.rollout).toBe(anchor);
  const numbers = () => [...document.querySelectorAll('.pair dd')].map((d) => Number(d.textContent?.replace('−', '-')));
  // Places: third column of the first prompt, first row of the third.
  const sorted = (prompt: number) => {
    const rows = Array.from({ length: 4 }, (_, j) => 4 * prompt + j);
    return [...rows.filter((i) => frame.reward[i] > 0.5), ...rows.filter((i) => frame.reward[i] < 0.5)];
  };
  expect(anchor).toBe(sorted(2)[0]);
  const expected = cosine(frame, sorted(2)[0], sorted(0)[2]);
  expect(numbers()[0]).toBeCloseTo(expected, 3);
  expect(numbers()[1]).toBeCloseTo(10 * expected, 2);
  expect(said(/^Similarity/)).toContain(`cosine ${expected.toFixed(3).replace('-', '−')}`);

  // Zoom by keys: a cell grows, 0 shows all again.
  const before = inked(/^Similarity/, 'blue') + inked(/^Similarity/, 'orange');
  await expect.element(button('All of the matrix')).toBeDisabled();
  await userEvent.keyboard('+++');
  await expect.element(button('All of the matrix')).toBeEnabled();
  await userEvent.keyboard('0');
  await expect.element(button('All of the matrix')).toBeDisabled();
  expect(Math.abs(inked(/^Similarity/, 'blue') + inked(/^Similarity/, 'orange') - before)).toBeLessThan(50);

  // A rectangle is zoomed into; the pointer reads cells.
  await userEvent.dragAndDrop(matrix(), matrix(), { sourcePosition: { x: 80, y: 80 }, targetPosition: { x: 200, y: 190 } });
  await expect.element(button('All of the matrix')).toBeEnabled();
  await button('All of the matrix').click();
  await button('Hardest negative').click();
  await expect.element(page.getByText('Share of the push')).toBeVisible();

  // At one step: the means of the histogram are those of the pairs of the frame.
  await page.getByText('At one step').click();
  await expect.element(chart(`Logits at one step, step ${frame.step}`), WAIT).toBeVisible();
  expect(inked(/^Logits at one step/, 'orange')).toBeGreaterThan(200);
  let [sum, count] = [0, 0];
  for (let i = 0; i < frame.n; i++)
    for (let k = 0; k < frame.n; k++)
      if (frame.reward[i] > 0.5 && frame.reward[k] < 0.5) [sum, count] = [sum + 10 * cosine(frame, i, k), count + 1];
  expect(said(/^Logits at one step/)).toContain(`Negative mean ${(sum / count).toFixed(2).replace('-', '−')}`);
  chart(/^Logits at one step/)
    .element()
    .focus();
  await userEvent.keyboard('{End}');
  expect(said(/^Logits at one step/)).toMatch(/ to 10\.00: .*Within domain \d/);
  expect(await faults('#view')).toEqual([]);

  await page.getByText('Mean logits by pair of domains').click();
  expect(await faults('#view')).toEqual([]);
  await page.viewport(390, 844);
  await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
  await button('Inspect in geometry').click();
  expect(lab.getState().view).toBe('geometry');
});

test('methods without an embedding say so and lead to a race, whose untrained lane is named', async () => {
  open(`#${SIZE}&preset=grpo&view=logits`);
  await expect.element(page.getByRole('heading', { name: 'GRPO trains no embedding' }), WAIT).toBeVisible();
  expect(await faults('#view')).toEqual([]);
  await button('Race GRPO and MCPO-GRPO').click();
  await expect.element(page.getByText('λ is 0: nothing trains the projection head', { exact: false })).toBeVisible();
  await button('Play').click();
  await expect.poll(() => lab.getState().film.frames.length, WAIT).toBeGreaterThanOrEqual(1);
  await pause();
  await expect.poll(() => said('Margin'), WAIT).toMatch(/^step \d+: GRPO −?\d\.\d\d, MCPO-GRPO −?\d\.\d\d$/);
  await button('Look at MCPO-GRPO').click();
  expect(lab.getState().focus).toBe(1);
  expect(await faults('#view')).toEqual([]);

  await expect.poll(() => lab.getState().film.frames.length, WAIT).toBeGreaterThanOrEqual(1);
  // A pool file is looked at in the same way.
  const pool = lab.getState().film.frames.at(-1) as Frame;
  lab.setState({
    file: { ...pool, source: 'file', step: 0, advantage: null, score: null, response: null, length: null, tokens: null },
  });
  await page.getByText('File', { exact: true }).click();
  await expect.element(chart('Logits at one step, file'), WAIT).toBeVisible();
  await expect.element(chart('Similarity of all pairs of 40 rollouts, file'), WAIT).toBeVisible();
  await button('Farthest positive').click();
  await expect.element(page.getByText('positive across domains')).toBeVisible();
});
