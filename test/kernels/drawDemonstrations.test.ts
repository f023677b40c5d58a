import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/gpu/cpuBackend';
import { drawDemonstrations } from '../../src/kernels/drawDemonstrations';
import { demonstrations } from '../../src/tasks/bank';
import { config, stateOf } from './batchFixture';
import { compareKernel, gpuBackend, runKernel } from './harness';

const demos = demonstrations(config, 50, 1);
const shape = { prompts: 20, count: 50, promptLength: 16, responseLength: 12 };
const inputs = (step: number) => ({
  demoPrompt: demos.prompt,
  demoResponse: demos.response,
  demoLength: demos.length,
  state: (run: number) => stateOf({ step: step + run }),
  prompt: 20 * 16,
  response: 20 * 12,
  length: 20,
});

test.each([0, 1, 2, 1234])('GPU and CPU take the same demonstrations at step %i', async (step) => {
  await compareKernel(await gpuBackend(), drawDemonstrations, shape, inputs(step), { runs: 2 });
});

test('the list goes around', async () => {
  const { prompt, length } = await runKernel(cpuBackend(), drawDemonstrations, shape, inputs(2));
  expect(prompt.slice(9 * 16)).toEqual(new Uint32Array([...demos.prompt.slice(49 * 16), ...demos.prompt.slice(0, 10 * 16)]));
  expect(length.slice(10)).toEqual(demos.length.slice(0, 10));
});
