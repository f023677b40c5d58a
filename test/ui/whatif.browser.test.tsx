import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import { library } from '../../src/store/library';
import { focused } from '../../src/store/state';
import { isCurrent, whatIf } from '../../src/store/whatif';
import { button, close, faults, open, WAIT } from './onPage';

/** The counterfactual step as a person uses it: freeze, change, look, take. */

const SMALL =
  '#preset=tiny&preset=mcpo-grpo&view=whatif&contrast.warmup=0&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1';

const spin = (name: string) =>
  page.getByRole('region', { name: 'What if', exact: true }).getByRole('spinbutton', { name, exact: true });
/** The answer of what is on the page now is here. */
const answered = () => expect.poll(() => isCurrent(whatIf.getState().frozen) && !whatIf.getState().busy, WAIT).toBe(true);
/** A row of the table of effects, cell by cell. */
const cells = (label: string): string[] => {
  const row = [...document.querySelectorAll('.effect tbody tr')].find((r) =>
    r.querySelector('th')?.textContent?.startsWith(label),
  );
  return [...(row?.querySelectorAll('td') ?? [])].map((td) => td.textContent ?? '');
};

beforeEach(() => page.viewport(1440, 900));
afterEach(close);

test('the next step without λ: tried by keys, shown, and taken bit for bit as shown', async () => {
  open(SMALL);
  await expect.element(page.getByText('Step 1 is frozen'), WAIT).toBeVisible();
  for (const step of [2, 3]) {
    await userEvent.keyboard('.');
    await expect.element(page.getByText(`Step ${step} is frozen`), WAIT).toBeVisible();
  }
  await answered();
  await expect.element(page.getByText('A is the run itself')).toBeVisible();
  expect(Number(cells('λ × contrastive loss')[0])).toBeGreaterThan(0);

  await spin('Contrastive weight').click();
  await userEvent.keyboard('{Control>}a{/Control}9000{Enter}');
  await expect.element(page.getByText('invalid contrast.lambda: 9000 (0 to 100)')).toBeVisible();
  await userEvent.keyboard('{Control>}a{/Control}0{Enter}');
  await expect.element(page.getByText('A differs: λ 0 (0.1)')).toBeVisible();
  await answered();
  await expect.poll(() => location.hash).toContain('whatif=contrast.lambda:0');

  // The term is gone, the head no longer learns, the gradients turn, and every logit has its change.
  const [before, , run, , without] = cells('λ × contrastive loss');
  expect([Number(before) > 0, Number(run) > 0, without]).toEqual([true, true, '0.0000 → 0.0000']);
  await expect.poll(() => document.querySelectorAll('.gradients tbody tr').length).toBe(7);
  const together = document.querySelector('.gradients .sums td.right')?.textContent ?? '';
  const cosine = whatIf.getState().frozen?.result.variants[0].gradient.cosine as number;
  expect(cosine).toBeLessThan(0.999);
  expect(together).toContain(cosine.toFixed(4));
  const matrix = page.getByRole('slider', { name: 'Change of every logit, A, 40 responses' });
  await expect.element(matrix, WAIT).toBeVisible();
  (matrix.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  await expect.element(page.getByText(/ × .*S .* → .*\(/)).toBeVisible();
  expect(document.querySelectorAll('.logit-changes .strips tbody tr').length).toBeGreaterThanOrEqual(4);
  expect(await faults('.what-if')).toEqual([]);

  const shown = whatIf.getState().frozen?.result.variants[0].step.metrics;
  await button('as A').click();
  await expect.element(page.getByText('As predicted.'), WAIT).toBeVisible();
  await expect
    .poll(() => document.querySelector('.taken')?.textContent, WAIT)
    .toMatch(/Step 3 was A’s: all \d\d numbers and all [\d,]+ parameters came out bit for bit as shown/);
  const { trace } = focused(lab.getState());
  expect([trace.lastStep, trace.length, lab.getState().config.contrast.lambda]).toEqual([3, 3, 0]);
  for (const name of ['loss/policy', 'gradient/norm', 'policy/entropy', 'reward/mean']) {
    expect(Number.isFinite(trace.last(name))).toBe(true);
    expect(trace.last(name)).toBe(shown?.[name]);
  }
  // It is kept as a branch of the run that it came from, with its past.
  const kept = () => library.getState().records?.find((r) => r.id === library.getState().onPage[0]);
  await expect.poll(() => kept()?.step, WAIT).toBe(3);
  expect(kept()).toMatchObject({ parent: { step: 2 }, config: { contrast: { lambda: 0 } } });
  expect(kept()?.name).toMatch(/, from step 2 as A$/);
  // The run goes on without an embedding, and says so.
  await expect.element(page.getByText('Step 4 is frozen'), WAIT).toBeVisible();
  await expect.element(page.getByText('This step trains no embedding')).toBeVisible();
});

test('questions, a second variant and half a group; the run trains on and is paused for the next batch', async () => {
  open(`${SMALL}&whatif=method:mgs`);
  await answered();
  await expect.element(page.getByText(/^A differs: .*λ 0 \(0.1\).*Gradient surgery Per tensor \(Off\)/)).toBeVisible();
  await button('Compare with a second variant').click();
  await button('What if G were halved?').click();
  await expect.element(page.getByText('B differs: G 2 (4)')).toBeVisible();
  await answered();
  await expect.element(page.getByText('Trains on the first 2 of each prompt’s 4 responses.')).toBeVisible();
  await expect.element(page.getByText('B’s real step draws its own batch (G)')).toBeVisible();
  await expect.element(page.getByText(/20 responses left out/)).toBeVisible();
  await expect.element(page.getByRole('radio', { name: 'B − run' })).toBeInTheDocument();
  expect(await faults('.what-if')).toEqual([]);
  await button('Reset G to 4').click();
  await expect.element(page.getByText('B is the run itself')).toBeVisible();

  await button('Play').click();
  await button('Pause and freeze the next batch').click();
  await answered();
  const step = lab.getState().step;
  expect(step).toBeGreaterThan(0);
  await button('as the run').click();
  await expect.element(page.getByText('As predicted.'), WAIT).toBeVisible();
  expect(lab.getState().step).toBe(step + 1);
});
