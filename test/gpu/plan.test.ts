import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { kernel } from '../../src/gpu/kernel';
import { dispatchCost, Layout, PlanBuilder, planCost } from '../../src/gpu/plan';

const addInto = kernel({
  name: 'addInto',
  wgsl: `struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> sum: array<f32>;
override width: u32;
@compute @workgroup_size(64) fn addInto() {}`,
  params: { count: 'u32' },
  overrides: { width: 'u32' },
  buffers: { a: 'read', b: 'read', sum: 'read_write' },
  grid: (_shape, runs) => [1, 1, runs],
  cost: ({ count }) => ({ flops: count, bytes: 12 * count }),
  reference({ count }, { a, b, sum }) {
    for (let i = 0; i < count; i++) sum[i] = a[i] + b[i];
  },
});

const layout = () => {
  const made = new Layout(2);
  for (const name of ['x', 'y', 'z']) made.add(name, 'f32', 3);
  made.add('n', 'u32', 3);
  return made;
};
const SHAPE = { count: 3, width: 1 };
const BUFFERS = { a: 'x', b: 'y', sum: 'z' };

describe('Layout', () => {
  test('the same declaration twice is one resource', () => {
    const made = layout();
    expect(made.add('x', 'f32', 3)).toBe('x');
    expect(made.resources.size).toBe(4);
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses the length %s', (length) => {
    expect(() => layout().add('w', 'f32', length)).toThrow(`invalid length of w: ${length} (an integer ≥ 1)`);
  });

  test('refuses a second, different declaration', () => {
    expect(() => layout().add('x', 'f32', 4)).toThrow('resource x is f32[3], declared again as f32[4]');
    expect(() => layout().add('x', 'u32', 3)).toThrow('resource x is f32[3], declared again as u32[3]');
  });

  test('names an unknown resource', () => {
    expect(() => layout().get('w')).toThrow('unknown resource: w');
  });
});

describe('PlanBuilder', () => {
  const add = (shape: Record<string, number>, buffers: Record<string, string>) => () =>
    new PlanBuilder('step', layout()).add(addInto, shape, buffers, 'residual');

  test.each<[string, Record<string, number>, Record<string, string>, string]>([
    ['a missing size', { width: 1 }, BUFFERS, 'step/residual: size count is undefined'],
    ['a size that is not a number', { count: Number.NaN, width: 1 }, BUFFERS, 'step/residual: size count is NaN'],
    ['a missing override', { count: 3 }, BUFFERS, 'step/residual: size width is undefined'],
    ['an unknown size', { ...SHAPE, depth: 2 }, BUFFERS, 'step/residual: unknown size depth'],
    ['an unbound buffer', SHAPE, { a: 'x', sum: 'z' }, 'unknown resource: step/residual.b'],
    ['an unknown resource', SHAPE, { ...BUFFERS, b: 'w' }, 'unknown resource: w'],
    ['an unknown buffer', SHAPE, { ...BUFFERS, c: 'x' }, 'step/residual: unknown buffer c'],
    ['another element type', SHAPE, { ...BUFFERS, b: 'n' }, 'step/residual: b is f32, resource n is u32'],
    [
      'one resource read and written',
      SHAPE,
      { ...BUFFERS, sum: 'x' },
      'step/residual: a and sum share x, and one of them writes it',
    ],
  ])('refuses %s', (_title, shape, buffers, message) => {
    expect(add(shape, buffers)).toThrow(new Error(message));
  });

  test('lets one resource be read twice', () => {
    expect(add(SHAPE, { a: 'x', b: 'x', sum: 'z' })).not.toThrow();
  });

  test('adds up the cost of its dispatches', () => {
    const plan = new PlanBuilder('step', layout())
      .add(addInto, SHAPE, BUFFERS)
      .add(addInto, SHAPE, { a: 'z', b: 'z', sum: 'x' })
      .build();
    expect(plan.dispatches.map((d) => d.label)).toEqual(['addInto', 'addInto']);
    expect(dispatchCost(plan.dispatches[0])).toEqual({ flops: 3, bytes: 36 });
    expect(planCost(plan)).toEqual({ flops: 6, bytes: 72 });
  });

  test('replays on the CPU backend: every run on its own part, in order', async () => {
    const made = layout();
    const plan = new PlanBuilder('step', made)
      .add(addInto, SHAPE, BUFFERS)
      .add(addInto, SHAPE, { a: 'z', b: 'z', sum: 'x' })
      .build();
    const memory = await cpuBackend().allocate(made);
    memory.write('x', Float32Array.of(1, 2, 3));
    memory.write('y', Float32Array.of(10, 20, 30), 1);
    const program = await memory.compile(plan);
    program.run(2);
    expect([...(await memory.read('x'))]).toEqual([4, 8, 12, 64, 128, 192]);
    expect((await program.profile(3)).map((t) => t.kernel)).toEqual(['addInto', 'addInto']);
    expect(() => memory.write('x', Float32Array.of(1, 2), 0, 2)).toThrow('write to x: 4 elements (at most 3)');
    await expect(memory.read('w')).rejects.toThrow('unknown resource: w');
  });
});
