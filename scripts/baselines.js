// Single-domain baselines: node scripts/baselines.js [tiny] [--seeds 3] [--backend auto|webgpu|cpu]. Writes public/baselines/<size>.json.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from '../bin/load.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '3' }, backend: { type: 'string', default: 'auto' } },
});
const [size = 'tiny'] = positionals;
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) throw new Error(`invalid --seeds: ${values.seeds} (a whole number from 1)`);
const root = fileURLToPath(new URL('..', import.meta.url));
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const changed = git('status', '--porcelain', '--', 'src/engine', 'src/kernels', 'src/config', 'src/tasks', 'shaders');
const say = (line) => console.error(line);

const { trainBaselines, baselinesText, baselinesPath, nodeBackend } = await load('scripts/trainBaselines.ts');
const backend = await nodeBackend(values.backend, say);
const found = await trainBaselines(backend, {
  size,
  seeds,
  command: `node scripts/baselines.js ${size} --seeds ${seeds} --backend ${values.backend}`,
  commit: `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`,
  say,
});
const path = `${root}public/${baselinesPath(size)}`;
mkdirSync(`${root}public/baselines`, { recursive: true });
writeFileSync(path, baselinesText(found));
say(`written: public/${baselinesPath(size)}`);
backend.destroy();
process.exit(0);
