import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main';

const folder = mkdtempSync(join(tmpdir(), 'mcpo-cli-'));
const at = (name: string) => join(folder, name);

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, { out: (t) => void out.push(t), err: (t) => void err.push(t) });
  return { code, out, err };
}

const SMALL = [
  '--preset',
  'tiny',
  '--preset',
  'mcpo-grpo',
  '--backend',
  'cpu',
  'rollout.prompts=5',
  'rollout.group=4',
  'tasks.instances=16',
  'eval.prompts=2',
  'eval.samples=1',
  'steps=4',
  'contrast.warmup=1',
];
const jsonLines = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));

writeFileSync(at('empty.safetensors'), '');
writeFileSync(at('empty.jsonl'), '');
writeFileSync(
  at('cut.safetensors'),
  readFileSync(new URL('../../public/base/tiny.safetensors', import.meta.url)).subarray(0, 5000),
);
writeFileSync(at('cut.jsonl'), '{"domain":"math","prompt":"a","reward":1,"embedding":[1,2]}\n{"domain":"math","pro');
writeFileSync(
  at('ragged.jsonl'),
  '{"domain":"math","prompt":"a","reward":1,"embedding":[1,2]}\n{"domain":"math","prompt":"a","reward":1,"embedding":[1,2,3]}\n',
);
const base = new URL('../../public/base/tiny.safetensors', import.meta.url).pathname;

it.each([
  [['dance'], 'unknown command: dance'],
  [['train', 'contrast.tua=1'], 'unknown key: contrast.tua'],
  [['train', 'contrast.tau=NaN'], 'invalid contrast.tau: NaN (0.01 to 2)'],
  [['train', 'rollout.prompts=-4'], 'invalid rollout.prompts: -4 (an integer from 1 to 2048)'],
  [['train', 'steps=0'], 'invalid steps: 0 (an integer from 1 to 1000000)'],
  [['train', 'seed=4294967296'], 'invalid seed: 4294967296 (an integer from 0 to 4294967295)'],
  [['train', 'seed=1.5'], 'invalid seed: 1.5'],
  [['train', '--preset', 'huge'], 'unknown preset: huge (one of tiny, classroom, paper, grpo, '],
  [['train', '--backend', 'tpu'], 'invalid --backend: tpu (auto, webgpu, cpu)'],
  [['train', '--resume', at('none.safetensors')], 'no such file'],
  [['train', '--resume', at('cut.safetensors')], 'is not a whole safetensors file'],
  [['train', '--resume', at('empty.safetensors')], '0 bytes (at least 8)'],
  [['train', '--resume', base], 'it holds no optimiser state'],
  [['train', 'tasks.mix=math:1,juggling:2'], 'tasks.mix'],
  [['train', '--checkpoint', at('none/x.safetensors')], 'cannot write'],
  [['train', '--frobnicate'], '--frobnicate'],
  [['eval'], 'missing CHECKPOINT'],
  [['eval', base, 'policy.width=64'], 'of shape 64×32, this configuration needs 64×64'],
  [['eval', base, '--k', '0'], 'invalid --k: 0 (an integer from 1 to 256)'],
  [['analyze', at('empty.jsonl')], 'empty'],
  [['analyze', at('cut.jsonl')], 'line 2'],
  [['analyze', at('ragged.jsonl')], 'line 2'],
  [['analyze', at('ragged.jsonl'), '--tau', '0'], 'tau'],
  [['tasks', 'juggling'], 'juggling'],
  [['tasks', 'math', '--n', '-1'], '-1'],
])('refuses %j with one line and exit code 2', async (argv, message) => {
  const { code, out, err } = await run(...argv);
  expect(err.join('\n')).toContain(message);
  expect(err).toHaveLength(1);
  expect(err[0].split('\n')).toHaveLength(1);
  expect(out).toEqual([]);
  expect(code).toBe(2);
});

it('trains, writes JSON Lines and a checkpoint, and goes on from it', async () => {
  const whole = await run('train', ...SMALL, '--out', at('whole.jsonl'));
  expect(whole.code).toBe(0);
  const lines = jsonLines(at('whole.jsonl'));
  expect(lines.map((l) => l.type)).toEqual(['run', 'eval', 'step', 'step', 'step', 'step', 'eval', 'interference', 'end']);
  expect(lines[0]).toMatchObject({ seed: 0, backend: 'cpu', config: { steps: 4 } });
  const metrics = lines[3].metrics;
  for (const name of [
    ...['reward/mean', 'reward/math', 'reward/code', 'reward/science', 'reward/toolUse', 'reward/safety'],
    ...[
      'policy/entropy',
      'policy/clipFraction',
      'policy/ratio',
      'loss/policy',
      'loss/contrastive',
      'loss/cross',
      'loss/inDomain',
    ],
    ...['logit/crossPositive', 'logit/inDomainPositive', 'logit/negative', 'logit/margin', 'weight/cross'],
    ...['pool/positiveRatio', 'pool/positivesPer4', 'gradient/norm'],
  ])
    expect(metrics, name).toHaveProperty([name]);
  const end = lines.find((l) => l.type === 'eval');
  expect(Object.keys(end.benchmarks)).toHaveLength(9);
  expect(Object.keys(end.domains)).toEqual(['math', 'code', 'science', 'toolUse', 'safety']);

  const { modules, domains } = lines.find((l) => l.type === 'interference');
  expect(domains).toHaveLength(5);
  expect(modules.map((m: { name: string }) => m.name)).toContain('policy.layers.0.qkv');
  for (const { cosine, conflicts } of modules) {
    expect(conflicts).toBe(cosine.flatMap((row: number[], a: number) => row.filter((x, b) => b > a && x < 0)).length);
    expect(cosine[0][0]).toBeCloseTo(1, 5);
  }

  const half = await run('train', ...SMALL, 'eval.every=2', '--out', at('half.jsonl'), '--checkpoint', at('half.safetensors'));
  expect(half.code).toBe(0);
  const resumed = await run(
    'train',
    '--resume',
    at('half.safetensors'),
    'steps=6',
    '--backend',
    'cpu',
    '--out',
    at('rest.jsonl'),
  );
  expect(resumed.code).toBe(0);
  expect(
    jsonLines(at('rest.jsonl'))
      .filter((l) => l.type === 'step')
      .map((l) => l.step),
  ).toEqual([5, 6]);

  const other = (...words: string[]) =>
    run('train', '--resume', at('half.safetensors'), '--backend', 'cpu', '--out', at('rest.jsonl'), ...words);
  const seed = await other('seed=77');
  expect([seed.code, seed.err]).toEqual([2, ['mcpo-lab: invalid seed: 77 (a resumed run keeps its seed, 0)']]);
  const shape = await other('policy.width=64');
  expect(shape.code).toBe(2);
  expect(shape.err.at(-1)).toContain('this configuration needs 64×64');
  expect(jsonLines(at('rest.jsonl')).length).toBeGreaterThan(3); // a refused run leaves the file alone
  const split = await other('steps=5', 'rollout.miniBatches=5');
  expect(split.code).toBe(0);
  const last = jsonLines(at('rest.jsonl')).findLast((l) => l.type === 'step');
  expect(last.step).toBe(5);
  expect(last.metrics['loss/policy']).not.toBeNull();
});

it('prints the plan with its work', async () => {
  const { code, out } = await run('plan', '--preset', 'tiny', '--runs', '2');
  expect(code).toBe(0);
  expect(out[0]).toMatch(/entry\s+kernel\s+workgroups\s+FLOP\s+byte/);
  expect(out.at(-1)).toMatch(/^\d+ dispatches, [\d.]+ [MG]FLOP/);
});

it('evaluates a checkpoint at k samples', async () => {
  const { code, out } = await run('eval', base, '--k', '3', '--prompts', '4', '--backend', 'cpu');
  expect(code).toBe(0);
  const result = JSON.parse(out[0]);
  expect(result).toMatchObject({ type: 'eval', k: 3, prompts: 4 });
  expect(
    Object.values(result.benchmarks as Record<string, number>).every((x) => Number.isInteger(Math.round(x * 12 * 1e6) / 1e6)),
  ).toBe(true);
});
