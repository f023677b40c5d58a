import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { overPairs, overRuns } from '../../src/charts/intervals';
import { lab } from '../../src/store/lab';
import { button, close, faults, open, pause, said, stepShown, WAIT } from './onPage';

/** Races on the page, with the engine in a worker on the CPU. */

const SMALL = '#preset=tiny&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1';

const texts = (selector: string) => [...document.querySelectorAll(selector)].map((e) => e.textContent?.trim() ?? '');

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('from the page as it opens to a live race of GRPO and MCPO-GRPO in two clicks', async () => {
  open('');
  await button('Race GRPO and MCPO-GRPO').click();
  await button('Play').click();

  await expect.poll(stepShown, WAIT).toBeGreaterThanOrEqual(1);
  const seen = stepShown();
  await expect.poll(stepShown, WAIT).toBeGreaterThan(seen);
  await expect.poll(() => lab.getState().runs.every((r) => r.trace.length >= 2), WAIT).toBe(true);
  expect(lab.getState().status).toBe('training');
  expect(lab.getState().presets).toContain('classroom');
  expect(texts('.lane b')).toEqual(['GRPO', 'MCPO-GRPO']);
  expect(texts('.lane .differs')).toEqual(['λ 0', 'λ 0.1']);
  expect(said('Reward of each lane')).toMatch(/GRPO 0\.\d\d, MCPO-GRPO 0\.\d\d$/);
  expect(said('Logit margin of each lane')).toMatch(/: MCPO-GRPO −?\d/);
  await expect.element(page.getByText('No embedding across domains:')).toBeVisible();
  await expect.poll(() => location.hash).toContain('race=grpo,mcpo-grpo');
});

test('a race over seeds: bands with their number, tables by lane with paired differences, what differs, a picture for each domain', async () => {
  open(`${SMALL}&race=grpo,mcpo-grpo,mgs&seeds=2&contrast.warmup=0&optimizer.lr=0.01`);
  await button('Start the race').click();
  await expect.poll(stepShown, WAIT).toBeGreaterThanOrEqual(4);
  await pause();
  await button('Evaluate').click();
  const { step } = lab.getState();
  await expect.poll(() => lab.getState().runs.every((r) => r.evaluations.at(-1)?.step === step), WAIT).toBe(true);
  await expect.element(page.getByText('n = 2, 95 % band').first()).toBeVisible();

  // The tables hold what the runs measured.
  const { runs } = lab.getState();
  const rewards = [0, 1, 2].map((lane) =>
    overRuns(runs.filter((r) => r.lane === lane).map((r) => r.trace.last('reward/mean') as number)),
  );
  expect(texts('.numbers tbody td:nth-child(2)')).toEqual(
    rewards.map(({ mean, halfWidth }) => `${mean?.toFixed(3)} ±${halfWidth?.toFixed(3)}`),
  );
  const averages = [0, 1, 2].map((lane) =>
    runs.filter((r) => r.lane === lane).map((r) => r.evaluations.at(-1)?.result.average as number),
  );
  const shown = (k: number) => {
    const { mean, halfWidth } = overPairs(averages[k], averages[0]);
    const points = 100 * (mean as number);
    const sign = Number(Math.abs(points).toFixed(1)) === 0 ? '' : points < 0 ? '−' : '+';
    return `${sign}${Math.abs(points).toFixed(1)} ± ${(100 * (halfWidth as number)).toFixed(1)}`;
  };
  expect(texts('.held-out tfoot .against').slice(1)).toEqual([shown(1), shown(2)]);
  expect(document.querySelector('.held-out .caption')?.textContent).toContain(`After step ${step}, mean of n = 2 seeds.`);

  // What differs; the focus follows a lane by pointer and by keyboard, and keeps the seed.
  await expect.element(page.getByText('is what the others are compared with')).toBeVisible();
  await page.getByRole('combobox', { name: /^Seed/ }).last().selectOptions('1');
  expect(lab.getState().focus).toBe(1);
  (document.querySelector('.lane input') as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(lab.getState().focus).toBe(3);
  expect(lab.getState().highlight.lane).toBe(1);
  await expect.element(page.getByText('Contrastive weight λ 0.1, not 0')).toBeVisible();
  expect(document.querySelectorAll('.numbers tr.lit')).toHaveLength(1);

  // A picture for each domain that is not left out.
  await page.getByText('Each domain', { exact: true }).click();
  await expect.poll(() => location.hash).toContain('curves.split=domains');
  await button('Code').click();
  expect(texts('.multiples figcaption')).toEqual(['Math', 'Science', 'ToolUse', 'Safety']);
  expect(said('Reward of each lane: Math')).toMatch(/^step \d+: GRPO .*, MCPO-GRPO .*, MGS /);
  expect(await faults()).toEqual([]);
});

test('the race panel says why a race cannot be', async () => {
  open(SMALL);
  await expect.poll(() => lab.getState().fleet !== null, WAIT).toBe(true);
  await page.getByText('Another race').click();
  const values = page.getByRole('textbox', { name: /^Values of/ });
  await values.fill('0.1, 9000');
  await expect.element(page.getByText(/invalid contrast\.lambda: 9000 \(0 to \d+\)/)).toBeVisible();
  await expect.element(button('Race these values')).toBeDisabled();
  await values.fill('0.1, 0.5');
  await button('Race these values').click();
  expect(texts('.lane b')).toEqual(['λ 0.1', 'λ 0.5']);

  // Eight lanes at most; with eight lanes at most four seeds.
  const methods = () => [...document.querySelectorAll<HTMLInputElement>('.checks input')];
  for (let i = 0; methods().filter((m) => m.checked).length < 8; i++) if (!methods()[i].checked) methods()[i].click();
  await expect.poll(() => methods().filter((m) => m.disabled).length).toBe(methods().length - 8);
  await expect.element(page.getByText(/cannot join: a race has at most 8 lanes/)).toBeVisible();
  await button('Race 8 methods').click();
  await expect.poll(() => lab.getState().lanes.length).toBe(8);
  const seeds = page.getByRole('combobox', { name: 'Seeds of each lane' }).element() as HTMLSelectElement;
  expect([...seeds.options].map((o) => o.disabled)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => n > 4));
  await button('End the race').click();
  expect(lab.getState().lanes).toHaveLength(1);
});
