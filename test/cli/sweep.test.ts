import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { Random } from '../../src/math/random';
import { fromJsonLines } from '../../src/sweep/exchange/journalFile';
import { parseSpec } from '../../src/sweep/spec';
import { MINUTE, outcome, wholeSweep } from '../host/sweep/support';

const folder = mkdtempSync(join(tmpdir(), 'mcpo-sweep-'));
const at = (...names: string[]) => join(folder, ...names);
const bin = fileURLToPath(new URL('../../bin/mcpo-lab.js', import.meta.url));

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, { out: (t) => void out.push(t), err: (t) => void err.push(t) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const SPEC = {
  name: 'command line',
  presets: ['tiny', 'mcpo-grpo'],
  changes: { ...MINUTE, steps: 6 },
  fields: [
    { field: 'contrast.lambda', from: 0.01, to: 1 },
    { field: 'optimizer.lr', from: 0.0001, to: 0.01 },
  ],
  seeds: 2,
  sampler: { kind: 'tpe', startup: 3 },
  pruner: { kind: 'median', startup: 2 },
  objective: { metric: 'policy/entropy', direction: 'min', window: 2 },
  budget: 16,
  report: 2,
  places: 4,
};
writeFileSync(at('spec.json'), JSON.stringify(SPEC));
const journal = (name: string) => fromJsonLines(readFileSync(at(name, 'journal.jsonl'), 'utf8')).entries;

/** Runs the real command until it ends, or kills it (SIGKILL) when its journal has so many bytes. */
function command(out: string, killAt: number): Promise<number | null> {
  return new Promise((resolve) => {
    const args = ['sweep', at('spec.json'), '--out', at(out), '--backend', 'cpu', '--keep', '0'];
    const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
    const path = at(out, 'journal.jsonl');
    const timer = setInterval(() => {
      if (existsSync(path) && readFileSync(path).length >= killAt) child.kill('SIGKILL');
    }, 5);
    child.on('exit', (code) => {
      clearInterval(timer);
      resolve(code);
    });
  });
}

it('killed with SIGKILL again and again, the same command comes to the same end as one left alone', {
  timeout: 400_000,
}, async () => {
  const whole = await run(
    'sweep',
    at('spec.json'),
    '--out',
    at('whole'),
    '--backend',
    'cpu',
    '--export',
    'csv',
    '--export',
    'optuna',
    '--export',
    'parquet',
  );
  expect(whole.code).toBe(0);
  expect(whole.out).toMatch(/best by policy\/entropy \(min\)/);
  const expected = outcome(journal('whole'));
  expect(expected.trials.length).toBe(16);
  const { length } = readFileSync(at('whole', 'journal.jsonl'));
  const random = new Random(2, 0);
  for (let kills = 0; kills < 4; kills++) {
    const before = existsSync(at('killed', 'journal.jsonl')) ? journal('killed') : [];
    const size = existsSync(at('killed', 'journal.jsonl')) ? readFileSync(at('killed', 'journal.jsonl')).length : 0;
    await command('killed', size + 1 + random.below(Math.floor(length / 3)));
    expect(journal('killed').slice(0, before.length)).toEqual(before);
  }
  expect(await command('killed', Number.POSITIVE_INFINITY)).toBe(0);
  expect(outcome(journal('killed'))).toEqual(expected);
  for (const { trial, state } of expected.trials) {
    const name = join('checkpoints', `trial-${trial}.safetensors`);
    expect(existsSync(at('whole', name))).toBe(state === 'finished');
    if (state === 'finished') expect(readFileSync(at('killed', name))).toEqual(readFileSync(at('whole', name)));
  }
  // The command and the engine without it agree.
  expect(outcome((await wholeSweep(parseSpec(SPEC), cpuBackend())).entries)).toEqual(expected);
  expect(readFileSync(at('whole', 'trials.csv'), 'utf8').trim().split('\n').length).toBe(17);
  // What is finished has nothing to do.
  const again = await run('sweep', at('spec.json'), '--out', at('whole'), '--backend', 'cpu');
  expect(again.code).toBe(0);
  expect(outcome(journal('whole'))).toEqual(expected);
});

describe('what is wrong is named', () => {
  const write = (name: string, text: string) => {
    writeFileSync(at(name), text);
    return at(name);
  };
  it.each([
    ['no file', ['sweep'], 'sweep takes one file'],
    ['a missing file', ['sweep', at('none.json')], 'no such file'],
    ['no JSON', ['sweep', write('broken.json', '{')], 'is not JSON'],
    [
      'an unknown field',
      ['sweep', write('field.json', JSON.stringify({ fields: [{ field: 'contrast.lamda', values: [1, 2] }] }))],
      'contrast.lamda',
    ],
    [
      'a log of zero',
      [
        'sweep',
        write('log.json', JSON.stringify({ fields: [{ field: 'contrast.lambda', from: 0, to: 1, scale: 'log', count: 3 }] })),
      ],
      'invalid fields[0].from: 0',
    ],
    ['another format', ['sweep', at('spec.json'), '--export', 'xls'], 'invalid --export: xls (optuna, csv, parquet)'],
  ])('%s', async (_name, argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('a folder that holds another sweep, or a journal that was cut in the middle', async () => {
    const other = write('other.json', JSON.stringify({ ...SPEC, name: 'other' }));
    const { code, err } = await run('sweep', other, '--out', at('whole'), '--backend', 'cpu');
    expect(code).toBe(2);
    expect(err).toMatch(/holds another sweep \(command line\): choose another --out, or delete it/);
    const lines = readFileSync(at('whole', 'journal.jsonl'), 'utf8').split('\n');
    lines[3] = lines[3].slice(0, 20);
    mkdirSync(at('torn'), { recursive: true });
    writeFileSync(at('torn', 'journal.jsonl'), lines.join('\n'));
    const torn = await run('sweep', at('spec.json'), '--out', at('torn'), '--backend', 'cpu');
    expect(torn.code).toBe(2);
    expect(torn.err).toMatch(/journal\.jsonl: line 4/);
  });
});
