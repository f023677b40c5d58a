import { expect, vi } from 'vitest';
import { page } from 'vitest/browser';
import { openArchive } from '../../src/archive/archive';
import { lab } from '../../src/store/lab';
import { library, theArchive } from '../../src/store/library';
import { runsView } from '../../src/store/runsView';
import { button, close, open, ready, WAIT } from './onPage';

/** Kept runs in a real archive, for tests of the page that shows them. */

export const LINK =
  '#preset=tiny&preset=mcpo-grpo&rollout.prompts=5&rollout.group=4&eval.prompts=2&eval.samples=1&steps=40&view=runs';

export const rows = () => [...document.querySelectorAll<HTMLElement>('tr.run')];
export const row = (name: string) => rows().find((r) => r.querySelector('.name')?.textContent === name) as HTMLElement;
export const messages = () => document.querySelector('.messages')?.textContent ?? '';
export const toast = () => document.querySelector('.toasts')?.textContent ?? '';

/** The page, once its engine is ready. */
export async function openPage(link = LINK): Promise<void> {
  open(link);
  await ready();
}

/** What a fresh profile has: nothing. */
export async function clear(): Promise<void> {
  const archive = await openArchive();
  const ids = (await archive.list()).map((r) => r.id);
  if (ids.length) await archive.remove(ids);
  await archive.purge();
  archive.close();
}

/** Trains step by step until the last one has its checkpoint. */
export async function train(steps: number): Promise<void> {
  await ready();
  for (let i = 0; i < steps; i++) {
    const from = lab.getState().step;
    await button('Step').click();
    await expect.poll(() => lab.getState().step === from + 1 && lab.getState().status === 'paused', WAIT).toBe(true);
  }
  const kept = async () => {
    const { onPage } = library.getState();
    return onPage.length > 0 && (await theArchive().checkpoints(onPage[0])).some((c) => c.step === lab.getState().step);
  };
  await expect.poll(kept, WAIT).toBe(true);
}

/** Files as the page hands them out. */
export function downloads(): File[] {
  const out: File[] = [];
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:nothing');
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    const blob = vi.mocked(URL.createObjectURL).mock.lastCall?.[0] as Blob;
    out.push(new File([blob], this.download));
  });
  return out;
}

/** Drops files on the page; `size` stands for a file that is too large to be made here. */
export function drop(...files: (File & { size: number })[]): void {
  const dataTransfer = { types: ['Files'], files, dropEffect: '' };
  for (const type of ['dragenter', 'drop'])
    document.body.dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer }));
}

/** Before each test. */
export async function beginAnew(): Promise<void> {
  await page.viewport(1440, 900);
  runsView.setState({ selected: new Set(), compared: [], toast: null, busy: '' });
  await clear();
}

/** After each test. */
export async function putAway(): Promise<void> {
  await close();
  vi.restoreAllMocks();
  await clear();
}
