import { describe, expect, test } from 'vitest';
import { allKernels, type KernelSpec, kernel } from '../../src/gpu/kernel';

const WGSL = `// struct Params { wrong: f32 } in a comment does not count
struct Params { count: u32, scale: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> sink: array<u32>;
override width: u32;
@compute @workgroup_size(64)
fn scaled(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < params.count) { sink[id.x] = u32(source[id.x] * params.scale) + width; }
}
`;

type Spec = KernelSpec<string, string, string>;
const spec = (change: Partial<Spec> = {}): Spec => ({
  name: 'scaled',
  wgsl: WGSL,
  params: { count: 'u32', scale: 'f32' },
  overrides: { width: 'u32' },
  buffers: { source: 'read', sink: 'read_write' },
  grid: ({ count }, runs) => [Math.ceil(count / 64), 1, runs],
  cost: ({ count }) => ({ flops: count, bytes: 8 * count }),
  reference() {},
  ...change,
});
const wgsl = (from: string, to: string) => ({ wgsl: WGSL.replace(from, to) });

describe('kernel()', () => {
  test('accepts a spec that fits its shader, and registers it', () => {
    const made = kernel(spec({ uses: ['const UNUSED: u32 = 1u;'] }));
    expect(made.elements).toEqual({ source: 'f32', sink: 'u32' });
    expect(made.bufferNames).toEqual(['source', 'sink']);
    expect(made.paramTypes).toEqual(['u32', 'f32']);
    expect(made.code).toBe(`const UNUSED: u32 = 1u;\n${WGSL}`);
    expect(made.grid({ count: 65, scale: 1, width: 0 }, 3)).toEqual([2, 1, 3]);
    expect(allKernels()).toContain(made);
  });

  test('reads vector arrays as their scalars', () => {
    expect(kernel(spec(wgsl('array<f32>', 'array<vec4<f32>>'))).elements.source).toBe('f32');
  });

  const drifted: [string, Partial<Spec>, string][] = [
    [
      'parameters in another order',
      { params: { scale: 'f32', count: 'u32' } },
      'field 0 of struct Params is `count: u32`, expected `scale: f32`',
    ],
    [
      'a parameter of another type',
      { params: { count: 'u32', scale: 'u32' } },
      'field 1 of struct Params is `scale: f32`, expected `scale: u32`',
    ],
    ['a parameter too few', { params: { count: 'u32' } }, 'struct Params has 2 fields, expected 1'],
    [
      'a parameter too many',
      { params: { count: 'u32', scale: 'f32', bias: 'f32' } },
      'field 2 of struct Params is ``, expected `bias: f32`',
    ],
    ['no struct Params', wgsl('struct Params { count', 'struct Sizes { count'), 'struct Params is missing'],
    [
      'no uniform',
      wgsl('var<uniform> params', 'var<uniform> sizes'),
      '`@group(0) @binding(0) var<uniform> params: Params;` is missing',
    ],
    ['another override', { overrides: { height: 'u32' } }, 'overrides are [width: u32], expected [height: u32]'],
    [
      'buffers in another order',
      { buffers: { sink: 'read_write', source: 'read' } },
      'storage binding 0 is `@binding(1) read source`, expected `@binding(1) read_write sink`',
    ],
    [
      'another binding number',
      wgsl('@binding(2)', '@binding(3)'),
      'storage binding 1 is `@binding(3) read_write sink`, expected `@binding(2) read_write sink`',
    ],
    [
      'another access',
      { buffers: { source: 'read_write', sink: 'read_write' } },
      'storage binding 0 is `@binding(1) read source`, expected `@binding(1) read_write source`',
    ],
    ['a buffer too few', { buffers: { source: 'read' } }, '2 storage bindings, expected 1'],
    [
      'a buffer too many',
      { buffers: { source: 'read', sink: 'read_write', more: 'read' } },
      'storage binding 2 is `nothing`, expected `@binding(3) read more`',
    ],
    [
      'more buffers than WebGPU promises',
      { buffers: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`b${i}`, 'read'])) },
      '9 storage buffers (at most 8)',
    ],
    ['another entry point', wgsl('fn scaled', 'fn scale'), 'entry point is `scale`, expected `scaled`'],
    [
      'a second entry point',
      wgsl('@compute', '@compute @workgroup_size(1) fn other() {}\n@compute'),
      'entry point is `other,scaled`, expected `scaled`',
    ],
  ];
  test.each(drifted)('names what drifted: %s', (_title, change, what) => {
    expect(() => kernel(spec(change))).toThrow(new Error(`kernel scaled drifted from shaders/scaled.wgsl: ${what}`));
  });
});
