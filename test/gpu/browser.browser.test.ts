import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/gpu/backend';
import { Layout } from '../../src/gpu/plan';
import { webgpuBackend } from '../../src/gpu/webgpuBackend';

describe('WebGPU in the browser', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await webgpuBackend(navigator.gpu);
  });
  afterAll(() => backend?.destroy());

  test('the adapter has a name', () => {
    expect(backend.kind).toBe('webgpu');
    expect(backend.adapter).not.toBe('');
  });

  test('memory holds what was written, each run in its own part', async () => {
    const layout = new Layout(3);
    layout.add('x', 'f32', 5);
    layout.add('n', 'u32', 2);
    const memory = await backend.allocate(layout);
    memory.write('x', Float32Array.of(1, 2, 3, 4, 5));
    memory.write('x', Float32Array.of(0.5), 1, 4);
    memory.write('n', Uint32Array.of(4294967295, 7), 2);
    expect([...(await memory.read('x'))]).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 0.5, 1, 2, 3, 4, 5]);
    expect([...(await memory.read('n'))]).toEqual([0, 0, 0, 0, 4294967295, 7]);
    memory.destroy();
  });

  test('what does not fit is refused by name', async () => {
    const layout = new Layout(1);
    layout.add('giant', 'f32', 2 ** 34);
    await expect(backend.allocate(layout)).rejects.toThrow(
      /^giant needs 68719476736 bytes for 1 run \(at most \d+ on this device\)$/,
    );
  });
});
