import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main';
import { columnsOf, DOMAINS } from '../../src/tasks/registry';

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, { out: (t) => void out.push(t), err: (t) => void err.push(t) });
  return { code, out, err };
}

describe('mcpo-lab tasks', () => {
  test('lists every column with its chance level', async () => {
    const { code, out } = await run('tasks', 'tasks.modulus=4');
    expect(code).toBe(0);
    expect(out).toHaveLength(1 + columnsOf().length);
    expect(out.find((line) => line.includes('SciBench'))).toMatch(/^science +SciBench +25 %$/);
  });

  test.each(DOMAINS.map((d) => d.id))('samples of %s carry a verdict with its reason', async (id) => {
    const { code, out } = await run('tasks', id, '--n', '4', 'seed=3');
    const columns = columnsOf().filter(({ domain }) => DOMAINS[domain].id === id).length;
    expect(code).toBe(0);
    expect(out).toHaveLength(columns * (1 + 4 * 3));
    for (const line of out.filter((l) => l.startsWith('  demonstration'))) expect(line).toMatch(/<eos> {3}(right|wrong): \S/);
    expect((await run('tasks', id, '--n=4', 'seed=3')).out).toEqual(out);
    expect((await run('tasks', id, '--n=4', 'seed=4')).out).not.toEqual(out);
  });

  test('the noise rates act', async () => {
    const { out } = await run('tasks', 'toolUse', '--n', '30', 'warmStart.noiseOrder=0', 'warmStart.noiseTool=0');
    expect(out.join('\n')).not.toContain('wrong');
  });

  test.each([
    [['juggling'], 'unknown domain: juggling (one of math, code, science, toolUse, safety)'],
    [['math', '--n', '0'], 'invalid --n: 0 (an integer from 1 to 1000)'],
    [['math', '--n', '-1'], 'invalid --n: -1 (an integer from 1 to 1000)'],
    [['math', '--n'], 'invalid --n: (empty) (an integer from 1 to 1000)'],
    [['math', '--n', 'many'], 'invalid --n: many (an integer from 1 to 1000)'],
    [['math', 'code'], 'invalid argument: code (one domain, then key=value)'],
    [['math', 'tasks.modulus=11'], 'invalid tasks.modulus: 11 (an integer from 3 to 10)'],
    [['math', 'tasks.mix=juggling:1'], 'invalid tasks.mix: juggling is no domain (one of math, code, science, toolUse, safety)'],
    [['math', 'contrast.tau=0.2'], 'invalid argument: contrast.tau=0.2 (only seed, tasks.* and warmStart.* matter here)'],
  ])('refuses %j', async (argv, message) => {
    expect(await run('tasks', ...argv)).toEqual({ code: 2, out: [], err: [`mcpo-lab: ${message}`] });
  });
});
