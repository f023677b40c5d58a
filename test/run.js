// `npm test`: types, lint, then every test; the last line printed is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium, ensureVulkan, sh } from './environment.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => join(ROOT, 'node_modules', path);
const say = (line) => console.log(line);
const total = { passed: 0, failed: 0 };

function count(title, passed) {
  say(`${passed ? '✓' : '✗'} ${title}`);
  total[passed ? 'passed' : 'failed']++;
}

/** Test files on disk, as paths from the project's folder. */
function testFiles(folder = join(ROOT, 'test')) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.test\.tsx?$/.test(entry.name) ? [relative(ROOT, path)] : [];
  });
}

/** Adds Vitest's own totals, and a failure for everything that went wrong outside a test. */
function runVitest(env, filters) {
  const folder = mkdtempSync(join(tmpdir(), 'mcpo-test-'));
  const file = join(folder, 'totals.json');
  const { status } = spawnSync(
    process.execPath,
    [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=./test/reporter.js', ...filters],
    { cwd: ROOT, env: { ...process.env, ...env, MCPO_TOTALS: file }, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const nothing = { passed: 0, failed: 0, skipped: 0, faults: [], files: [] };
  const { passed, failed, skipped, faults, files } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing;
  rmSync(folder, { recursive: true, force: true });

  total.passed += passed;
  total.failed += failed;
  for (const fault of faults) count(fault, false);
  const ran = new Set(files.map((path) => relative(ROOT, path)));
  const missed = filters.length > 0 ? [] : testFiles().filter((path) => !ran.has(path));
  for (const path of missed) count(`${path} did not run`, false);
  if (status !== 0 && failed + faults.length + missed.length === 0) count('Vitest ended with an error outside the tests', false);
  if (skipped > 0) say(`${skipped} skipped`);
}

try {
  const started = performance.now();
  const chromium = ensureChromium(say);
  const driver = ensureVulkan(chromium, say);
  count('types', sh(process.execPath, [bin('typescript/bin/tsc'), '--noEmit']));
  count(
    'lint',
    sh(process.execPath, [
      bin('@biomejs/biome/bin/biome'),
      process.env.CI ? 'ci' : 'check',
      ...(process.stdout.isTTY ? [] : ['--colors=off']),
      '.',
    ]),
  );
  runVitest({ MCPO_CHROMIUM: chromium, ...driver }, process.argv.slice(2));
  say(`${((performance.now() - started) / 1000).toFixed(0)} s`);
} catch (error) {
  count(error.message, false);
}
process.exitCode = total.failed === 0 ? 0 : 1;
say(`${total.passed} passed, ${total.failed} failed`);
