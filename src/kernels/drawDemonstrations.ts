import wgsl from '../../shaders/drawDemonstrations.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { STATE, stateWgsl } from './state';

/** Takes the demonstrations of one supervised step (G = 1), around the list again when it ends. step · prompts must stay below 2³². */
export const drawDemonstrations = kernel({
  name: 'drawDemonstrations',
  wgsl,
  uses: [stateWgsl],
  params: { prompts: 'u32', count: 'u32', promptLength: 'u32', responseLength: 'u32' },
  buffers: {
    demoPrompt: 'read',
    demoResponse: 'read',
    demoLength: 'read',
    state: 'read',
    prompt: 'read_write',
    response: 'read_write',
    length: 'read_write',
  },
  grid: ({ prompts }, runs) => [Math.ceil(prompts / 64), 1, runs],
  cost: ({ prompts, promptLength, responseLength }) => ({ flops: 0, bytes: 8 * prompts * (promptLength + responseLength + 1) }),
  reference(
    { prompts, count, promptLength, responseLength },
    { demoPrompt, demoResponse, demoLength, state, prompt, response, length },
  ) {
    for (let slot = 0; slot < prompts; slot++) {
      const row = (state[STATE.step] * prompts + slot) % count;
      length[slot] = demoLength[row];
      prompt.set(demoPrompt.subarray(row * promptLength, (row + 1) * promptLength), slot * promptLength);
      response.set(demoResponse.subarray(row * responseLength, (row + 1) * responseLength), slot * responseLength);
    }
  },
});
