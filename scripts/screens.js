// `node scripts/screens.js [view …]`: builds the page, trains a tiny race in it and photographs every view into docs/screens/;
// `sweep` is a view that trains a sweep of its own.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { ensureChromium } from '../test/environment.js';
import { sweepScreens } from './sweepScreens.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'docs', 'screens');
const VIEWS = ['Overview', 'Logits', 'Geometry', 'Rollouts', 'What if', 'Interference', 'Runs'];
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const LINK = '?backend=cpu#preset=tiny&preset=mcpo-grpo';
const STEPS = 30;

/** Every picture: view, colour scheme, size, link. */
const SHOTS = [
  ...VIEWS.map((view) => ({ view, scheme: 'light', size: DESK, link: LINK })),
  ...VIEWS.map((view) => ({ view, scheme: 'dark', size: DESK, link: LINK })),
  ...VIEWS.map((view) => ({ view, scheme: 'light', size: PHONE, link: LINK, name: 'phone' })),
  { view: 'Overview', scheme: 'light', size: DESK, link: `${LINK}&race=grpo,mcpo-grpo&seeds=2`, name: 'race' },
  { view: 'Overview', scheme: 'light', size: { width: 800, height: 450 }, link: `${LINK}&embed=1`, name: 'embed' },
];

const only = process.argv.slice(2).map((v) => v.toLowerCase());
const outDir = mkdtempSync(join(tmpdir(), 'mcpo-screens-'));
await build({ root: ROOT, logLevel: 'error', build: { outDir, emptyOutDir: true } });
const server = await preview({ root: ROOT, logLevel: 'error', build: { outDir }, preview: { port: 0, host: 'localhost' } });
const address = `http://localhost:${server.httpServer.address().port}/`;
const browser = await chromium.launch({ executablePath: ensureChromium(console.log), args: ['--no-sandbox'] });
mkdirSync(OUT, { recursive: true });

const groups = new Map();
for (const shot of SHOTS) {
  const key = JSON.stringify([shot.scheme, shot.size, shot.link]);
  groups.set(key, [...(groups.get(key) ?? []), shot]);
}
for (const shots of groups.values()) {
  const wanted = shots.filter((s) => only.length === 0 || only.includes(s.view.toLowerCase()) || only.includes(s.name));
  if (wanted.length === 0) continue;
  const [{ scheme, size, link }] = wanted;
  const context = await browser.newContext({ viewport: size, colorScheme: scheme, deviceScaleFactor: size === PHONE ? 2 : 1 });
  const page = await context.newPage();
  await page.goto(address + link);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction((steps) => Number(document.querySelector('[data-testid=step]')?.textContent) >= steps, STEPS, {
    timeout: 600_000,
  });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  for (const { view, name } of wanted) {
    await page.getByRole('tab', { name: view, exact: true }).click();
    // Maps and matrices are made in a worker.
    await page.waitForTimeout(3500);
    const file = [view.toLowerCase().replaceAll(' ', '-'), name ?? scheme].join('-');
    await page.screenshot({ path: join(OUT, `${file}.png`) });
    console.log(`docs/screens/${file}.png`);
  }
  await context.close();
}
if (only.length === 0 || only.includes('sweep')) {
  const context = await browser.newContext({ viewport: DESK, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(address + LINK);
  await sweepScreens(page, PHONE, async (name, fullPage) => {
    await page.screenshot({ path: join(OUT, `${name}.png`), fullPage });
    console.log(`docs/screens/${name}.png`);
  });
  await context.close();
}
await browser.close();
await new Promise((done) => server.httpServer.close(done));
rmSync(outDir, { recursive: true, force: true });
