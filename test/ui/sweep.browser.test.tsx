import axe from 'axe-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SweepCommand, SweepEvent } from '../../src/host/sweep/protocol';
import { mount } from '../../src/main';
import { lab } from '../../src/store/lab';
import { sweeps } from '../../src/store/sweep';
import { bindSweeps } from '../../src/store/sweepPage';
import { NEW } from '../../src/ui/sweep/form/draft';
import { formStore } from '../../src/ui/sweep/form/formStore';
import { sweepPage } from '../../src/ui/sweep/useSweep';
import { drop, messages } from './keptRuns';
import { sweepEntries } from './sweepFixture';

/** The view as people use it, with a worker that only listens: what it is asked for is kept, what it says is said by the test. */

const LINK =
  '#preset=tiny&preset=mcpo-grpo&warmStart.steps=2&warmStart.batch=16&rollout.prompts=10&rollout.group=4&eval.prompts=4&eval.samples=1&view=sweep';
const WAIT = { timeout: 30_000 };
let close: () => void;
let sent: SweepCommand[];
let say: (event: SweepEvent) => void;
let count = 0;

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
const row = (point: number) => document.querySelector<HTMLElement>(`tr[data-point="${point}"]`) as HTMLElement;
const spec = () => sent.flatMap((c) => (c.type === 'run' ? [c.spec] : [])).at(-1);
const orders = () => sent.flatMap((c) => (c.type === 'order' ? [c.order] : []));

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
}

beforeEach(async () => {
  await page.viewport(1440, 900);
  sessionStorage.clear();
  formStore.setState({ draft: NEW, tab: 'form', typed: null });
  sweepPage.setState({ form: false, state: null });
  sent = [];
  say = () => {};
  location.hash = LINK;
  const place = document.createElement('div');
  document.body.append(place);
  const stop = mount(place, `${location.origin}/`, 'cpu');
  let noted: string | null = null;
  bindSweeps({
    baseUrl: `${location.origin}/`,
    memory: {
      read: () => noted,
      write: (now) => {
        noted = now;
      },
    },
    archive: `sweep view ${performance.timeOrigin} ${count++}`,
    startClient: (onEvent) => {
      say = onEvent;
      return { send: (command) => void sent.push(command), close() {} };
    },
  });
  close = () => {
    bindSweeps(null);
    stop();
    place.remove();
  };
  await expect.poll(() => sweeps.getState().list, WAIT).not.toBeNull();
});
afterEach(() => close());

test('a sweep of one’s own, by keyboard and as JSON: faults are beside their fields, and nothing typed is lost', async () => {
  await expect.element(page.getByText('No sweep is kept yet', { exact: false })).toBeVisible();
  const finder = page.getByRole('combobox', { name: 'Add a field to sweep' });
  await finder.fill('contrastive temp');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Contrastive temperature τ from');

  await userEvent.keyboard('{Control>}a{/Control}0');
  const beside = () => text('.swept .fault');
  await expect.poll(beside).toContain('invalid fields[0].from: 0 (contrast.tau: 0.01 to 2)');
  await expect.element(button('Start the sweep')).toBeDisabled();
  await userEvent.keyboard('{Control>}a{/Control}0.05');
  await expect.poll(() => text('.plan')).toBe('5 points × 4 seeds = 20 trials, 2,000 steps');
  await page.getByRole('combobox', { name: 'How points are ended early' }).selectOptions('Wilcoxon');
  await button('What is Wilcoxon?').hover();
  await expect.element(page.getByText('a one-sided signed-rank test of paired differences', { exact: false })).toBeVisible();
  expect(await faults()).toEqual([]);

  // The same as JSON. What cannot be read keeps the form waiting, and is still there after a look at it.
  await page.getByText('JSON', { exact: true }).click();
  const area = page.getByRole('textbox', { name: /Keys that are left out/ });
  const json = () => (area.element() as HTMLTextAreaElement).value;
  expect(JSON.parse(json()).pruner).toEqual({ kind: 'wilcoxon', p: 0.1, startup: 5 });
  const changed = json().replace('"seeds": [0, 1, 2, 3]', '"seeds": [0, 1, 2, 3, 9]');
  await area.fill(changed.replace('"places"', '"places'));
  await page.getByText('Form', { exact: true }).click();
  await expect.element(page.getByText('The JSON as it was typed cannot be read', { exact: false })).toBeVisible();
  await button('Correct it').click();
  expect(json()).toBe(changed.replace('"places"', '"places'));
  await area.fill(changed);
  await page.getByText('Form', { exact: true }).click();
  await expect.element(page.getByRole('textbox', { name: 'Seeds, as 0-3 or 0, 1, 2' })).toHaveValue('0, 1, 2, 3, 9');

  await button('Start 25 trials').click();
  await expect.poll(() => spec()?.seeds, WAIT).toEqual([0, 1, 2, 3, 9]);
  expect(spec()?.fields).toEqual([{ field: 'contrast.tau', from: 0.05, to: 0.4, scale: 'log', integer: false, count: 5 }]);
  expect(spec()?.presets).toEqual(['tiny', 'mcpo-grpo']);
  expect(spec()?.changes['rollout.prompts']).toBe(10);
  // The focus is where one goes on.
  await expect.poll(() => document.activeElement?.textContent).toContain('Pause');
});

test('a suggested sweep at one press from the lab; how it stands, its points and trials, by pointer and keyboard', async () => {
  await page.getByRole('tab', { name: 'Overview' }).click();
  await button('Sweep λ × τ').click();
  await expect.poll(() => spec()?.name, WAIT).toBe('Contrast: weight × temperature');
  expect(lab.getState().view).toBe('sweep');
  say({ type: 'progress', what: 'Warm start', done: 0.5 });
  await expect.element(page.getByRole('progressbar', { name: 'Warm start' })).toBeVisible();
  say({ type: 'status', status: 'running' });
  say({ type: 'entries', entries: sweepEntries({ points: 12, fields: 2, running: 2 }) });
  say({ type: 'pace', stepsPerSecond: 20, places: 6 });
  await expect
    .poll(() => text('.standing'), WAIT)
    .toBe('Running · 30 of 36 trials ended · 20.0 trial-steps/s, 6 side by side · 9 s left');
  await expect.poll(() => document.querySelectorAll('tr[data-point]').length).toBe(12);

  // Chips leave the points of a state.
  await button(/6 running/).click();
  expect([...document.querySelectorAll<HTMLElement>('tr[data-point]')].map((r) => r.dataset.point).sort()).toEqual(['10', '11']);
  await button('Show all').click();
  const best = document.querySelector<HTMLElement>('tr.point.best') as HTMLElement;
  expect(best).toBe(document.querySelector('tr[data-point]'));
  expect(best.textContent).toMatch(/\d\d\.\d % ± \d+\.\d3 of 3/);
  expect(text('.best-line')).toContain('(n = 3)');
  expect(row(10).querySelector('.value')?.textContent).toBe('–');

  // By pointer everywhere lit, by keyboard moved, ticked and unfolded.
  await userEvent.hover(row(10));
  expect(sweeps.getState().highlight).toBe(10);
  best.focus();
  await userEvent.keyboard('{ArrowDown} ');
  const second = Number((document.activeElement as HTMLElement).dataset.point);
  expect(sweeps.getState()).toMatchObject({ highlight: second, selected: [second] });
  await userEvent.keyboard('{End}');
  row(11).focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(document.querySelectorAll('tr.trials tbody tr')).toHaveLength(3);
  await button('Stop trial 34, seed 1').click();
  expect(orders()).toEqual([{ kind: 'stopTrial', trial: 34 }]);
  await page.getByRole('columnheader', { name: 'λ' }).getByRole('button').click();
  const lambdas = [...document.querySelectorAll('tr.point .field-cell:nth-child(3)')].map((c) => Number(c.textContent));
  expect(lambdas).toEqual([...lambdas].sort((a, b) => a - b));
  expect(await faults()).toEqual([]);

  // What can be asked for while it runs.
  await button('Budget: 36 trials').click();
  await userEvent.keyboard('{Control>}a{/Control}0{Enter}');
  await expect.element(page.getByText('invalid budget.trials: 0 (an integer from 1 to 100000)')).toBeVisible();
  await userEvent.keyboard('{Control>}a{/Control}60{Enter}');
  await button('Add a point').click();
  await userEvent.keyboard('{Control>}a{/Control}0.5{Enter}');
  expect(orders().slice(1)).toEqual([
    { kind: 'budget', budget: { trials: 60 } },
    { kind: 'add', points: [{ 'contrast.lambda': 0.5, 'contrast.tau': 0.03 }] },
  ]);
  await button('Stop').click();
  await button('Go on').click();
  await button('Pause').click();
  expect(sent.at(-1)).toEqual({ type: 'pause' });
  say({ type: 'status', status: 'paused' });
  await expect.element(page.getByText(/^The sweep is paused: 30 of 36 trials ended. Best: Point/)).toBeInTheDocument();
  expect(orders()).toHaveLength(3);

  // Its name, and the list that it is kept in.
  await button('Rename Contrast: weight × temperature').click();
  await userEvent.keyboard('mine{Enter}');
  await expect.element(page.getByRole('heading', { name: /^mine/ })).toBeVisible();
  await button('New sweep').click();
  await expect.element(button('← Back to mine')).toBeVisible();
  await button('Delete mine').click();
  await expect.poll(() => sweeps.getState().list?.length).toBe(0);
  await button('Undo').click();
  await expect.poll(() => sweeps.getState().list?.[0]?.name).toBe('mine');
});

test('files dropped on any view open as what they are: a journal as the sweep that is shown, others as elsewhere', async () => {
  // Nothing on the page had the focus: it is not moved when the link’s view opens.
  expect(document.activeElement).toBe(document.body);
  drop(new File(['{"format":"nothing known"}\n'], 'odd.jsonl'));
  await expect.poll(messages, WAIT).toContain('odd.jsonl');
  expect(sweeps.getState().error).toBeNull();
  expect(lab.getState().view).toBe('sweep');

  await page.getByRole('tab', { name: 'Overview' }).click();
  const journal = sweepEntries({ points: 6, fields: 2 });
  drop(new File([journal.map((e) => JSON.stringify(e)).join('\n')], 'mine.jsonl'));
  await expect.poll(() => document.querySelectorAll('tr[data-point]').length, WAIT).toBe(6);
  expect(lab.getState().view).toBe('sweep');
  expect(sweeps.getState().error).toBeNull();

  // From the form, too, what was taken in is what is shown.
  await button('New sweep').click();
  await expect.element(button(/^← Back to/)).toBeVisible();
  drop(
    new File(
      [
        sweepEntries({ points: 4, fields: 2 })
          .map((e) => JSON.stringify(e))
          .join('\n'),
      ],
      'other.jsonl',
    ),
  );
  await expect.poll(() => document.querySelectorAll('tr[data-point]').length, WAIT).toBe(4);
});
