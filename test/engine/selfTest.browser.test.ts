import { expect, it } from 'vitest';
import { selfTest } from '../../src/engine/selfTest';
import { webgpuBackend } from '../../src/gpu/webgpuBackend';

it('every kernel of every plan agrees with its reference in the browser', async () => {
  const backend = await webgpuBackend(navigator.gpu);
  const deviations = await selfTest(backend, () => {});
  expect(deviations.filter((d) => !(d.worst <= 1))).toEqual([]);
  backend.destroy();
});
