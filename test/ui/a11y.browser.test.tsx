import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cdp, page } from 'vitest/browser';
import { lab } from '../../src/store/lab';
import { show } from '../../src/store/look';
import { VIEWS, type ViewName } from '../../src/store/view';
import { close, open, trainUntil, until } from './onPage';

/** Every view after some steps of a small race on the CPU, as people with other eyes, hands and settings meet it. */

const LINK =
  '#preset=tiny&race=grpo,mcpo-grpo&focus=1&contrast.warmup=0&rollout.prompts=10&rollout.group=4&eval.prompts=2&eval.samples=1';
const DESK = [1440, 900] as const;
const PHONE = [390, 844] as const;

beforeAll(async () => {
  await page.viewport(...DESK);
  open(LINK);
  await trainUntil(() => lab.getState().step >= 6);
});
afterAll(async () => {
  await emulate({});
  await close();
});

/** Sets media features of the browser; those left out go back to what they were. */
const emulate = (features: Record<string, string>) =>
  (cdp() as unknown as { send(method: string, params: unknown): Promise<unknown> }).send('Emulation.setEmulatedMedia', {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  });

const view = () => document.getElementById('view') as HTMLElement;

/** Opens a view and waits until what it loads and computes is there. */
async function visit(name: ViewName): Promise<void> {
  show(name);
  await until(() => view().querySelector('.opening') === null && view().children.length > 0);
  let before = '';
  await expect
    .poll(
      () => {
        const now = view().innerText;
        const still = now === before;
        before = now;
        return still;
      },
      { timeout: 10_000, interval: 150 },
    )
    .toBe(true);
}

const describeElement = (e: Element) =>
  `${e.tagName.toLowerCase()}.${[...e.classList].join('.')} “${(e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40)}”`;

const controls = () =>
  [
    ...document.querySelectorAll<HTMLElement>('button, select, input, textarea, summary, a[href], [role=slider], [role=option]'),
  ].filter(
    (e) =>
      e.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && !e.closest('[inert], .visually-hidden, .skip'),
  );

/** What a press at a place reaches: the control itself, or its label. */
function reached(control: HTMLElement, x: number, y: number): boolean {
  const hit = document.elementFromPoint(x, y);
  if (!hit) return true;
  const label = (control as HTMLInputElement).labels?.[0];
  return control.contains(hit) || (label?.contains(hit) ?? false);
}

/** What is pressed: a label where it is the control's only visible part. */
function target(control: HTMLElement): HTMLElement {
  const label = (control as HTMLInputElement).labels?.[0];
  return label && control.matches('[type=checkbox], [type=radio]') ? label : control;
}

/** Controls that a finger cannot press within 32 × 32 px around their middle. Terms are words of a text and only explain. */
function tooSmall(): string[] {
  const pressed = controls().filter((e) => !e.classList.contains('term'));
  return pressed.flatMap((control) => {
    control.scrollIntoView({ block: 'center', inline: 'center' });
    const { left, top, width, height } = target(control).getBoundingClientRect();
    if (width === 0) return [];
    const half = 15;
    const [x, y] = [left + width / 2, top + height / 2];
    const around = [
      [0, -half],
      [0, half],
      [-half, 0],
      [half, 0],
    ];
    const missed = around.find(([dx, dy]) => !reached(control, x + dx, y + dy));
    if (!missed) return [];
    const instead = document.elementFromPoint(x + missed[0], y + missed[1]) as Element;
    return [
      `${describeElement(control)} ${Math.round(width)} × ${Math.round(height)}: ${missed} px away is ${describeElement(instead)}`,
    ];
  });
}

/** What makes the page scroll sideways. */
const tooWide = (): string[] =>
  document.documentElement.scrollWidth <= document.documentElement.clientWidth
    ? []
    : [...document.querySelectorAll('.lab *')]
        .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(describeElement);

const violations = async (rules: axe.RunOptions): Promise<string[]> =>
  (await axe.run(document.body, rules)).violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`),
  );

/** Everything once at each size and in each scheme; what depends on the scheme alone in the other pairs too. */
const CONTRAST: axe.RunOptions = { runOnly: ['color-contrast'] };

describe.each([
  ['light', DESK, {} as axe.RunOptions],
  ['dark', DESK, CONTRAST],
  ['light', PHONE, CONTRAST],
  ['dark', PHONE, {} as axe.RunOptions],
] as const)('%s, %s', (scheme, size, rules) => {
  test.each(VIEWS)('%s: axe finds nothing, and nothing is too wide or, on a phone, too small for a finger', async (name) => {
    await emulate({ 'prefers-color-scheme': scheme });
    await page.viewport(size[0], size[1]);
    await visit(name);
    expect(await violations(rules)).toEqual([]);
    expect(document.querySelectorAll('h1')).toHaveLength(1);
    expect(tooWide()).toEqual([]);
    if (size === PHONE) expect(tooSmall()).toEqual([]);
  });
});

describe('with other settings', () => {
  test('less motion: nothing on any view is animated', async () => {
    await page.viewport(...DESK);
    await emulate({ 'prefers-reduced-motion': 'reduce' });
    for (const name of VIEWS) {
      await visit(name);
      const moving = [...document.querySelectorAll('.lab, .lab *')].filter((e) =>
        [null, '::before', '::after'].some((part) => {
          const { animationName, transitionProperty, transitionDuration } = getComputedStyle(e, part);
          return animationName !== 'none' || (transitionProperty !== 'none' && !/^0s(, 0s)*$/.test(transitionDuration));
        }),
      );
      expect(moving.map(describeElement)).toEqual([]);
      expect(document.getAnimations()).toEqual([]);
    }
  });

  test('the system’s colours: what is chosen stands out, on every view', async () => {
    await page.viewport(...DESK);
    await emulate({ 'forced-colors': 'active', 'prefers-color-scheme': 'dark' });
    expect(matchMedia('(forced-colors: active)').matches).toBe(true);
    const ground = (e: Element | null) => getComputedStyle(e as Element).backgroundColor;
    for (const name of VIEWS) {
      await visit(name);
      expect(ground(document.getElementById(`tab-${name}`))).not.toBe(
        ground(document.querySelector('[role=tab][aria-selected=false]')),
      );
      for (const group of document.querySelectorAll('.segments')) {
        const spans = [...group.querySelectorAll('input')].map((i) => [i.checked, ground(i.nextElementSibling)] as const);
        const chosen = spans.find(([checked]) => checked)?.[1];
        expect(spans.filter(([, color]) => color === chosen)).toHaveLength(1);
      }
    }
  });

  test('enlarged to 200 %: every control is in the page, and none is cut', async () => {
    await emulate({});
    // 1440 × 900 at twice the size.
    await page.viewport(720, 450);
    for (const name of VIEWS) {
      await visit(name);
      expect(tooWide()).toEqual([]);
      const cut = controls().filter((e) => {
        if (!e.matches('button:not(.code *), summary')) return false;
        // Words for screen readers take no room.
        const shown = [...e.childNodes].filter((n) => !(n instanceof Element && n.classList.contains('visually-hidden')));
        const widths = shown.map((n) => {
          const words = document.createRange();
          words.selectNode(n);
          return words.getBoundingClientRect().width;
        });
        return widths.reduce((a, b) => a + b, 0) > e.getBoundingClientRect().width + 1;
      });
      expect(cut.map(describeElement)).toEqual([]);
    }
  });
});
