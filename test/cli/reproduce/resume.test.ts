import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { reproduceCommand } from '../../../src/cli/reproduce';
import { Random } from '../../../src/math/random';

const folder = mkdtempSync(join(tmpdir(), 'mcpo-reproduce-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PROGRAM = fileURLToPath(new URL('../../../bin/mcpo-lab.js', import.meta.url));
const SMALL = ['rollout.prompts=10', 'rollout.group=4', 'tasks.instances=16', 'eval.prompts=5', 'eval.samples=2'];
const argumentsFor = (out: string) => [
  'table2b',
  ...[
    '--size',
    'tiny',
    '--seeds',
    '2',
    '--steps',
    '6',
    '--backend',
    'cpu',
    '--runs',
    '2',
    '--keep',
    '0',
    '--out',
    join(folder, out),
  ],
  ...SMALL,
];

/** Runs the command in this process. */
async function here(out: string, ...more: string[]) {
  const lines: string[] = [];
  const code = await reproduceCommand([...argumentsFor(out), ...more], {
    out: (text) => lines.push(text),
    err: (text) => lines.push(text),
  });
  return { code, lines };
}

/** Runs it in a process of its own and kills that, without a word of warning, once it has printed `progress` lines of progress. */
function killed(out: string, progress: number): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, 'reproduce', ...argumentsFor(out)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let seen = 0;
  return new Promise((resolve) => {
    child.stderr.on('data', (data: Buffer) => {
      seen += data
        .toString()
        .split('\n')
        .filter((l) => l.includes(': step ')).length;
      if (seen >= progress) child.kill('SIGKILL');
    });
    child.on('close', () => resolve());
  });
}

/** What the reports say, without what tells one run of the command from another. */
const said = (out: string) => {
  const untimed = (key: string, value: unknown) => (key === 'seconds' ? undefined : value);
  const { provenance: _, ...result } = JSON.parse(readFileSync(join(folder, out, 'table2b.json'), 'utf8'), untimed);
  return result;
};
const curvesOf = (out: string) =>
  Object.fromEntries(
    readdirSync(join(folder, out, 'runs')).map((name) => {
      const { seconds: _, ...run } = JSON.parse(readFileSync(join(folder, out, 'runs', name), 'utf8'));
      return [name, run];
    }),
  );

describe('reproduce', () => {
  it('killed at random moments goes on and ends with the same table and the same curves', async () => {
    expect((await here('whole')).code).toBe(0);
    const random = new Random(20261124, 1);
    for (let i = 0; i < 2; i++) await killed('killed', 1 + random.below(3));
    const { code, lines } = await here('killed');
    expect(code).toBe(0);
    expect(said('killed')).toEqual(said('whole'));
    expect(curvesOf('killed')).toEqual(curvesOf('whole'));
    // Nothing is left over, and a third call has nothing to do.
    expect(readdirSync(join(folder, 'killed', 'fleets'))).toEqual([]);
    expect(lines.join('\n')).toMatch(/6 runs in 1 experiments/);
    expect((await here('killed')).lines.join('\n')).toMatch(/6 of them done/);
  });

  it('reports on what is finished without training more', async () => {
    const [first] = readdirSync(join(folder, 'whole', 'runs'));
    mkdirSync(join(folder, 'part', 'runs'), { recursive: true });
    copyFileSync(join(folder, 'whole', 'runs', first), join(folder, 'part', 'runs', first));
    expect((await here('part', '--report')).code).toBe(0);
    expect(readdirSync(join(folder, 'part', 'runs'))).toEqual([first]);
    const rows = said('part').rows.map(({ seeds }: { seeds: number[] }) => seeds.length);
    expect(rows.reduce((a: number, b: number) => a + b)).toBe(1);
    expect(said('part').claims[0].verdict).toBe('no data');
  });

  it('has every run of the table with its accuracy, curves and read-out', () => {
    const runs = Object.values(curvesOf('whole')) as {
      steps: number;
      curves: Record<string, number[]>;
      sampled: { average: number };
    }[];
    expect(runs).toHaveLength(6);
    for (const { steps, curves, sampled } of runs) {
      expect(steps).toBe(6);
      expect(curves['reward/mean']).toHaveLength(6);
      expect(sampled.average).toBeGreaterThanOrEqual(0);
    }
    const { rows, claims } = said('whole');
    expect(rows).toHaveLength(3);
    expect(claims.length).toBeGreaterThan(2);
    expect(readFileSync(join(folder, 'whole', 'table2b.md'), 'utf8')).toContain('frozen head');
    expect(readFileSync(join(folder, 'whole', 'table2b.svg'), 'utf8')).toMatch(/^<svg /);
  });

  it.each([
    [['table3'], 'unknown experiment: table3 (one of table1,'],
    [[], 'missing experiment: one or more of table1,'],
    [['table1', '--seeds', '0'], 'invalid --seeds: 0 (an integer from 1 to 1000)'],
    [['table1', '--size', 'huge'], 'invalid --size: huge (tiny, classroom, paper)'],
    [['table1', '--out', join(PROGRAM, 'x')], 'cannot write --out'],
    [['table1', 'eval.prompts=0'], 'invalid eval.prompts: 0'],
  ])('refuses %j with one line', async (args, message) => {
    await expect(reproduceCommand(args, { out() {}, err() {} })).rejects.toThrow(message);
  });
});
