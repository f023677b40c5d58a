import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import { setOption } from '../../src/store/look';
import type { Frame } from '../../src/store/state';
import { button, close, faults, open, trainUntil, WAIT } from './onPage';

/** The geometry view on a small run on the CPU, by clicks and keys. */

const SMALL = '#preset=tiny&preset=mcpo-grpo&view=geometry&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1';

const canvas = () => document.querySelectorAll<HTMLCanvasElement>('.geo-map canvas')[1];
const words = () => document.querySelector('.geo-map p')?.textContent ?? '';
const newest = () => lab.getState().film.frames.at(-1) as Frame;
const counted = (f: Frame, correct: boolean) => [...f.reward].filter((r, i) => r > 0.5 === correct && f.length?.[i] !== 0).length;

const train = (frames: number) => trainUntil(() => lab.getState().film.frames.length >= frames);

/** Places of coloured pixels, CSS pixels, far enough from each other to be different points. */
function inked(): { x: number; y: number }[] {
  const { width, height, clientWidth } = canvas();
  const ratio = width / clientWidth;
  const { data } = (canvas().getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, width, height);
  const found: { x: number; y: number }[] = [];
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const at = 4 * (y * width + x);
      const rgb = data.subarray(at, at + 3);
      if (data[at + 3] < 200 || Math.max(...rgb) - Math.min(...rgb) < 60) continue;
      if (found.every((f) => Math.hypot(f.x - x / ratio, f.y - y / ratio) > 14)) found.push({ x: x / ratio, y: y / ratio });
    }
  return found;
}

/** Moves over the map's points until one of them is as wanted, and presses it. */
async function press(wanted: (row: number) => boolean): Promise<number> {
  for (const at of inked()) {
    // The position is changed by who takes it.
    await userEvent.hover(canvas(), { position: { ...at } });
    const { rollout } = lab.getState().highlight;
    if (rollout === undefined || !wanted(rollout)) continue;
    await userEvent.click(canvas(), { position: { ...at } });
    return rollout;
  }
  throw new Error('no such point on the canvas');
}

const heading = (text: string) => page.getByRole('heading', { name: text, exact: true });
const lossNow = () => document.querySelectorAll('.geo-change tbody tr')[0]?.children;

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('a pool in the map: pressed rollouts show what pulls and pushes them, and what leaving one out changes', async () => {
  open(SMALL);
  await expect.element(page.getByText('Press Play, or the space bar')).toBeVisible();
  await train(4);
  await expect.poll(words, WAIT).toContain(`PCA map in 2 dimensions of 40 training rollouts at step ${newest().step}`);
  await expect.poll(() => inked().length, WAIT).toBeGreaterThan(5);
  await expect.poll(() => document.querySelector('.geo-quality dd')?.textContent).toMatch(/^[01]\.\d\d/);
  await expect.poll(() => page.getByRole('img', { name: /^Distance of the domains: / }).elements().length, WAIT).toBe(1);
  expect(await faults('#view')).toEqual([]);

  // A correct rollout is an anchor: all other correct ones are its positives, all wrong ones its negatives.
  setOption('geometry.means', 'off');
  const frame = newest();
  const anchor = await press((row) => frame.reward[row] > 0.5);
  expect(lab.getState().selected).toBe(anchor);
  expect(document.querySelector('.geo-read')?.textContent).toContain('correct');
  const [right, wrong] = [counted(frame, true), counted(frame, false)];
  await expect.element(heading(`${right - 1} positives`), WAIT).toBeVisible();
  await expect.element(heading(`${wrong} negatives`)).toBeVisible();
  await button(`All ${wrong}`).click();
  expect(document.querySelectorAll('[aria-label=Negatives] tbody tr')).toHaveLength(wrong);
  expect(document.querySelectorAll('[aria-label="Nearest in the embedding"] tbody tr')).toHaveLength(10);

  // A row is pointed at in the picture too; a press selects it.
  await userEvent.hover(document.querySelectorAll('[aria-label=Positives] tbody tr')[1]);
  expect(frame.reward[lab.getState().highlight.rollout as number]).toBe(1);

  await button('Leave this positive out').first().click();
  await expect.poll(() => lossNow()?.length, WAIT).toBe(4);
  const [, before, after] = [...(lossNow() ?? [])].map((cell) => Number(cell.textContent));
  expect(before).toBeGreaterThan(0);
  expect(after).not.toBe(before);
  expect(document.querySelectorAll('.geo-others li').length).toBeGreaterThan(0);
  const pair = document.querySelector('.geo-change')?.textContent;
  await page.getByText('Rollout', { exact: true }).first().click();
  await expect.poll(() => document.querySelector('.geo-change')?.textContent, WAIT).not.toBe(pair);
  expect(await faults('#view')).toEqual([]);
  await button('Undo').click();
  await expect.poll(() => document.querySelector('.geo-change')).toBe(null);

  // By keys to a wrong rollout: every anchor pushes it.
  canvas().focus();
  const text = () => canvas().getAttribute('aria-valuetext') ?? '';
  for (let i = 0; i < 40 && !text().includes('wrong:'); i++) await userEvent.keyboard('n');
  await userEvent.keyboard('{Enter}');
  expect(frame.reward[lab.getState().selected as number]).toBe(0);
  await expect.element(heading(`${right} anchors that push it`), WAIT).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(lab.getState().selected).toBe(null);

  // What is selected stays when training goes on.
  await userEvent.keyboard('n{Enter}');
  const { selected } = lab.getState();
  await train(lab.getState().film.frames.length + 1);
  expect(lab.getState()).toMatchObject({ selected, at: frame.step });
  expect(words()).toContain(`at step ${frame.step}:`);
});

test('methods, dimensions, the film and its player, domains left out, held-out rollouts', async () => {
  open(SMALL);
  await train(4);
  await expect.poll(words, WAIT).toContain('PCA map in 2 dimensions');
  await page.getByText('t-SNE', { exact: true }).click();
  await expect.poll(words, WAIT).toContain('t-SNE map in 2 dimensions');
  await expect.element(page.getByText('mean nothing', { exact: false })).toBeVisible();
  await page.getByText('3-D', { exact: true }).click();
  await expect.poll(words, WAIT).toContain('t-SNE map in 3 dimensions');
  await expect.poll(() => location.hash).toContain('geometry.method=tsne&geometry.dimensions=3');
  await page.getByText('PCA', { exact: true }).click();
  await expect.poll(words, WAIT).toContain('PCA map in 3 dimensions');
  await expect.poll(() => inked().length).toBeGreaterThan(5);

  // The film, by keys and by its player.
  const steps = lab.getState().film.frames.map((f) => f.step);
  const slider = page.getByRole('slider', { name: 'Step of the film' });
  slider.element().focus();
  await userEvent.keyboard('{Home}');
  expect(lab.getState().at).toBe(steps[0]);
  await expect.poll(words, WAIT).toContain(`at step ${steps[0]}:`);
  await button('Play the film').click();
  await expect.poll(() => lab.getState().at, WAIT).toBe(steps[1]);
  await expect.poll(() => lab.getState().at, WAIT).toBe(null);
  await expect.poll(words, WAIT).toContain(`at step ${steps.at(-1)}:`);

  const drawn = inked().length;
  await button('Math').click();
  expect(lab.getState().muted).toEqual(['math']);
  await expect.poll(() => inked().length).toBeLessThan(drawn);
  await button('Math').click();

  await page.getByText('Held-out', { exact: true }).click();
  await expect.poll(words, WAIT).toContain('held-out rollouts');
  await expect.poll(() => inked().length, WAIT).toBeGreaterThan(5);
  canvas().focus();
  await userEvent.keyboard('nn{Enter}');
  expect(lab.getState().selected).toBe(1);
  await expect.element(page.getByText('No loss acts on held-out rollouts', { exact: false })).toBeVisible();
  await expect.poll(() => document.querySelectorAll('[aria-label="Nearest in the embedding"] tbody tr').length, WAIT).toBe(10);
  expect(await faults('#view')).toEqual([]);

  // Held-out rows are the same prompts at every step: the selection holds along their film.
  const first = lab.getState().step;
  await button('Step').click();
  await expect.poll(words, WAIT).toContain(`at step ${first + 1}:`);
  slider.element().focus();
  await userEvent.keyboard('{Home}');
  await expect.poll(words, WAIT).toContain(`at step ${first}:`);
  expect(lab.getState()).toMatchObject({ selected: 1, at: first });
  await page.viewport(390, 844);
  await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});

test('without an embedding held-out rollouts stand in; too many rollouts for t-SNE are told by name; a large file is drawn', async () => {
  open(SMALL.replace('mcpo-grpo', 'grpo'));
  await expect.element(page.getByText('GRPO trains no embedding', { exact: false }), WAIT).toBeVisible();
  await expect.poll(words, WAIT).toContain('held-out rollouts at step 0');
  expect(page.getByRole('radio', { name: 'Training' }).element()).toBeDisabled();

  const n = 10_050;
  const file: Frame = {
    source: 'file',
    run: 0,
    step: 0,
    n,
    domains: ['law', 'poetry'],
    columns: ['law', 'poetry'],
    domain: Uint32Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1)),
    column: Uint32Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1)),
    prompt: Uint32Array.from({ length: n }, (_, i) => Math.floor(i / 5)),
    reward: Float32Array.from({ length: n }, (_, i) => i % 2),
    advantage: null,
    score: null,
    vectors: Float32Array.from({ length: 4 * n }, (_, k) => Math.sin(k * 1.7) + (k % 4 === 0 && k < 2 * n ? 2 : 0)),
    width: 4,
    promptText: Array.from({ length: n / 5 }, (_, p) => `prompt ${p}`),
    reason: Array.from({ length: n }, () => ''),
    response: null,
    length: null,
    responseLength: 0,
    tokens: null,
  };
  lab.setState({ file });
  setOption('geometry.source', 'file');
  await expect.poll(words, WAIT).toContain('10,050 the file’s rollouts: law 5025');
  await expect.poll(() => inked().length, WAIT).toBeGreaterThan(5);
  await page.getByText('t-SNE', { exact: true }).click();
  await expect.element(page.getByRole('alert'), WAIT).toHaveTextContent('number of rows for t-SNE: 10050 (0 to 2000');
  await expect.element(button('Draw 2,000 of them')).toBeVisible();
  await button('Draw PCA').click();
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  await expect.poll(() => inked().length, WAIT).toBeGreaterThan(5);
  canvas().focus();
  await userEvent.keyboard('n{Enter}');
  await expect.element(page.getByText('2048 for pairs', { exact: false }), WAIT).toBeVisible();
  expect(await faults('#view')).toEqual([]);
});
