import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import { library, theArchive } from '../../src/store/library';
import { beginAnew, openPage, putAway, row, rows, toast, train } from './keptRuns';
import { button, faults, ready, WAIT } from './onPage';

/** Kept runs, used as a person would use them: real clicks and keys, a real archive, the engine in its worker. */

beforeEach(beginAnew);
afterEach(putAway);

test('a run appears with its first step; name, tags, notes, colour; keys; deleted and brought back', async () => {
  await openPage();
  await expect.element(page.getByText('Nothing is kept yet')).toBeVisible();
  expect(await faults()).toEqual([]);
  await train(3);
  await expect.poll(() => rows().length).toBe(1);
  expect(row('MCPO-GRPO').textContent).toContain('on the page');
  expect(row('MCPO-GRPO').textContent).toContain('3 of 40');
  const id = row('MCPO-GRPO').dataset.run as string;
  const reward = lab.getState().runs[0].trace.last('reward/mean') as number;
  expect(row('MCPO-GRPO').textContent).toContain(`${(100 * reward).toFixed(1)} %`);

  // F2 renames, Escape leaves the name; a name of two words is found again.
  row('MCPO-GRPO').focus();
  await userEvent.keyboard('{F2}');
  await userEvent.keyboard('nobody{Escape}');
  await userEvent.keyboard('{F2}');
  await userEvent.keyboard('First try{Enter}');
  await expect.poll(() => row('First try')).toBeTruthy();
  await expect.poll(() => document.activeElement).toBe(row('First try'));

  // Notes, tags and colour lie under the row.
  await userEvent.keyboard('{ArrowRight}');
  await page.getByLabelText('Notes', { exact: true }).fill('learns slowly');
  await page.getByLabelText('Add a tag').fill('paper');
  await userEvent.keyboard('{Enter}');
  await expect.element(button('Remove tag paper')).toBeVisible();
  await page.getByRole('radio', { name: 'Colour and dash 4' }).click({ force: true });
  const record = async () => (await theArchive().list())[0];
  await expect.poll(async () => (await record()).color).toBe(3);
  expect(await record()).toMatchObject({ name: 'First try', notes: 'learns slowly', tags: ['paper'] });
  expect(await faults()).toEqual([]);

  // Sorting and finding.
  await page.getByLabelText('Find runs').fill('slowly nothing');
  await expect.element(page.getByText('No run has these words')).toBeVisible();
  await page.getByLabelText('Find runs').fill('slowly');
  expect(rows()).toHaveLength(1);

  // Delete, Undo in the toast; Delete again, Ctrl Z.
  row('First try').focus();
  await userEvent.keyboard('{Delete}');
  await expect.poll(() => rows().length).toBe(0);
  expect(toast()).toContain('Deleted "First try"');
  await button('Undo').click();
  await expect.poll(() => row('First try')?.dataset.run).toBe(id);
  expect(toast()).toBe('');
  row('First try').focus();
  await userEvent.keyboard('{Delete}');
  await expect.poll(() => rows().length).toBe(0);
  await expect.element(page.getByText('1 thing can be undone')).toBeVisible();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.poll(() => rows().length).toBe(1);
  expect((await theArchive().load(id)).steps).toHaveLength(3);
});

test('resumed, taken back, branched and compared', async () => {
  await openPage();
  await train(2);
  await train(2);
  const whole = (await theArchive().load(library.getState().onPage[0])).steps;
  const id = library.getState().onPage[0];
  await button('Reset').click();
  await ready();
  expect(lab.getState().step).toBe(0);

  // Taken back while it is not on the page, undone, taken back again.
  row('MCPO-GRPO').focus();
  await userEvent.keyboard('{ArrowRight}');
  await page.getByLabelText('Checkpoint of MCPO-GRPO').selectOptions('step 2');
  const length = async () => (await theArchive().load(id)).steps.length;
  await button('Roll back to step 2').click();
  await expect.poll(length).toBe(2);
  await button('Undo').click();
  await expect.poll(length).toBe(4);
  await button('Roll back to step 2').click();
  await expect.poll(length).toBe(2);

  // Resumed from there it comes to the same numbers, under its old id.
  await button('Resume MCPO-GRPO').click();
  await expect.poll(() => lab.getState().step, WAIT).toBe(2);
  expect(lab.getState().view).toBe('overview');
  await train(2);
  expect(library.getState().onPage).toEqual([id]);
  await expect.poll(length).toBe(4);
  expect((await theArchive().load(id)).steps).toEqual(whole);

  // A branch leaves it as it is.
  await page.getByRole('tab', { name: 'Runs' }).click();
  row('MCPO-GRPO').focus();
  await userEvent.keyboard('{ArrowRight}');
  await page.getByLabelText('Checkpoint of MCPO-GRPO').selectOptions('step 2');
  await button('Branch from step 2').click();
  await expect.poll(() => lab.getState().step === 2 && library.getState().onPage[0] !== id, WAIT).toBe(true);
  await train(1);
  expect(await length()).toBe(4);
  const branched = await theArchive().load(library.getState().onPage[0]);
  expect(branched.record.parent).toEqual({ run: id, step: 2 });
  expect(branched.steps).toEqual(whole.slice(0, 3));

  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByLabelText('Select all runs shown').click();
  await button('Compare').click();
  await expect.element(page.getByText('Comparing 2 runs')).toBeVisible();
  await expect.element(page.getByText('These runs have the same settings and the same seed.')).toBeVisible();
  const said = () => page.getByRole('slider', { name: 'Reward of the compared runs' }).element().getAttribute('aria-valuetext');
  await expect.poll(said).toMatch(/^step 4: MCPO-GRPO, from step 2 0\.\d\d, MCPO-GRPO 0\.\d\d$/);
  expect(await faults()).toEqual([]);
  await button('Close').click();
  await expect.element(page.getByText('Comparing 2 runs')).not.toBeInTheDocument();
});
