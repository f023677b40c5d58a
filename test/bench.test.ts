import { afterAll, describe, expect, it } from 'vitest';
import { blocksOf, definition, inPoolOrder, makePool, masksOf, rowsOf, WIDTH } from '../bench/pool';
import { measureRoofline, planRoof } from '../bench/roofline';
import { fmaChains, nothing, triad, triadShape } from '../bench/rooflineKernels';
import { Layout, PlanBuilder } from '../src/gpu/plan';
import { compareKernel, gpuBackend } from './kernels/harness';

afterAll(async () => (await gpuBackend()).destroy());

describe('roofline', () => {
  it.each([2, 8])('fmaChains with %i chains equals its reference', async (chains) => {
    const shape = { threads: 65, rounds: 7, chains, scale: 0.999, step: 0.001 };
    await compareKernel(await gpuBackend(), fmaChains, shape, { out: 4 * 65 }, { runs: 2 });
  });

  it.each([4, 252, 256, 4 * 521])('triad over %i numbers equals its reference', async (length) => {
    await compareKernel(await gpuBackend(), triad, triadShape(length), { b: length, c: length, a: length }, { runs: 2 });
  });

  it('gives positive figures, and more work a higher roof', async () => {
    const roofline = await measureRoofline(await gpuBackend());
    expect(roofline.peak).toBeGreaterThan(1e8);
    for (const { rate } of roofline.bandwidth) expect(rate).toBeGreaterThan(1e7);
    expect(roofline.dispatch).toBeGreaterThanOrEqual(0);
    expect(roofline.submit).toBeGreaterThanOrEqual(0);
    const layout = new Layout(1);
    layout.add('sink', 'f32', 4);
    for (const name of ['a', 'b', 'c']) layout.add(name, 'f32', 4096);
    const idle = new PlanBuilder('idle', layout).add(nothing, { never: 0 }, { sink: 'sink' }).build();
    const busy = new PlanBuilder('busy', layout)
      .add(nothing, { never: 0 }, { sink: 'sink' })
      .add(triad, triadShape(4096), { a: 'a', b: 'b', c: 'c' })
      .build();
    expect(planRoof(busy, 2, roofline)).toBeGreaterThan(planRoof(idle, 2, roofline));
  });
});

describe('pool', () => {
  it('has half of each group correct, and its loss and weights agree with the labels', () => {
    const pool = makePool(64);
    expect(pool.reward.reduce((s, r) => s + r, 0)).toBe(32);
    const { loss, du } = definition(pool);
    expect(loss).toBeGreaterThan(0);
    expect(du).toHaveLength(64 * WIDTH);
    const [blocks, masks] = [blocksOf(pool), masksOf(pool)];
    const sum = (x: Float32Array) => x.reduce((s, v) => s + v, 0);
    for (const key of ['member', 'cross', 'inDomain'] as const) expect(sum(masks[key])).toBeCloseTo(sum(blocks[key]), 4);
    expect(inPoolOrder(blocks, rowsOf(pool, blocks.anchors), rowsOf(pool, blocks.negatives))).toEqual(pool.u);
  });
});
