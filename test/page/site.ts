import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { findChromium } from '../environment.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Arguments of a Chromium with WebGPU on a machine without a GPU, and a garbage collector that tests can call. */
const ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--enable-precise-memory-info',
  '--js-flags=--expose-gc',
];

/** The built site behind a server of its own, and a browser to open it in. */
export interface Site {
  /** Address of the page, under a sub-path. */
  address: string;
  browser: Browser;
  close(): Promise<void>;
}

/** Builds the site as `npm run build` does and serves it. */
export async function openSite(): Promise<Site> {
  // Vitest's own mode would build React for development: half as large again, and hungry for memory.
  process.env.NODE_ENV = 'production';
  const outDir = mkdtempSync(join(tmpdir(), 'mcpo-site-'));
  await build({ root: ROOT, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = await preview({
    root: ROOT,
    logLevel: 'error',
    base: '/deep/lab/',
    build: { outDir },
    preview: { port: 0, host: 'localhost' },
  });
  const executablePath = process.env.MCPO_CHROMIUM ?? findChromium()?.path;
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ARGS });
  const { port } = server.httpServer.address() as { port: number };
  return {
    address: `http://localhost:${port}/deep/lab/`,
    browser,
    async close() {
      await browser.close();
      await new Promise<void>((done) => server.httpServer.close(() => done()));
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
