import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The linter's layer rule, tried on files that break it and files that keep it, in a copy of the project's settings. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMPORTS = 'lint/style/noRestrictedImports';
const GLOBALS = 'lint/style/noRestrictedGlobals';
const use = (from: string) => `import { x } from '${from}';\nexport const y = x;\n`;

/** Layer, imports that it may have, imports that it may not have. */
const LAYERS: [string, string[], string[]][] = [
  ['math', ['./other', 'ml-matrix'], ['../config/schema', '../gpu/kernel', 'zod', 'node:fs', '../../shaders/a.wgsl?raw']],
  ['config', ['./schema', 'zod'], ['../math/random', '../gpu/plan', '../engine/fleet', 'react']],
  ['tasks', ['../math/random', '../config/schema'], ['../gpu/kernel', '../kernels/state', '../engine/fleet', 'zod']],
  ['gpu', ['./kernel'], ['../math/random', '../config/schema', '../kernels/state', 'webgpu', 'node:fs']],
  [
    'kernels',
    [
      '../gpu/kernel',
      '../math/random',
      '../config/hyper',
      '../tasks/words',
      '../../shaders/a.wgsl?raw',
      '../../shaders/lib/a.wgsl?raw',
    ],
    ['../engine/fleet', '../host/loop', '../ui/app', 'webgpu'],
  ],
  [
    'engine',
    ['../kernels/state', '../gpu/plan', '../tasks/words', 'ml-matrix'],
    ['../host/loop', '../cli/main', 'node:fs', 'react'],
  ],
  [
    'sweep',
    ['../engine/evaluation', '../config/schema', '../math/random'],
    ['../host/loop', '../kernels/state', '../ui/app', 'node:fs'],
  ],
  [
    'host',
    ['../engine/fleet', '../sweep/types', '../gpu/backend', '../config/schema'],
    ['../cli/device', '../store/store', '../ui/app', 'webgpu'],
  ],
  [
    'store',
    ['../archive/archive', '../host/protocol', '../config/schema', 'zustand/vanilla'],
    ['../engine/fleet', '../ui/app', '../cli/main', 'dexie', 'react'],
  ],
  [
    'archive',
    ['../host/protocol', '../config/schema', 'dexie', 'hyparquet-writer', 'd3-dsv'],
    ['../engine/fleet', '../store/lab', '../ui/app', 'react'],
  ],
  [
    'charts',
    ['../math/statistics', 'd3-scale', '../../shaders/view/a.wgsl?raw'],
    ['../store/store', '../engine/fleet', 'react', 'zustand', '../../shaders/a.wgsl?raw'],
  ],
  [
    'ui',
    ['../store/store', '../charts/line', '../config/fields', 'react', 'katex'],
    ['../archive/archive', '../host/client', '../engine/fleet', '../math/random', 'node:fs'],
  ],
  [
    'cli',
    ['../host/loop', '../engine/fleet', 'webgpu', 'node:fs', 'node:fs/promises'],
    ['../store/store', '../charts/line', '../ui/app', 'react'],
  ],
];

/** File, text, the rule that must speak. */
const BROKEN: [string, string, string][] = [
  ...LAYERS.flatMap(([layer, , forbidden]) =>
    forbidden.map((from, i): [string, string, string] => [`src/${layer}/bad${i}.ts`, use(from), IMPORTS]),
  ),
  ['src/tasks/deep/up.ts', use('../../engine/fleet'), IMPORTS],
  ['src/kernels/deep/up.ts', use('../../host/loop'), IMPORTS],
  ['src/ui/deep/up.ts', use('../../engine/fleet'), IMPORTS],
  ['src/ui/deep/far.ts', use('node:fs'), IMPORTS],
  ['src/ui/deep/deeper/up.ts', use('../../../engine/fleet'), IMPORTS],
  ['src/math/typeOnly.ts', "import type { X } from '../engine/fleet';\nexport type Y = X;\n", IMPORTS],
  ['src/math/again.ts', "export { x } from '../engine/fleet';\n", IMPORTS],
  ['src/math/late.ts', "export const x = () => import('../engine/fleet');\n", IMPORTS],
  ['src/main.tsx', use('node:fs'), IMPORTS],
  ['src/engine/page.ts', 'export const x = () => document.title;\n', GLOBALS],
  ['src/host/page.ts', 'export const x = () => window.name;\n', GLOBALS],
  ['src/host/client.ts', 'export const x = () => self.name;\n', GLOBALS],
  ['src/host/worker.ts', 'export const x = () => document.title;\n', GLOBALS],
  ['src/ui/scope.ts', 'export const x = () => self.name;\n', GLOBALS],
  ['src/engine/chance.ts', 'export const x = () => Math.random();\n', 'plugin'],
  ['src/math/clock.ts', 'export const x = () => Date.now();\n', 'plugin'],
  ['src/tasks/date.ts', 'export const x = () => new Date();\n', 'plugin'],
  ['src/kernels/ringA.ts', "import { b } from './ringB';\nexport const a = () => b;\n", 'lint/suspicious/noImportCycles'],
  ['src/kernels/ringB.ts', "import { a } from './ringA';\nexport const b = () => a;\n", 'lint/suspicious/noImportCycles'],
];

const SOUND: [string, string][] = [
  ...LAYERS.flatMap(([layer, allowed]) => allowed.map((from, i): [string, string] => [`src/${layer}/good${i}.ts`, use(from)])),
  ['src/tasks/deep/same.ts', use('../words')],
  ['src/tasks/deep/below.ts', use('../../math/random')],
  ['src/tasks/deep/beside.ts', use('./math')],
  ['src/ui/deep/store.ts', use('../../store/store')],
  ['src/ui/deep/deeper/store.ts', use('../../../store/store')],
  ['src/ui/deep/deeper/panel.ts', use('../../Panel')],
  ['src/kernels/deep/shader.ts', use('../../../shaders/a.wgsl?raw')],
  ['src/host/version.ts', use('../../package.json')],
  ['src/ui/page.ts', 'export const x = () => document.title + window.name;\n'],
  ['src/charts/page.ts', 'export const x = () => document.title;\n'],
  ['src/host/analysis/worker.ts', 'export const x = () => self.name;\n'],
  ['src/host/analysis/umap.ts', use('umap-js')],
  ['src/host/scope/worker.ts', 'export const x = (document: string) => document;\n'],
  ['src/host/clock.ts', 'export const x = () => Date.now() + Math.random();\n'],
  ['src/engine/round.ts', 'export const x = () => Math.round(1.5);\n'],
];

describe('the linter enforces the layers', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mcpo-layers-'));
  const found = new Map<string, Set<string>>();

  beforeAll(() => {
    for (const part of ['biome.json', 'lint']) cpSync(join(ROOT, part), join(dir, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'junction');
    for (const [file, text] of [...BROKEN, ...SOUND]) {
      mkdirSync(join(dir, dirname(file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', 'src'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 26 });
    const start = stdout.indexOf('{');
    if (start < 0) throw new Error(`Biome said nothing to read:\n${stdout}${stderr}`);
    for (const { category, location } of JSON.parse(stdout.slice(start)).diagnostics) {
      const path = String(location?.path?.file ?? location?.path ?? '').replaceAll('\\', '/');
      const file = path.slice(Math.max(0, path.lastIndexOf('src/')));
      found.set(file, (found.get(file) ?? new Set()).add(category));
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(BROKEN)('%s is refused', (file, _text, rule) => {
    expect([...(found.get(file) ?? [])]).toContain(rule);
  });

  test.each(SOUND)('%s passes', (file) => {
    expect([...(found.get(file) ?? [])]).toEqual([]);
  });
});
