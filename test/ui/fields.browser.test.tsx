import axe from 'axe-core';
import type { CSSProperties } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { DARK, LIGHT, type Palette } from '../../src/charts/palette';
import { FIELDS, getValue } from '../../src/config/fields';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { FieldPanel } from '../../src/ui/fields/FieldPanel';
import '../../src/ui/style.css';
import { bind } from '../store/synthetic';

/** The left panel on a store whose worker only listens: every `open` it is sent is a fresh run. */

let sent: ReturnType<typeof bind>['sent'];
let take: () => void;

function open(link = '#preset=tiny&preset=mcpo-grpo', { page: ground, card, ink, quiet, line, fault }: Palette = LIGHT): void {
  ({ sent } = bind(link));
  const place = document.createElement('div');
  document.body.append(place);
  const colors = { '--page': ground, '--card': card, '--ink': ink, '--quiet': quiet, '--line': line, '--fault': fault };
  const root = createRoot(place);
  root.render(
    <div className="lab" style={{ ...colors, padding: '16px 20px' } as CSSProperties}>
      <FieldPanel />
    </div>,
  );
  take = () => {
    root.unmount();
    place.remove();
    disconnect();
  };
}

const opens = () => sent.filter((c) => c.type === 'open').length;
const value = (path: string) => getValue(lab.getState().config, path);
const spin = (name: string) => page.getByRole('spinbutton', { name, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const search = () => page.getByRole('searchbox', { name: 'Find a field' });
const row = (path: string) => document.querySelector(`[data-path="${path}"]`) as HTMLElement;
const paths = () => [...document.querySelectorAll<HTMLElement>('[data-path]')].map((e) => e.dataset.path);
const unfold = (title: string) => page.getByText(title, { exact: true }).click();

async function unfoldAll(): Promise<void> {
  await expect.element(search()).toBeVisible();
  for (const summary of document.querySelectorAll<HTMLElement>('details:not([open]) > summary')) summary.click();
  await expect.poll(() => document.querySelectorAll('details:not([open])').length).toBe(0);
}

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.querySelector('.fields') as HTMLElement);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
}

beforeEach(() => page.viewport(300, 900));
afterEach(() => take());

test('shows every field of the schema with a named control, and fits 300 px', async () => {
  open();
  await unfoldAll();
  expect(paths().toSorted()).toEqual(FIELDS.map((f) => f.path).toSorted());
  for (const f of FIELDS) {
    const control = row(f.path).querySelector('input, select, [role=radiogroup]') as HTMLElement;
    const name = control.getAttribute('aria-label') ?? control.closest('[role=radiogroup]')?.getAttribute('aria-label');
    if (!f.path.endsWith('.mix')) expect(name, f.path).toBe(f.label);
    expect(row(f.path).querySelector('[role=tooltip]')?.textContent, f.path).toContain(f.help);
    expect(row(f.path).scrollWidth, f.path).toBeLessThanOrEqual(row(f.path).clientWidth);
  }
  expect(document.documentElement.scrollWidth).toBe(300);
});

test('axe finds nothing, light and dark, with every group open, with changes and with faults', async () => {
  for (const palette of [LIGHT, DARK]) {
    open('#preset=tiny&preset=mcpo-grpo&preset=gru&contrast.tau=0.2&tasks.mix=math:1', palette);
    await unfoldAll();
    await spin('Contrastive weight').fill('-1');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('invalid contrast.lambda: -1 (0 to 100)')).toBeVisible();
    expect(await faults()).toEqual([]);
    await search().fill('rate');
    await expect.element(page.getByText(/^\d+ fields$/)).toBeVisible();
    expect(await faults()).toEqual([]);
    take();
  }
  open();
});

test('a typed value reaches the run on Enter, not before; Escape takes it back', async () => {
  open();
  const tau = spin('Contrastive temperature');
  await tau.fill('0.3');
  expect(opens()).toBe(1);
  await userEvent.keyboard('{Escape}');
  await expect.element(tau).toHaveValue('0.1');
  expect(opens()).toBe(1);
  await tau.fill('0.2');
  await userEvent.keyboard('{Enter}');
  expect(value('contrast.tau')).toBe(0.2);
  expect(opens()).toBe(2);
  await tau.fill('0.25');
  await spin('Contrastive weight').click();
  expect(value('contrast.tau')).toBe(0.25);
  expect(opens()).toBe(3);
});

test('a bad value is named beside its control with its bound, and the run stays as it is', async () => {
  open();
  const tau = spin('Contrastive temperature');
  await tau.fill('9');
  await userEvent.keyboard('{Enter}');
  await expect.element(tau).toHaveAttribute('aria-invalid', 'true');
  await expect.element(tau).toHaveAccessibleDescription('invalid contrast.tau: 9 (0.01 to 2)');
  expect(row('contrast.tau').textContent).toContain('invalid contrast.tau: 9 (0.01 to 2)');
  expect(opens()).toBe(1);
  expect(value('contrast.tau')).toBe(0.1);
  await userEvent.keyboard('{Escape}');
  await expect.element(tau).toHaveValue('0.1');
  await expect.element(tau).toHaveAttribute('aria-invalid', 'false');
});

test('a value that does not fit the others is refused with the reason', async () => {
  open();
  await unfold('Policy network');
  await spin('Attention heads').fill('5');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('invalid policy.width: 32 (a multiple of 20')).toBeVisible();
  expect(value('policy.heads')).toBe(4);
  expect(opens()).toBe(1);
});

test('arrows and page keys move a draft on the field’s own scale; Enter gives it to the run', async () => {
  open();
  const tau = spin('Contrastive temperature');
  await tau.click();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(tau).toHaveValue('0.16');
  await expect.element(tau).toHaveAttribute('aria-valuenow', '0.16');
  await userEvent.keyboard('{PageUp}{ArrowDown}');
  await expect.element(tau).toHaveValue('0.4');
  expect(opens()).toBe(1);
  await userEvent.keyboard('{Enter}');
  expect(value('contrast.tau')).toBe(0.4);
  expect(opens()).toBe(2);

  await unfold('Policy network');
  const width = spin('Width');
  await width.click();
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(width).toHaveValue('48');
});

test('a dragged slider shows its value all the way and opens one run, at its release', async () => {
  open();
  const slider = page.getByRole('slider', { name: 'Contrastive weight', exact: true });
  await expect.element(slider).toBeVisible();
  const element = slider.element() as HTMLInputElement;
  const shown = new Set<string>();
  const during: number[] = [];
  const seen = new MutationObserver(() => {
    shown.add((spin('Contrastive weight').element() as HTMLInputElement).value);
    during.push(opens());
  });
  seen.observe(element, { attributes: true });
  const { width } = element.getBoundingClientRect();
  await userEvent.dragAndDrop(slider, slider, {
    sourcePosition: { x: width * 0.45, y: 12 },
    targetPosition: { x: width * 0.85, y: 12 },
    steps: 8,
  } as never);
  await expect.poll(() => value('contrast.lambda')).toBeGreaterThan(1);
  seen.disconnect();
  expect(shown.size).toBeGreaterThan(1);
  expect(during.filter((n) => n === 1).length).toBeGreaterThan(1);
  expect(opens()).toBe(2);
});

test('the paper’s value is one click away, and a dot resets', async () => {
  open();
  await button('paper 513 for Steps').click();
  expect(value('steps')).toBe(513);
  await expect.element(button('paper 513 for Steps')).not.toBeInTheDocument();
  await button('Reset Steps to 100').first().click();
  expect(value('steps')).toBe(100);
  await expect.element(button('Reset Steps to 100')).not.toBeInTheDocument();
});

test('what is changed is listed, counted, filtered and undone', async () => {
  open('#preset=tiny&preset=mcpo-grpo&contrast.tau=0.2&objective.clipLow=0.3&policy.width=48');
  const list = page.getByRole('region', { name: 'Changes' });
  await expect.element(list).toHaveTextContent('3 changes');
  await expect.element(list).toHaveTextContent('a warm start of 600 supervised steps comes first');
  expect(document.querySelector('.part .count')?.textContent).toBe('1 changed');

  await page.getByRole('checkbox', { name: 'Only changed (3)' }).click();
  await expect.poll(paths).toEqual(['contrast.tau', 'objective.clipLow', 'policy.width']);
  await page.getByRole('checkbox', { name: 'Only changed (3)' }).click();

  await list.getByRole('button', { name: 'Reset τ to 0.1' }).click();
  expect(value('contrast.tau')).toBe(0.1);
  await expect.element(list).toHaveTextContent('2 changes');
  await button('Undo all').click();
  expect(value('objective.clipLow')).toBe(0.2);
  await expect.element(list).not.toBeInTheDocument();
});

test('the search box is reached by /, finds by symbol, name and help, and leads to the field', async () => {
  open();
  await expect.element(search()).toBeVisible();
  await userEvent.keyboard('/');
  await expect.element(search()).toHaveFocus();
  await expect.element(search()).toHaveValue('');
  await userEvent.keyboard('ε');
  await expect.poll(paths).toEqual(['objective.clipLow', 'objective.clipHigh', 'optimizer.epsilon']);
  await expect.element(page.getByText('3 fields')).toBeVisible();
  await search().fill('clip range');
  await expect.poll(paths).toEqual(['objective.clipLow', 'objective.clipHigh']);
  await userEvent.keyboard('{Enter}');
  await expect.element(spin('Clip range, low')).toHaveFocus();
  await search().fill('nonsense');
  await expect.element(page.getByText('No field has “nonsense”.')).toBeVisible();
  await search().fill('recurrent backbone');
  await expect.element(page.getByRole('combobox', { name: 'Method' })).toBeVisible();
  await search().click();
  await userEvent.keyboard('{Escape}');
  await expect.element(search()).toHaveValue('');
  await expect.element(spin('Seed')).toBeVisible();
});

test('method, size and ablations are presets; the method’s own groups come first', async () => {
  open();
  await expect.element(page.getByText('What makes MCPO-GRPO')).toBeVisible();
  await page.getByRole('combobox', { name: 'Method' }).selectOptions('clipo');
  expect(value('clipo.lambda')).toBe(0.2);
  await expect.element(page.getByText('What makes CLIPO')).toBeVisible();
  expect(document.querySelector('.part details')?.textContent).toContain('Contrastive reward');
  await page.getByText('Paper', { exact: true }).click();
  expect(value('rollout.prompts')).toBe(128);

  await unfold('Ablations');
  await button('Recurrent backbone').click();
  expect(value('policy.kind')).toBe('gru');
  await expect.element(button('Recurrent backbone')).toHaveAttribute('aria-pressed', 'true');
  await expect.element(button('In-domain only')).toHaveAccessibleDescription(/No part of CLIPO\.$/);
  await button('Recurrent backbone').click();
  expect(lab.getState().presets).toEqual(['paper', 'clipo']);
});

test('a preset that the user’s values forbid is refused in its place', async () => {
  open('#preset=tiny&preset=mcpo-grpo&rollout.prompts=21');
  await page.getByText('Paper', { exact: true }).click();
  await expect.element(page.getByText('invalid rollout.prompts: 21 (a multiple of 2')).toBeVisible();
  expect(lab.getState().presets).toEqual(['tiny', 'mcpo-grpo']);
  await expect.element(page.getByRole('radio', { name: 'Tiny' })).toBeChecked();
});

test('what a race varies is said where it is set', async () => {
  open('#preset=tiny&preset=mcpo-grpo&race=contrast.tau:0.05,0.1,0.2');
  await expect.element(spin('Contrastive temperature')).toBeVisible();
  expect(row('contrast.tau').textContent).toContain('The race sets it to 0.05, 0.1, 0.2.');
  take();
  open('#preset=tiny&preset=mcpo-grpo&race=grpo,mcpo-grpo');
  await expect.element(page.getByRole('combobox', { name: 'Method' })).toHaveAccessibleDescription(/The race also runs GRPO\.$/);
});

test('the seed goes one up, one down, and to another that is always the same', async () => {
  open();
  await expect.element(button('Seed one lower')).toBeDisabled();
  await button('Seed one higher').click();
  expect(value('seed')).toBe(1);
  await button('Another seed').click();
  expect(value('seed')).toBe(8388);
  await button('Seed one lower').click();
  expect(value('seed')).toBe(8387);
  await spin('Seed').fill('-1');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('invalid seed: -1 (an integer from 0 to 4294967295)')).toBeVisible();
  expect(value('seed')).toBe(8387);
});

test('the domain mix is set by checkbox, slider and text, and keeps one domain at least', async () => {
  open();
  const box = (name: string) => page.getByRole('checkbox', { name, exact: true });
  await box('Safety').click();
  expect(value('tasks.mix')).toBe('math:1,code:1,science:1,toolUse:1');
  const math = page.getByRole('slider', { name: 'Math weight' });
  await expect.element(math).toHaveAttribute('aria-valuetext', 'weight 1, 25 %');
  (math.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await expect.element(math).toHaveAttribute('aria-valuetext', 'weight 2, 40 %');
  expect(opens()).toBe(2);
  await userEvent.keyboard('{Enter}');
  expect(value('tasks.mix')).toBe('math:2,code:1,science:1,toolUse:1');

  await button('As text').first().click();
  const text = page.getByRole('textbox', { name: 'Domain mix' });
  await text.fill('maths:1');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('invalid tasks.mix: maths is no domain')).toBeVisible();
  await text.fill('code:3');
  await userEvent.keyboard('{Enter}');
  expect(value('tasks.mix')).toBe('code:3');
  await button('As text').first().click();
  const before = opens();
  await box('Code').click();
  await expect.element(page.getByText('(at least one domain needs a positive weight)')).toBeVisible();
  expect(opens()).toBe(before);
  expect(value('tasks.mix')).toBe('code:3');
});

test('switches and choices', async () => {
  open();
  await page.getByRole('switch', { name: 'Reaches the policy' }).click();
  expect(value('contrast.backbone')).toBe(false);
  await button('paper on for Reaches the policy').click();
  expect(value('contrast.backbone')).toBe(true);
  await page.getByRole('radiogroup', { name: 'Pooling', exact: true }).getByText('Last token').click();
  expect(value('contrast.pooling')).toBe('last');
  await page.getByRole('combobox', { name: 'Compatibility map' }).selectOptions('half');
  expect(value('contrast.weightMap')).toBe('half');
});

test('a change touches its own row only', async () => {
  open('#preset=tiny&preset=mcpo-grpo&contrast.gamma=0.4');
  await unfoldAll();
  const touched = new Set<string | undefined>();
  const watch = new MutationObserver((list) => {
    for (const { target } of list) {
      const at = target instanceof Element ? target : target.parentElement;
      touched.add(at?.closest<HTMLElement>('[data-path]')?.dataset.path);
    }
  });
  watch.observe(document.querySelector('.fields') as HTMLElement, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  await spin('Contrastive temperature').fill('0.2');
  await userEvent.keyboard('{Enter}');
  expect(value('contrast.tau')).toBe(0.2);
  await expect.element(button('Reset τ to 0.1').first()).toBeVisible();
  watch.disconnect();
  expect([...touched].filter(Boolean)).toEqual(['contrast.tau']);
});
