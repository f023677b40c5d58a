import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { mount } from '../../src/main';
import { lab } from '../../src/store/lab';
import { stopLibrary } from '../../src/store/library';

/** The overview's panels beside its curves. */

const SMALL = '#preset=tiny&rollout.prompts=10&rollout.group=4&eval.prompts=2&eval.samples=1&contrast.warmup=0';
const WAIT = { timeout: 60_000 };
let unmount: () => Promise<void>;

const button = (name: string) => page.getByRole('button', { name, exact: true });

async function open(link: string): Promise<void> {
  sessionStorage.clear();
  location.hash = link;
  const place = document.createElement('div');
  document.body.append(place);
  const stop = mount(place, `${location.origin}/`, 'cpu');
  unmount = async () => {
    stop();
    place.remove();
    await stopLibrary();
  };
  await expect.poll(() => lab.getState().fleet !== null && lab.getState().waiting === 0, WAIT).toBe(true);
}

async function step(): Promise<void> {
  await button('Step').first().click();
  await expect.poll(() => lab.getState().step === 1 && lab.getState().status === 'paused', WAIT).toBe(true);
}

beforeEach(() => page.viewport(1440, 900));
afterEach(async () => {
  await unmount();
  vi.restoreAllMocks();
});

test('texts of the rollouts keep to their columns; titles and the saved table have them whole', async () => {
  await open(`${SMALL}&preset=mcpo-grpo`);
  await step();
  await expect.poll(() => document.querySelectorAll('.rollouts tbody tr').length, WAIT).toBeGreaterThan(5);
  const { frames } = lab.getState().film;
  const long = Math.max(...frames[0].promptText.map((t) => t.length));
  const cells = [...document.querySelectorAll<HTMLElement>('.rollouts td.prompt')];
  for (const width of [1440, 390]) {
    await page.viewport(width, 900);
    for (const cell of cells) {
      const prompt = cell.querySelector('button') as HTMLElement;
      expect(cell.title).toBe(prompt.textContent);
      const response = cell.parentElement?.querySelector('.response') as HTMLElement;
      expect(response.title || '(empty)').toBe(response.textContent);
      const [box, next] = [prompt.getBoundingClientRect(), response.getBoundingClientRect()];
      if (width === 1440) expect(box.right, cell.title).toBeLessThanOrEqual(next.left - 8);
      expect(box.right).toBeLessThanOrEqual(width);
    }
  }
  expect(cells.some((c) => c.title.length === long)).toBe(true);

  await page.viewport(1440, 900);
  const files: { name: string; blob: Blob }[] = [];
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:nothing');
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    files.push({ name: this.download, blob: vi.mocked(URL.createObjectURL).mock.lastCall?.[0] as Blob });
  });
  await button('Save figure: Rollouts').click();
  await page.getByRole('menuitem', { name: /^CSV/ }).click();
  await expect.poll(() => files.length, WAIT).toBe(1);
  const table = await files[0].blob.text();
  for (const cell of cells) expect(table).toContain(cell.title);
});

test('a race maps the pool of a lane that trains an embedding, and keeps its focus', async () => {
  await open(`${SMALL}&race=grpo,mcpo-grpo`);
  await step();
  const pool = () => document.querySelector('.panel.pool') as HTMLElement;
  await expect.poll(() => pool().querySelector('canvas')?.getAttribute('aria-label') ?? '', WAIT).toContain('at step 1');
  expect(pool().querySelector('.aside')?.textContent).toContain('MCPO-GRPO');
  expect(document.querySelector('.panel.rollouts .aside')?.textContent).toContain('GRPO, step 1');
  expect(lab.getState().focus).toBe(0);
  const { violations } = await axe.run(document.querySelector('.overview') as HTMLElement);
  expect(violations.map((v) => v.id)).toEqual([]);
  // It opens in the geometry view.
  await page.getByRole('region', { name: 'Map of the pool' }).getByRole('button', { name: 'Open' }).click();
  expect([lab.getState().focus, lab.getState().view]).toEqual([1, 'geometry']);
});
