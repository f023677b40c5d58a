import axe from 'axe-core';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { sweeps } from '../../src/store/sweep';
import { Journal } from '../../src/sweep/journal';
import { SweepCharts } from '../../src/ui/sweep/charts/Charts';
import '../../src/ui/style.css';
import '../../src/ui/panel.css';
import { sweepEntries } from './sweepFixture';

/** The sweep's pictures by pointer and keys, on a journal made by formula: one point everywhere, brushes, card, growth. */

const WAIT = { timeout: 10_000 };
let place: HTMLElement;
let takeDown: () => void;

const chart = (name: RegExp) => page.getByRole('slider', { name });
const said = (name: RegExp) => chart(name).element().getAttribute('aria-valuetext') ?? '';
const focus = (name: RegExp) => (chart(name).element() as HTMLElement).focus();
const HISTORY = /by order of completion/;
const PARALLEL = /Parallel axes/;

function open(entries: ReturnType<typeof sweepEntries>): Journal {
  const journal = new Journal(entries);
  sweeps.setState({ id: 'shown', journal: journal.state, version: 1, status: 'running', selected: [], highlight: null });
  place = document.createElement('div');
  document.body.append(place);
  const root = createRoot(place);
  root.render(<SweepCharts />);
  takeDown = () => {
    root.unmount();
    place.remove();
    sweeps.setState({ id: null, journal: null, status: 'none', selected: [], highlight: null });
  };
  return journal;
}

beforeEach(() => page.viewport(1440, 1600));
afterEach(() => takeDown());

test('one point lights up everywhere, its card tells its seeds, brushes choose and keys reach all of it', async () => {
  const journal = open(sweepEntries({ points: 24, running: 2 }));
  await expect.poll(() => said(HISTORY), WAIT).toBe('22 ended points');
  focus(HISTORY);
  await userEvent.keyboard('{Home}{ArrowRight}');
  await expect.poll(() => said(HISTORY)).toMatch(/^Point 1: λ .*; [\d.]+ % ± [\d.]+ \(n = 3\)$/);
  expect(sweeps.getState().highlight).toBe(1);
  for (const name of [/a curve a point/, PARALLEL, /Held-out accuracy over Method/, /over Contrastive weight λ and/])
    await expect.poll(() => said(name)).toBe(said(HISTORY));

  await userEvent.keyboard('{Enter}');
  const card = page.getByRole('dialog', { name: 'Point 1', exact: true });
  await expect.element(card).toBeVisible();
  await expect.element(card.getByRole('button', { name: /^Open in the lab: seed \d$/ }).nth(2)).toBeVisible();
  const value = journal.state.trials[4].value as number;
  expect(card.element().textContent).toContain(`${(100 * value).toFixed(1)} %`);
  expect((await axe.run(place)).violations.map((v) => [v.id, v.nodes[0].html])).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => document.querySelector('.point-card')).toBeNull();
  expect(document.activeElement).toBe(chart(HISTORY).element());

  // ↑ cuts the axis from below: the page's choice is what lies above.
  sweeps.setState({ highlight: null });
  focus(PARALLEL);
  await userEvent.keyboard('{ArrowUp>6/}');
  const lambdas = journal.state.points.map((p) => p.values['contrast.lambda'] as number);
  const above = (share: number) => lambdas.flatMap((v, i) => (v >= 0.01 * 100 ** share ? [i] : []));
  await expect.poll(() => sweeps.getState().selected).toEqual(above(0.3));
  await expect.poll(() => said(PARALLEL)).toContain(`${above(0.3).length} of 24 points`);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => sweeps.getState().selected).toEqual([]);

  // The pointer: a drag along the last axis brushes it, a drag of its name moves it to the front.
  const canvas = chart(PARALLEL).element() as HTMLElement;
  const { width, height } = canvas.getBoundingClientRect();
  const drag = (from: [number, number], to: [number, number]) => {
    const { left, top } = canvas.getBoundingClientRect();
    const fire = (type: string, [x, y]: [number, number]) =>
      canvas.dispatchEvent(
        new PointerEvent(type, { bubbles: true, clientX: left + x, clientY: top + y, pointerId: 1, button: 0, isPrimary: true }),
      );
    canvas.setPointerCapture = () => {};
    fire('pointerdown', from);
    fire('pointermove', to);
    fire('pointerup', to);
  };
  const last = width - 72;
  drag([last, 46], [last, height * 0.35]);
  await expect.poll(() => sweeps.getState().selected.length, WAIT).toBeGreaterThan(0);
  const kept = sweeps.getState().selected;
  const mean = (p: number) => journal.state.trials.filter((t) => t.point === p).reduce((s, t) => s + (t.value as number) / 3, 0);
  const least = Math.min(...kept.map(mean));
  const finished = journal.state.points.filter((_, p) => journal.state.trials[3 * p].state === 'finished').map((p) => p.point);
  expect(finished.filter((p) => mean(p) > least + 1e-9).every((p) => kept.includes(p))).toBe(true);
  expect(kept.length).toBeLessThan(finished.length);
  drag([last, 12], [60, 12]);
  focus(PARALLEL);
  await page.getByRole('button', { name: 'Keep all' }).click();
  focus(PARALLEL);
  await expect.poll(() => said(PARALLEL)).toMatch(/^Axis Held-out accuracy: all; 24 points$/);

  // A choice made elsewhere, as in the table, takes the place of the brushes.
  await page.getByText('Best 25 %').click();
  await expect.poll(() => sweeps.getState().selected.length, WAIT).toBe(Math.round(finished.length / 4));
  sweeps.setState({ selected: [0, 1] });
  await expect.element(page.getByRole('radio', { name: 'All' })).toBeChecked();
  expect(sweeps.getState().selected).toEqual([0, 1]);
});

test('a growing journal grows the pictures; few fields and points leave out what they cannot show', async () => {
  const entries = sweepEntries({ points: 9, seeds: 2, fields: 1 });
  const cut = entries.findIndex((e) => e.type === 'point' && e.point === 1);
  const journal = open(entries.slice(0, cut));
  await expect.poll(() => said(HISTORY), WAIT).toBe('1 ended point');
  await expect.element(page.getByText('Two points are compared seed by seed here', { exact: false })).toBeVisible();
  await expect.element(page.getByText(/after 7 more finished points/)).toBeVisible();
  expect(document.querySelector('.contour')).toBeNull();
  journal.push(entries.slice(cut));
  sweeps.setState({ version: 2 });
  await expect.poll(() => said(HISTORY), WAIT).toBe('9 ended points');
  await expect.element(page.getByText(/cannot be told apart at n = 2|is better than|is worse than/)).toBeVisible();
  await page.viewport(390, 844);
  await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});
