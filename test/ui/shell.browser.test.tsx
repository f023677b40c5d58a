import axe from 'axe-core';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Event } from '../../src/host/protocol';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { complain, selectAt, show } from '../../src/store/look';
import { App } from '../../src/ui/App';
import { followAddress, openAddress } from '../../src/ui/address';
import { bind, opened, steps } from '../store/synthetic';

/** The page's frame, with an engine that says what the test says. */

const state = () => lab.getState();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const at = () => document.activeElement as HTMLElement;
const moves = (sent: { type: string }[]) => sent.map((c) => c.type).filter((t) => t !== 'watch' && t !== 'pace');
let takeDown = () => {};

function open(link: string, ...events: Event[]) {
  history.replaceState(null, '', `#${link}`);
  const engine = bind(link, 'cpu');
  engine.say(...opened, ...events);
  const place = document.createElement('div');
  document.body.append(place);
  const root = createRoot(place);
  flushSync(() => root.render(<App />));
  const unfollow = followAddress();
  takeDown = () => {
    unfollow();
    root.unmount();
    place.remove();
    disconnect();
  };
  return engine;
}

beforeEach(() => page.viewport(1440, 900));
afterEach(() => {
  takeDown();
  vi.restoreAllMocks();
});

const back = async (go: () => void, expected: string) => {
  go();
  await expect.poll(() => location.hash, { timeout: 5000 }).toContain(expected);
};

test('the tab’s history holds the views; a link that differs in the view alone leaves the training as it is', async () => {
  const { sent } = open('preset=tiny&preset=mcpo-grpo', { type: 'status', status: 'training' }, steps(1, 20));
  const before = moves(sent).length;
  await page.getByRole('tab', { name: 'Rollouts' }).click();
  selectAt(12, 5);
  await page.getByRole('tab', { name: 'Interference' }).click();
  expect(document.title).toBe('Interference · MCPO Lab');
  await back(() => history.back(), 'view=rollouts');
  await expect.poll(() => state().view).toBe('rollouts');
  expect(state()).toMatchObject({ at: 12, selected: 5, step: 20 });
  await back(() => history.back(), 'preset=mcpo-grpo');
  await expect.poll(() => state().view).toBe('overview');
  await back(() => history.go(2), 'view=interference');
  await expect.poll(() => state().view).toBe('interference');

  // Pasted into the address bar: another place to look at, then another experiment.
  location.hash = '#v=1&preset=tiny&preset=mcpo-grpo&view=logits&zoom=3-9';
  await expect.poll(() => state().view).toBe('logits');
  expect(state()).toMatchObject({ zoom: [3, 9], step: 20, status: 'training' });
  expect(moves(sent)).toHaveLength(before);
  location.hash = '#v=1&preset=tiny&preset=grpo&seed=3&contrast.tau=99';
  await expect.poll(() => state().config.seed).toBe(3);
  expect(moves(sent).slice(before)).toEqual(['open']);
  await expect.element(page.getByText('invalid contrast.tau: 99 (0.01 to 2)')).toBeVisible();
  expect(location.hash).not.toContain('tau');

  // Back to where the other experiment was: it is opened again.
  await back(() => history.back(), 'view=logits');
  await expect.poll(() => state().config.seed).toBe(0);
  expect(moves(sent).slice(before)).toEqual(['open', 'open']);
});

test('a long drag through steps changes the address bar a few times a second, and the last step is in it', async () => {
  open('preset=tiny', steps(1, 90));
  const replace = vi.spyOn(history, 'replaceState');
  for (let step = 1; step <= 60; step++) {
    lab.setState({ at: step });
    await new Promise((next) => setTimeout(next, 5));
  }
  await expect.poll(() => location.hash, { timeout: 3000 }).toContain('at=60');
  expect(replace.mock.calls.length).toBeLessThan(8);
});

test('a focus inside a view is never lost when another view opens, and the skip link leads to the view', async () => {
  open('preset=tiny', steps(1, 5));
  await userEvent.keyboard('{Tab}');
  expect(at().textContent).toBe('Skip to the view');
  expect(at().getBoundingClientRect().left).toBeGreaterThan(0);
  await userEvent.keyboard('{Enter}');
  expect(at().id).toBe('view');
  expect(location.hash).not.toContain('#view');
  await userEvent.keyboard('{Tab}');
  expect(document.getElementById('view')?.contains(at())).toBe(true);
  await userEvent.keyboard('8');
  await expect.poll(() => at().id).toBe('view');
  expect(at().getAttribute('aria-labelledby')).toBe('tab-runs');
  page.getByRole('tab', { name: 'Runs' }).element().focus();
  await userEvent.keyboard('{Home}');
  expect(at().id).toBe('tab-overview');
  await userEvent.keyboard('{ArrowLeft}');
  expect(at().id).toBe('tab-runs');
  await expect.poll(() => state().view).toBe('runs');
});

test('every key of the sheet does what it says, and none while one types or a sheet is open', async () => {
  const { sent, say } = open('preset=tiny&preset=grpo', steps(1, 40));
  const since = moves(sent).length;
  const press = (keys: string) => userEvent.keyboard(keys);
  /** Brackets and braces, which have a meaning in `press`. */
  const type = async (keys: string) => {
    for (const key of keys) await press(key === '[' || key === '{' ? key + key : key);
  };
  await press(' ');
  say({ type: 'status', status: 'training' });
  await press(' ');
  say({ type: 'status', status: 'paused' });
  await press('.');
  await press('e');
  expect(moves(sent).slice(since)).toEqual(['play', 'pause', 'step', 'evaluate']);
  for (const [i, view] of ['overview', 'logits', 'geometry', 'rollouts', 'whatif', 'interference', 'sweep', 'runs'].entries()) {
    await press(String(i + 1));
    expect(state().view).toBe(view);
  }
  await press('1');
  await type('[[[[[');
  expect(state().at).toBe(35);
  await type('[}');
  expect(state().at).toBeNull();
  await type('{');
  expect(state().at).toBe(30);
  await type('[]');
  expect(state().at).toBe(30);
  lab.setState({ zoom: [1, 20] });
  await press('{Escape}');
  expect(state()).toMatchObject({ at: null, zoom: null });
  await press('/');
  expect(at().getAttribute('aria-label')).toBe('Find a field');

  // Typing.
  const typed = moves(sent).length;
  await type('1.e [R?');
  expect(at()).toHaveProperty('value', '1.e [R?');
  await press('{Escape}');
  expect(moves(sent)).toHaveLength(typed);
  expect(state()).toMatchObject({ view: 'overview', at: null });
  at().blur();

  // The sheet.
  await press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  await expect.element(sheet).toBeVisible();
  await type('.3[');
  expect(moves(sent)).toHaveLength(typed);
  expect(state()).toMatchObject({ view: 'overview', at: null });
  await press('?');
  await expect.element(sheet).not.toBeInTheDocument();
  await press('{Shift>}R{/Shift}');
  expect(moves(sent).at(-1)).toBe('open');
});

test('buttons of the transport that cannot act keep the focus that they have', async () => {
  const { sent, say } = open('preset=tiny', steps(1, 99));
  (button('Step').element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  say(steps(100, 100), { type: 'status', status: 'finished' });
  await expect.element(button('Step')).toHaveAttribute('aria-disabled', 'true');
  expect(at().textContent).toBe('Step');
  const before = moves(sent).length;
  await userEvent.keyboard('{Enter}');
  expect(moves(sent)).toHaveLength(before);
});

test('three messages at most, newest first; the others unfold; all can be dismissed by keys without losing one’s place', async () => {
  open('preset=tiny&nothing=1', steps(1, 5));
  const shown = () => [...document.querySelectorAll('.message')].map((m) => m.textContent ?? '');
  const top = () => document.querySelector('.curve-bar')?.getBoundingClientRect().top ?? 0;
  const quiet = top();
  for (const n of [1, 2, 3, 4, 5]) complain(`Notice ${n}`);
  await expect.poll(shown).toHaveLength(3);
  expect(shown().slice(1)).toEqual(['Notice 5', 'Notice 4']);
  expect(shown()[0]).toContain('unknown key: nothing');
  expect(top() - quiet).toBeLessThan(120);
  await button('3 more messages').click();
  expect(shown().slice(1)).toEqual(['Notice 5', 'Notice 4', 'Notice 3', 'Notice 2', 'Notice 1']);
  expect((await axe.run(document.querySelector('.messages') as HTMLElement)).violations).toEqual([]);

  document.querySelectorAll<HTMLElement>('.dismiss')[1].focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => state().notices).toHaveLength(4);
  expect(at().closest('.message')?.textContent).toBe('Notice 4');
  await userEvent.keyboard('{Escape}{Escape}{Escape}{Escape}');
  await expect.poll(shown).toHaveLength(1);
  await userEvent.keyboard('{Escape}');
  await expect.poll(shown).toEqual([]);
  expect(at().id).toBe('view');
});

test('sharing: the link follows what is left out, the embed code is a frame of the page, and both are copied', async () => {
  open('preset=tiny&preset=mgs&seed=4&view=logits', steps(1, 5));
  const written: string[] = [];
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void written.push(text));
  await button('Share').click();
  await expect.poll(() => at().textContent).toBe('Copy link');
  expect((await axe.run(document.querySelector('[role=dialog]') as HTMLElement)).violations).toEqual([]);
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('Copied')).toBeVisible();
  expect(written[0]).toBe(`${location.href.replace(/#.*/, '')}#v=1&preset=tiny&preset=mgs&seed=4&view=logits`);

  await page.getByRole('checkbox', { name: 'Tabs of the views' }).click();
  await page.getByRole('checkbox', { name: 'Play, Step and Reset, then it trains by itself' }).click();
  expect(page.getByRole('textbox', { name: 'Link' }).element()).toHaveProperty('value', `${written[0]}&hide=transport,tabs`);
  show('geometry');
  await button('Copy embed code').click();
  const frame = new DOMParser().parseFromString(written[1], 'text/html').querySelector('iframe') as HTMLIFrameElement;
  expect(frame.src).toBe(`${written[0].replace('logits', 'geometry')}&embed=1&hide=transport,tabs`);
  expect([frame.width, frame.height, frame.title]).toEqual(['800', '450', 'MCPO Lab']);
  expect(state().hidden).toEqual([]);

  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
  await button('Copy link').click();
  await expect.element(page.getByText('Selected: copy it with Ctrl C')).toBeVisible();
  expect(String(getSelection()) || (at() as HTMLTextAreaElement).value).toContain('#v=1');
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  expect(at().textContent).toBe('Share');
});

test('what is read out about the training: when it begins and ends, not every step and not every evaluation within it', async () => {
  const status = (to: 'training' | 'evaluating' | 'paused' | 'finished'): Event => ({ type: 'status', status: to });
  const { say } = open('preset=tiny&race=grpo,mgs');
  const summary = document.querySelector('.lab > [role=status][aria-live=polite]') as HTMLElement;
  const told: string[] = [];
  const observer = new MutationObserver(() => told.push(summary.textContent ?? ''));
  observer.observe(summary, { childList: true, characterData: true, subtree: true });
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  say(status('training'));
  await frame();
  for (let step = 1; step <= 60; step++) {
    if (step % 20 === 0) say(status('evaluating'), status('training'));
    say(steps(step, step, 0.25, 2));
    await frame();
  }
  say(status('paused'));
  await frame();
  say(status('training'), steps(61, 100, 0.5, 2), status('finished'));
  await frame();
  observer.disconnect();
  expect(told).toEqual([
    'Training has begun.',
    'Paused at step 60 of 100: GRPO 25.0 %, MGS 25.0 %.',
    'Finished at step 100 of 100: GRPO 50.0 %, MGS 50.0 %.',
  ]);
});

test('a page without transport trains by itself as soon as it can', () => {
  const { sent, say } = open('preset=tiny');
  const before = moves(sent).length;
  openAddress('#preset=tiny&seed=5&hide=transport');
  say(...opened);
  expect(moves(sent).slice(before)).toEqual(['open', 'play']);
});

const has = (selector: string) => document.querySelector(selector)?.checkVisibility() ?? false;
const overflows = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

test.each([
  ['embed=1', { '.transport': true, '.tabs': true, '.settings': false, '.share-menu': false, '.open-whole': true }],
  ['hide=fields', { '.transport': true, '.tabs': true, '.settings': false, '.share-menu': true }],
  ['hide=header', { '.transport': true, '.tabs': true, '.share-menu': false, '.keys': false }],
  ['embed=1&hide=tabs', { '.transport': true, '.tabs': false, '.open-whole': true }],
  [
    'embed=1&hide=fields,transport,tabs,header',
    { '.transport': false, '.tabs': false, '.settings': false, '.open-whole': false },
  ],
])('a frame of 800 × 450 with %s', async (hide, parts) => {
  await page.viewport(800, 450);
  open(`preset=tiny&preset=mcpo-grpo&${hide}`, steps(1, 30));
  await expect.element(page.getByRole('heading', { name: 'Reward by domain' })).toBeVisible();
  for (const [selector, shown] of Object.entries(parts)) expect([selector, has(selector)]).toEqual([selector, shown]);
  expect(document.querySelectorAll('h1')).toHaveLength(1);
  expect(overflows()).toBe(false);
  // The first row of pictures is within the frame.
  const first = document.querySelector('.first-row .panel')?.getBoundingClientRect() as DOMRect;
  if (hide.startsWith('embed')) expect(first.bottom).toBeLessThan(450);
  expect((await axe.run(document.body)).violations.map((v) => [v.id, v.nodes[0].html])).toEqual([]);
});

test('on a phone settings are a sheet: the page below is out of reach, Escape gives the focus back, / searches', async () => {
  await page.viewport(390, 844);
  open('preset=tiny', steps(1, 5));
  const bar = document.querySelector('header') as HTMLElement;
  await expect.element(button('Settings')).toBeVisible();
  expect(bar.offsetHeight).toBeLessThanOrEqual(92);
  expect(overflows()).toBe(false);
  await button('Settings').click();
  expect(at().textContent).toBe('Done');
  expect([bar.inert, (document.querySelector('main') as HTMLElement).inert]).toEqual([true, true]);
  const sheet = document.querySelector('.settings') as HTMLElement;
  for (let i = 0; i < 25; i++) {
    await userEvent.keyboard(i % 5 ? '{Tab}' : '{Shift>}{Tab}{/Shift}');
    expect(at() === document.body || sheet.contains(at())).toBe(true);
  }
  expect((await axe.run(document.body)).violations.map((v) => [v.id, v.nodes[0].html])).toEqual([]);
  lab.setState({ at: 3 });
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => at().textContent).toBe('Settings');
  expect(state().at).toBe(3);
  expect([bar.inert, sheet.checkVisibility()]).toEqual([false, false]);
  await userEvent.keyboard('/');
  await expect.poll(() => at().getAttribute('aria-label')).toBe('Find a field');

  // The open tab is in sight.
  await userEvent.keyboard('{Escape}');
  show('runs');
  const list = page.getByRole('tablist').element().getBoundingClientRect();
  await expect
    .poll(() => page.getByRole('tab', { name: 'Runs' }).element().getBoundingClientRect().right)
    .toBeLessThanOrEqual(list.right + 1);
});
