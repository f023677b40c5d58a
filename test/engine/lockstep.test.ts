import { expect, it } from 'vitest';
import { lockstep } from '../../src/engine/lockstep';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { kernel } from '../../src/gpu/kernel';
import { Layout, PlanBuilder } from '../../src/gpu/plan';

const wgsl = `struct Params { size: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1) fn ones() { y[0] = 1.0; }`;

/** Lockstep of a kernel that writes ones, and `odd` in the middle when the device runs it. */
async function worst(odd: number, ties = 0): Promise<number> {
  let calls = 0;
  const ones = kernel({
    name: 'ones',
    wgsl,
    params: { size: 'u32' },
    buffers: { y: 'read_write' },
    ties,
    grid: (_, runs) => [1, 1, runs],
    cost: () => ({ flops: 0, bytes: 0 }),
    reference(_, { y }) {
      y.fill(1);
      if (calls++ === 0) y[1] = odd; // the device comes first
    },
  });
  const layout = new Layout(1);
  layout.add('y', 'f32', 3);
  const plan = new PlanBuilder('test', layout).add(ones, { size: 3 }, { y: 'y' }).build();
  const [{ worst: found }] = await lockstep(await cpuBackend().allocate(layout), cpuBackend(), plan);
  return found;
}

it('sees one number that is off, and one that is none, wherever they stand', async () => {
  expect(await worst(1)).toBe(0);
  expect(await worst(1.00001)).toBeLessThan(1);
  expect(await worst(1.001)).toBeGreaterThan(1);
  expect(await worst(Number.NaN)).toBe(Number.POSITIVE_INFINITY);
  expect(await worst(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});

it('forgives the share of results that near ties may change, and no more', async () => {
  expect(await worst(9, 0.34)).toBe(0);
  expect(await worst(9, 0.3)).toBeGreaterThan(1);
});
