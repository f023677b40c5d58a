import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leanShader } from '../../scripts/leanShaders';

test('what a build ships of a shader: the same code on the same lines, without comments', () => {
  expect(leanShader('// why\n  let a = 1; // one\n/** two\n   lines */ let b = a / 2;\n')).toBe(
    '\nlet a = 1;\n\nlet b = a / 2;\n',
  );
  const files = readdirSync('shaders', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wgsl'));
  expect(files.length).toBeGreaterThan(70);
  for (const name of files) {
    const wgsl = readFileSync(`shaders/${name}`, 'utf8');
    const lean = leanShader(wgsl);
    expect(lean.split('\n').length, name).toBe(wgsl.split('\n').length);
    expect(lean, name).not.toMatch(/\/\/|\/\*|\*\//);
    // A line without comment marks keeps all but its ends.
    const plain = wgsl.split('\n').filter((line) => !/[/*]/.test(line));
    const kept = new Set(lean.split('\n'));
    for (const line of plain) if (!wgsl.includes('/*')) expect(kept.has(line.trim()), `${name}: ${line}`).toBe(true);
  }
});
