#!/usr/bin/env node
// Runs the TypeScript sources through Vite's module runner: no build step is needed before the command works.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const { module } = await runnerImport(`${root}src/cli/main.ts`, { root, configFile: false, logLevel: 'error' });
process.exitCode = await module.main(process.argv.slice(2));
