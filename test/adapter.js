// Prints the adapter that WebGPU finds in this Node process; fails when there is none.
import { load } from '../bin/load.js';

const { nodeBackend } = await load('src/cli/device.ts');
const backend = await nodeBackend('webgpu', console.error);
console.log(backend.adapter);
process.exit(0);
