import { expect, it } from 'vitest';
import { finiteDifferences } from '../../src/engine/finiteDifferences';
import { selfTest } from '../../src/engine/selfTest';
import { gpuBackend } from '../kernels/harness';

it('every kernel of every plan agrees with its reference on this device', async () => {
  const deviations = await selfTest(await gpuBackend(), () => {});
  expect(deviations.filter((d) => !(d.worst <= 1))).toEqual([]);
  expect(deviations.length).toBeGreaterThan(100);
});

it('the gradient of the whole objective agrees with central differences in float64', async () => {
  const checks = await finiteDifferences();
  expect(checks.filter((c) => !(c.error <= 1e-5))).toEqual([]);
  expect(checks.every((c) => Math.abs(c.numeric) > 0)).toBe(true);
});
