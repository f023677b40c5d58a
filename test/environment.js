// What the tests need from the machine: a Chromium, and a Vulkan driver for Dawn in Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LINUX = process.platform === 'linux';

/** Paths where a Chromium may lie, the preferred one first. */
function* chromiumPaths() {
  if (process.env.MCPO_CHROMIUM) yield process.env.MCPO_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
    for (const folder of folders) yield join(folder, name);
  if (process.platform === 'darwin')
    for (const name of ['Google Chrome', 'Chromium']) yield `/Applications/${name}.app/Contents/MacOS/${name}`;
  const caches = {
    linux: join(homedir(), '.cache'),
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
  };
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(caches[process.platform] ?? homedir(), 'ms-playwright');
  const versions = existsSync(cache) ? readdirSync(cache).filter((n) => /^chromium-\d+$/.test(n)) : [];
  for (const version of versions.sort().reverse())
    for (const folder of readdirSync(join(cache, version))) {
      const base = join(cache, version, folder);
      yield join(base, 'chrome');
      yield join(base, 'chrome.exe');
      for (const name of ['Chromium', 'Google Chrome for Testing']) yield join(base, `${name}.app/Contents/MacOS/${name}`);
    }
}

/** The first Chromium that starts: a name on the PATH may be a mere stand-in for one that is not installed. */
export function findChromium() {
  for (const path of new Set(chromiumPaths())) {
    if (!existsSync(path)) continue;
    if (process.platform === 'win32') return { path, version: 'Chromium' };
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000 });
    if (status === 0) return { path, version: stdout.trim() };
  }
  return undefined;
}

/** Runs a command with its output on this terminal; true when it succeeds. */
export function sh(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  return status === 0;
}

const canApt = () => LINUX && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
const apt = (packages) => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return sh('apt-get', ['update'], { env }) && sh('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
};

/** Finds Chromium, or tries to install it. @throws Error with what to do when there is none. */
export function ensureChromium(say) {
  let found = findChromium();
  if (!found && canApt()) {
    say('No Chromium found: installing it with apt-get.');
    apt(['chromium', 'libvulkan1']);
    found = findChromium();
  }
  if (!found) {
    say("No Chromium found: installing Playwright's.");
    const cli = join(ROOT, 'node_modules/playwright/cli.js');
    if (!canApt() || !sh(process.execPath, [cli, 'install', '--with-deps', 'chromium']))
      sh(process.execPath, [cli, 'install', 'chromium']);
    found = findChromium();
  }
  if (!found) throw new Error('The tests need Chromium: install it, or give its path in MCPO_CHROMIUM.');
  say(`Chromium: ${found.version} (${found.path})`);
  return found.path;
}

/** The adapter that Dawn finds in a fresh process, in words; undefined when there is none. */
function adapterWith(env) {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'test/adapter.js')], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return status === 0 ? stdout.trim().split('\n').pop() : undefined;
}

/**
 * Makes sure that WebGPU works in Node; returns the environment variables that it needs.
 * @throws Error with what to do when no driver gives an adapter.
 */
export function ensureVulkan(chromium, say) {
  const attempts = () => {
    const beside = join(dirname(chromium), 'vk_swiftshader_icd.json');
    return [{}, ...(LINUX && existsSync(beside) ? [{ VK_DRIVER_FILES: beside }] : [])];
  };
  const search = () => {
    for (const env of attempts()) {
      const adapter = adapterWith(env);
      if (!adapter) continue;
      say(`WebGPU in Node: ${adapter}${env.VK_DRIVER_FILES ? ` (${env.VK_DRIVER_FILES})` : ''}`);
      return env;
    }
    return undefined;
  };
  let found = search();
  if (!found && canApt()) {
    say('No Vulkan driver for Node found: installing the loader and a software driver with apt-get.');
    apt(['libvulkan1', 'mesa-vulkan-drivers']);
    found = search();
  }
  if (!found)
    throw new Error('The tests need WebGPU in Node: install a Vulkan loader (libvulkan1) and a driver (mesa-vulkan-drivers).');
  return found;
}
