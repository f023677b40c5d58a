import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { interference } from '../../src/store/interference';
import { lab } from '../../src/store/lab';
import { chart, close, faults, open, said, trainUntil, WAIT } from './onPage';

/** The interference view on small runs on the CPU, by clicks and keys; its numbers against the metrics and the shipped baseline. */

const SMALL = '#preset=tiny&view=interference&rollout.prompts=10&rollout.group=4&eval.prompts=2&eval.samples=1&eval.every=0';

const card = (i: number) => document.querySelectorAll('.cards figure')[i];
const cells = (row: Element) => [...row.querySelectorAll('td')].map((td) => td.textContent);
/** Two places, a true minus, and no sign where it rounds to nothing. */
const two = (v: number) => (Math.abs(v) < 0.005 ? '0.00' : v.toFixed(2).replace('-', '−'));

async function train(steps: number): Promise<void> {
  await trainUntil(() => lab.getState().step >= steps);
  await expect.poll(() => interference.getState().modules?.step, WAIT).toBe(lab.getState().step);
}

beforeEach(() => page.viewport(1440, 1600));
afterEach(close);

test('shows who gets on with whom, pair by pair, module by module, and against training alone', async () => {
  open(`${SMALL}&preset=mcpo-grpo&curves.smooth=0`);
  await expect.element(page.getByText('Press Play: with the first update', { exact: false })).toBeVisible();
  await train(6);
  const { trace } = lab.getState().runs[0];
  const last = trace.length - 1;
  const cosine = (a: number, b: number, at = last) => two(trace.raw(`cosine/${a}-${b}`)[at]);
  const matrix = 'Cosine of the domains’ gradients, Whole policy';
  const trends = 'Cosines of the domains’ gradients over training';
  await expect.poll(() => said(matrix)).toMatch(new RegExp(`^Math and Code .*: ${cosine(0, 1)}$`));

  // Arrow keys move the choice over the diagonal; the link and the large picture follow.
  (chart(matrix).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  await expect.poll(() => location.hash).toContain('interference.pair=1-2');
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(() => location.hash).toContain('interference.pair=2-3');
  await expect.poll(() => said(trends)).toMatch(new RegExp(`^Science and ToolUse .*: ${cosine(2, 3)}$`));
  await expect.poll(() => said('Cosine of the pair’s gradients')).toBe(`step ${trace.lastStep}: Cosine ${cosine(2, 3)}`);
  // A domain without a right response in the batch has no centroid.
  const distance = trace.raw('centroid/2-3')[last];
  const words = Number.isFinite(distance) ? `Distance ${two(distance)}` : 'no data';
  await expect.poll(() => said('Distance of the pair’s centroids')).toBe(`step ${trace.lastStep}: ${words}`);

  // A click on the first row's last cell chooses that pair; hovering it lights both domains in the other panels.
  const { width, height } = chart(trends).element().getBoundingClientRect();
  await chart(trends).click({ position: { x: width - 24, y: height * 0.16 } });
  await expect.poll(() => location.hash).toContain('interference.pair=0-4');
  expect(lab.getState().highlight).toMatchObject({ domain: 0, other: 4 });
  await expect.poll(() => [0, 1, 4].map((i) => card(i).className.trim())).toEqual(['lit', 'dim', 'lit']);
  // Back in time: every number is that step's.
  await page.getByRole('heading', { name: 'Conflicts by module' }).hover();
  (chart('Share of conflicting pairs').element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}{Enter}');
  expect(lab.getState().at).toBe(1);
  await expect.poll(() => said(matrix)).toMatch(new RegExp(`^Math and Safety .*: ${cosine(0, 4, 0)}$`));
  await userEvent.keyboard('{Escape}');

  // The conflicts over all tensors are what the kernels counted.
  const rows = [...document.querySelectorAll('.blocks tbody tr')];
  expect(rows.map((r) => r.querySelector('th')?.textContent)).toEqual([
    'Embedding',
    'Layer 1, attention',
    'Layer 1, MLP',
    'Output',
  ]);
  const counts = rows.map(
    (r) =>
      /(\d+) of (\d+)/
        .exec(cells(r)[2] ?? '')
        ?.slice(1)
        .map(Number) ?? [],
  );
  const [conflicts, pairs] = [0, 1].map((k) => counts.reduce((sum, c) => sum + c[k], 0));
  expect(conflicts / pairs).toBeCloseTo(trace.last('gradient/conflicts') as number, 5);
  await expect.element(page.getByText('This run adds the gradients as they are.', { exact: false })).toBeVisible();
  await page.getByRole('combobox', { name: 'Part of the policy' }).selectOptions('Attention');
  const block = interference.getState().modules;
  expect(block?.modules.filter((m) => m.block === 'layers.0.attention')).toHaveLength(2);
  await expect.poll(() => said('Cosine of the domains’ gradients, Attention')).toMatch(/^Math and Safety .*: [−01]/);

  // Training alone: the mean over the seeds in the file, at the same step, then where as many prompts were seen.
  const file = await (await fetch('/baselines/tiny.json')).json();
  const alone = (step: number) => {
    const own = file.domains.math.reward.map((r: number[]) => r[step - 1]);
    return own.reduce((a: number, b: number) => a + b, 0) / own.length;
  };
  const reward = () => cells(card(0).querySelectorAll('tbody tr')[0]);
  await page.getByText('Same steps', { exact: true }).click();
  await expect.poll(reward).toEqual([two(trace.raw('reward/math')[last]), two(alone(trace.lastStep))]);
  await page.getByText('Same prompts', { exact: true }).click();
  // Two of ten prompts here against twenty there: its first step is where this run has done ten.
  const there = Math.max(1, trace.lastStep / 10);
  const [before, after] = [alone(Math.floor(there)), alone(Math.ceil(there))];
  const between = before + (there - Math.floor(there)) * (after - before);
  await expect.poll(reward).toEqual([two(trace.raw('reward/math')[last]), two(between)]);
  expect(await faults('#view')).toEqual([]);

  await page.viewport(390, 844);
  await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
  await page.viewport(1440, 1600);
  await page.getByText('Classroom', { exact: true }).first().click();
  await expect.element(page.getByText('No single-domain baseline is shipped for the size', { exact: false }), WAIT).toBeVisible();
});

test('a race has a line for each lane, and surgery says what it does', async () => {
  open(`${SMALL}&preset=mcpo-grpo&race=grpo,mgs&focus=1&mute=code`);
  await train(2);
  await expect.poll(() => said('Cosine of the pair’s gradients')).toMatch(/^step \d+: GRPO [−01].*, MGS [−01]/);
  await expect.element(page.getByText('Gradient surgery is on:', { exact: false })).toBeVisible();
  expect(document.querySelectorAll('.cards figure')).toHaveLength(4);
  expect(interference.getState().modules?.run).toBe(1);
});
