import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { parseSpec } from '../../src/sweep/spec';
import type { Entry } from '../../src/sweep/types';
import { outcome, SMALL, wholeSweep } from '../host/sweep/support';
import { openSite, type Site } from './site';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

/** 16 points × 4 seeds at the tiny size, chosen and pruned by what is measured. */
const SPEC = {
  name: 'in the page',
  presets: ['tiny', 'mcpo-grpo'],
  changes: { ...SMALL, steps: 8, 'rollout.group': 4 },
  fields: [
    { field: 'contrast.lambda', from: 0.02, to: 1 },
    { field: 'optimizer.lr', from: 0.0003, to: 0.01 },
  ],
  seeds: 4,
  sampler: { kind: 'optuna', startup: 6 },
  pruner: { kind: 'median', startup: 4, warmup: 4 },
  objective: { metric: 'reward/mean', window: 4 },
  budget: 64,
  report: 2,
  places: 16,
};

/** The journal of the page's sweep, from IndexedDB itself. */
const journalOf = (page: Page): Promise<Entry[]> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('mcpo-lab-sweeps');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const all = request.result.transaction('entries').objectStore('entries').getAll();
          all.onerror = () => reject(all.error);
          all.onsuccess = () => {
            const rows = all.result as { seq: number; entries: Entry[] }[];
            resolve(rows.sort((a, b) => a.seq - b.seq).flatMap((row) => row.entries));
            request.result.close();
          };
        };
      }),
  );

test('a sweep of 64 trials, reloaded twice on its way, ends as the same sweep in Node', { timeout: 400_000 }, async () => {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${site.address}?backend=cpu#preset=tiny&preset=mcpo-grpo&view=sweep`);
  await page.getByText('JSON', { exact: true }).click();
  await page.locator('textarea').fill(JSON.stringify(SPEC));
  await page.getByRole('button', { name: 'Start 64 trials' }).click();
  const begun = async () => (await journalOf(page)).filter((e) => e.type === 'end').length;
  for (const ends of [8, 36]) {
    await expect.poll(begun, { timeout: 200_000, interval: 50 }).toBeGreaterThanOrEqual(ends);
    expect(await begun()).toBeLessThan(64);
    await page.reload();
  }
  await page.getByText('64 of 64 trials ended').first().waitFor({ timeout: 200_000 });
  const here = outcome((await wholeSweep(parseSpec(SPEC), cpuBackend())).entries);
  // The page shows what the worker tells; the database has it a moment later.
  await expect
    .poll(async () => (await journalOf(page)).at(-1), { timeout: 20_000 })
    .toMatchObject({ type: 'round', round: here.rounds });
  expect(outcome(await journalOf(page))).toEqual(here);
  expect(here.trials.some((t) => t.state === 'pruned')).toBe(true);
  await context.close();
});
