import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFile } from '../../src/archive/exchange/exchange';
import type { RunData } from '../../src/archive/types';
import { main } from '../../src/cli/main';
import { fileOf } from './support';

const folder = mkdtempSync(join(tmpdir(), 'mcpo-file-'));
const at = (name: string) => join(folder, name);
const run = (...argv: string[]) => main(argv, { out: () => undefined, err: () => undefined });
const SMALL = ['rollout.prompts=5', 'rollout.group=4', 'tasks.instances=16', 'eval.prompts=2', 'eval.samples=1', 'eval.every=2'];

async function opened(path: string): Promise<RunData[]> {
  const found = await openFile(fileOf(readFileSync(path), 'train.jsonl'));
  if (found.kind !== 'runs') throw new Error(found.kind);
  return found.runs;
}

test('what `train` wrote opens as one run, resumed or not, with its numbers as they are', async () => {
  const train = ['train', '--preset', 'tiny', '--preset', 'grpo', '--backend', 'cpu', ...SMALL];
  expect(await run(...train, 'steps=2', '--out', at('a.jsonl'), '--checkpoint', at('a.safetensors'))).toBe(0);
  const [first] = await opened(at('a.jsonl'));
  const lines = readFileSync(at('a.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
  expect(first.steps).toEqual(lines.filter((l) => l.type === 'step').map(({ type: _, ...rest }) => rest));
  expect(first.record).toMatchObject({ lane: 'GRPO', presets: ['tiny', 'grpo'], backend: 'cpu', step: 2, status: 'finished' });
  expect(first.evaluations.map((e) => e.step)).toEqual([0, 2]);

  // Two more steps, then the same two again from the old checkpoint: the later lines count.
  const more = ['train', '--resume', at('a.safetensors'), 'steps=4', '--backend', 'cpu', '--out', at('a.jsonl')];
  expect(await run(...more, '--checkpoint', at('b.safetensors'))).toBe(0);
  const [second, ...others] = await opened(at('a.jsonl'));
  expect(others).toEqual([]);
  expect(second.steps.map((s) => s.step)).toEqual([1, 2, 3, 4]);
  expect(second.record).toMatchObject({ step: 4, steps: 4, config: { steps: 4 } });
  expect(await run(...more, '--checkpoint', at('c.safetensors'))).toBe(0);
  const again = await opened(at('a.jsonl'));
  expect(again).toHaveLength(1);
  expect(again[0].steps).toEqual(second.steps);
  expect(again[0].evaluations).toEqual(second.evaluations);
});
