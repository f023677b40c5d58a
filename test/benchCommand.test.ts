import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TIMED_METHODS } from '../bench/methodsBench';
import { benchCommand } from '../src/cli/bench';

describe('bench', () => {
  const run = async (...args: string[]) => {
    const lines: string[] = [];
    const code = await benchCommand(args, { out: (text) => lines.push(text), err: () => {} });
    return { code, text: lines.join('\n') };
  };

  it('prints every entry of the plan against the roof and what the contrastive loss adds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mcpo-bench-'));
    try {
      const json = join(folder, 'figures.json');
      const small = ['rollout.prompts=5', 'rollout.group=4', 'warmStart.steps=0'];
      const { code, text } = await run('plan', '--preset', 'tiny', '--repeats', '1', '--json', json, ...small);
      expect(code).toBe(0);
      expect(text).toMatch(/roofline: [\d.]+ GFLOP\/s/);
      expect(text).toMatch(/sample +sample +[\d.]+ +[\d.]+ %/);
      expect(text).toMatch(/\+ +pairGrad/);
      expect(text).toMatch(/contrastive work costs -?[\d.]+ % of a GRPO step \(target at most 20.0 %\): (not )?met/);
      const figures = JSON.parse(await readFile(json, 'utf8'));
      for (const e of figures.plan.entries) expect(e.seconds, e.label).toBeGreaterThanOrEqual(0);
      expect(figures.plan.step).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('times a step of every method against one of GRPO', async () => {
    const small = ['rollout.prompts=5', 'rollout.group=4', 'warmStart.steps=0', 'sampler.rounds=2'];
    const { code, text } = await run('methods', '--preset', 'tiny', '--repeats', '1', ...small);
    expect(code).toBe(0);
    for (const method of TIMED_METHODS) expect(text).toMatch(new RegExp(`^${method} +[\\d.]+ +[\\d.]+ +[\\d.]+$`, 'm'));
    expect(text).toMatch(/a step of mgs costs [\d.]+ steps of GRPO \(target at most 1.3\): (not )?met/);
  });

  it('names a wrong part, size or count', async () => {
    await expect(run('speed')).rejects.toThrow(
      'unknown part: speed (plan, methods, fleet, contrast, sampling, pruning, or key=value)',
    );
    await expect(run('contrast', '--sizes', '100')).rejects.toThrow('invalid --sizes: 100 (multiples of 8 from 8 to 8192)');
    await expect(run('plan', '--repeats', '0')).rejects.toThrow('invalid --repeats: 0');
  });
});
