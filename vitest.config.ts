import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium } from './test/environment.js';

const executablePath = process.env.MCPO_CHROMIUM ?? findChromium()?.path;

/** Software adapters are slow, and a shared machine is slower still. */
const limits = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...limits,
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.browser.test.ts', 'test/kernels/**', 'test/page/**'],
          pool: 'forks',
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // One process and one device for all kernels: three times faster than one for each file, and a second process gains nothing.
        test: {
          ...limits,
          name: 'kernels',
          include: ['test/kernels/**/*.test.ts'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [react()],
        // Met first inside a worker or on demand: found that late, they would reload the test.
        optimizeDeps: { include: ['ml-matrix', 'umap-js', 'hyparquet', 'hyparquet-writer'] },
        test: {
          ...limits,
          name: 'browser',
          include: ['test/**/*.browser.test.{ts,tsx}'],
          sequence: { groupOrder: 2 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({
              launchOptions: {
                ...(executablePath ? { executablePath } : {}),
                args: [
                  '--no-sandbox',
                  '--enable-unsafe-webgpu',
                  '--use-webgpu-adapter=swiftshader',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                  '--no-first-run',
                ],
              },
            }),
          },
        },
      },
      {
        // The built page in a browser of its own, with the machine to itself: these tests measure.
        test: {
          ...limits,
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
