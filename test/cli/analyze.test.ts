import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzeCommand } from '../../src/cli/analyze';
import { UsageError } from '../../src/cli/io';
import { MAX_POOL } from '../../src/engine/pool';

const folder = mkdtempSync(join(tmpdir(), 'mcpo-analyze-'));
let files = 0;
const fileOf = (text: string) => {
  const path = join(folder, `pool${files++}.jsonl`);
  writeFileSync(path, text);
  return path;
};

async function analyze(text: string, ...options: string[]) {
  const out: string[] = [];
  const code = await analyzeCommand([fileOf(text), ...options], { out: (line) => out.push(line), err: () => {} });
  expect([code, out.length]).toEqual([0, 1]);
  return JSON.parse(out[0]);
}

async function complaint(args: string[]): Promise<string> {
  try {
    await analyzeCommand(args, { out: () => {}, err: () => {} });
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('accepted');
}

const line = (row: object) => JSON.stringify({ domain: 'math', prompt: 'p', reward: 1, embedding: [1, 0], ...row });

/** The worked example of method.md 8.5. */
const golden = [
  { embedding: [2, 0, 0] },
  { embedding: [1, 1, 0] },
  { embedding: [0, 0, 1], reward: 0 },
  { embedding: [1, 0.5, 0], prompt: 'q', domain: 'code' },
  { embedding: [0, 1, 1], prompt: 'q', domain: 'code', reward: 0 },
  { embedding: [1, 0, 1], prompt: 'q', domain: 'code' },
]
  .map(line)
  .join('\n');

describe.each(['cpu', 'webgpu'])('analyze --backend %s', (backend) => {
  test('the worked example', async () => {
    const r = await analyze(golden, '--backend', backend, '--gradients');
    expect(r).toMatchObject({ n: 6, positives: 4, negatives: 2, domains: 2 });
    expect(r.loss.contrastive).toBeCloseTo(0.40792330397137, 6);
    expect(r.loss.cross).toBeCloseTo(0.47062109913179, 6);
    expect(r.loss.inDomain).toBeCloseTo(0.34522550881101, 6);
    expect(r.mass.cross).toBeCloseTo(7.308693395124, 5);
    expect(r.mass.inDomain).toBe(4);
    expect(r.logit.crossPositive).toBeCloseTo(7.625543175592, 5);
    expect(r.logit.negative).toBeCloseTo(2.529168184004, 5);
    expect(r.weight.cross).toBeCloseTo(0.9135866743905, 6);
    expect(r.compatibility.prompts).toEqual(['q', 'p']);
    expect(r.gradient).toHaveLength(6);
    [-1.237433, -0.633476, 1.237433].forEach((x, k) => expect(r.gradient[5][k]).toBeCloseTo(x, 5));
  });

  test('no data is null, never zero or NaN', async () => {
    const r = await analyze(line({ reward: 0 }), '--backend', backend);
    expect(r).toEqual({
      n: 1,
      positives: 0,
      negatives: 1,
      excluded: 0,
      domains: 1,
      loss: { contrastive: 0, cross: 0, inDomain: 0 },
      mass: { cross: 0, inDomain: 0 },
      logit: { crossPositive: null, inDomainPositive: null, negative: null, margin: null },
      weight: { cross: null },
      compatibility: { prompts: ['p'], matrix: [[null]] },
      centroidDistance: { domains: ['math'], matrix: [[null]] },
    });
  });
});

describe('analyze refuses', () => {
  const good = line({});
  test.each([
    ['broken JSON', `${good}\n{"domain": "math", oops}`, /line 2: not complete JSON: \{"domain": "math", oops\}$/],
    ['a truncated last line', `${good}\n${good.slice(0, -9)}`, /line 2: not complete JSON/],
    ['a line that is no object', `${good}\n[1]`, /line 2: \[1\] is not an object$/],
    ['a missing key', '{"domain":"a","prompt":"p","embedding":[1]}', /line 1: missing key: reward$/],
    [
      'embeddings of different widths',
      `${good}\n${line({ embedding: [1, 2, 3] })}`,
      /line 2: embedding of 3 numbers \(2, as in line 1\)$/,
    ],
    ['a text in an embedding', line({ embedding: [1, 'x'] }), /line 1: invalid embedding\[1\]: "x" \(a finite number\)$/],
    [
      'an overflowing number',
      '{"domain":"a","prompt":"p","reward":1,"embedding":[1e999]}',
      /line 1: invalid embedding\[0\]: null \(a finite number\)$/,
    ],
    ['a null in an embedding', line({ embedding: [null, 1] }), /line 1: invalid embedding\[0\]: null/],
    ['an embedding of width 0', line({ embedding: [] }), /line 1: invalid embedding: \[\] \(an array of at least 1 number\)$/],
    ['a reward that is no number', line({ reward: '1' }), /line 1: invalid reward: "1" \(a finite number\)$/],
    [
      'a prompt in two domains',
      `${good}\n\n${line({ domain: 'code' })}`,
      /line 3: prompt "p" of domain "code" has domain "math" in line 1 \(a prompt belongs to one domain\)$/,
    ],
    ['an empty file', ' \n', /: no rollouts \(at least 1 line\)$/],
    ['too many rollouts', `${good}\n`.repeat(MAX_POOL + 1), /line 16385: more than 16384 rollouts$/],
  ])('%s', async (_, text, message) => {
    const said = await complaint([fileOf(text)]);
    expect(said).toMatch(message);
    expect(said).toContain('.jsonl');
    expect(said).not.toContain('\n');
  });

  test.each([
    [['--tau', '0'], 'invalid --tau: 0 (0.01 to 2)'],
    [['--tau', ''], 'invalid --tau: (empty) (0.01 to 2)'],
    [['--beta=-1'], 'invalid --beta: -1 (0 to 10)'],
    [['--gamma', 'much'], 'invalid --gamma: much (0 to 10)'],
    [['--backend', 'tpu'], 'invalid --backend: tpu (auto, webgpu, cpu)'],
    [['--colour'], "Unknown option '--colour'"],
    [['other.jsonl'], 'unexpected argument: other.jsonl (one FILE)'],
  ])('options %j', async (options, message) => {
    expect(await complaint([fileOf(good), ...options])).toBe(message);
  });

  test('a missing file', async () => {
    expect(await complaint([join(folder, 'none.jsonl')])).toMatch(/^cannot read .*none\.jsonl: no such file$/);
    expect(await complaint([])).toBe('missing FILE: mcpo-lab analyze FILE');
  });
});
