import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/mcpo-lab.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mcpo-int-'));
const at = (name: string) => join(folder, name);
const ARGS = [
  'rollout.prompts=5',
  'rollout.group=4',
  'tasks.instances=16',
  'eval.prompts=2',
  'eval.samples=1',
  'eval.every=0',
  'steps=60',
];
const stepsOf = (name: string) =>
  readFileSync(at(name), 'utf8')
    .trim()
    .split('\n')
    .filter((l) => l.startsWith('{"type":"step"'));

/** Runs the real command; sends SIGINT once `interruptAt` shows on stderr. */
function command(args: string[], interruptAt?: RegExp): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let sent = false;
    child.stderr.on('data', (chunk: Buffer) => {
      if (interruptAt?.test(chunk.toString()) && !sent) {
        sent = true;
        child.kill('SIGINT');
      }
    });
    child.on('exit', resolve);
  });
}

it('Ctrl-C writes a checkpoint from which --resume continues bit-identically', async () => {
  const base = ['train', '--preset', 'tiny', '--preset', 'mcpo-grpo', '--backend', 'cpu', ...ARGS];
  expect(await command([...base, '--out', at('whole.jsonl')])).toBe(0);
  expect(await command([...base, '--out', at('first.jsonl'), '--checkpoint', at('c.safetensors')], /step [1-9]/)).toBe(130);
  expect(await command(['train', '--resume', at('c.safetensors'), '--backend', 'cpu', '--out', at('second.jsonl')])).toBe(0);
  const first = stepsOf('first.jsonl');
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(60);
  expect([...first, ...stepsOf('second.jsonl')]).toEqual(stepsOf('whole.jsonl'));
});
