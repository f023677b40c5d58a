import axe from 'axe-core';
import { vi } from 'vitest';
import { page } from 'vitest/browser';
import { mount } from '../../src/main';
import { lab } from '../../src/store/lab';
import { stopLibrary } from '../../src/store/library';

/** The whole page with its engine in a worker, for tests that use it as a person would. */

/** For what the engine takes its time for. */
export const WAIT = { timeout: 90_000 };
/** Waits for something, before all tests too. */
export const until = (met: () => boolean) => vi.waitUntil(met, { ...WAIT, interval: 50 });

let takeDown = () => {};

/** Opens the page with a link, as in a new tab; the CPU is the fastest without a GPU. */
export function open(link: string, backend = 'cpu'): void {
  sessionStorage.clear();
  history.replaceState(null, '', `#${link.replace(/^#/, '')}`);
  const place = document.createElement('div');
  document.body.append(place);
  const stop = mount(place, `${location.origin}/`, backend);
  takeDown = () => {
    stop();
    place.remove();
  };
}

/** Closes it; twice is no harm. */
export async function close(): Promise<void> {
  takeDown();
  takeDown = () => {};
  await stopLibrary();
}

export const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
/** Charts, matrices and maps. */
export const chart = (name: string | RegExp) => page.getByRole('slider', { name });
/** What a chart says to those who do not see it. */
export const said = (name: string | RegExp) => chart(name).element().getAttribute('aria-valuetext') ?? '';
export const stepShown = () => Number(document.querySelector('[data-testid=step]')?.textContent);

/** The engine has made what the page asks for. */
export const ready = () => until(() => lab.getState().fleet !== null && lab.getState().waiting === 0);

export async function pause(): Promise<void> {
  await button('Pause').click();
  await until(() => lab.getState().status === 'paused');
}

/** Plays until something has come about, then pauses. */
export async function trainUntil(met: () => boolean): Promise<void> {
  await ready();
  await button('Play').click();
  await until(met);
  await pause();
}

/** What axe finds on the page or in a part of it; nothing, it is hoped. */
export async function faults(part = 'body'): Promise<string[]> {
  const { violations } = await axe.run(document.querySelector(part) as HTMLElement);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
}
