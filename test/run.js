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
  const file = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters],
    { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { testResults: [] };
  rmSync(folder, { recursive: true, force: true });

  const before = total.failed;
  const ran = new Set();
  for (const { name, status: outcome, assertionResults, message } of report.testResults) {
    ran.add(relative(ROOT, name));
    const failed = assertionResults.filter((t) => t.status === 'failed').length;
    total.passed += assertionResults.filter((t) => t.status === 'passed').length;
    total.failed += failed;
    if (outcome === 'failed' && failed === 0) count(`${relative(ROOT, name)} did not run: ${message.split('\n')[0]}`, false);
  }
  if (filters.length === 0) for (const path of testFiles()) if (!ran.has(path)) count(`${path} did not run`, false);
  if (status !== 0 && total.failed === before) count('Vitest ended with an error outside the tests', false);
}

try {
  const started = performance.now();
  const chromium = ensureChromium(say);
  const driver = ensureVulkan(chromium, say);
  count('types', sh(process.execPath, [bin('typescript/bin/tsc'), '--noEmit']));
  count('lint', sh(process.execPath, [bin('@biomejs/biome/bin/biome'), process.env.CI ? 'ci' : 'check', '.']));
  runVitest({ MCPO_CHROMIUM: chromium, ...driver }, process.argv.slice(2));
  say(`${((performance.now() - started) / 1000).toFixed(0)} s`);
} catch (error) {
  count(error.message, false);
}
process.exitCode = total.failed === 0 ? 0 : 1;
say(`${total.passed} passed, ${total.failed} failed`);
