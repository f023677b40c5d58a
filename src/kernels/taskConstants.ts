import { STREAM } from '../math/random';
import { recordWgsl } from '../tasks/record';
import { vocabularyWgsl } from '../tasks/vocabulary';

const constant = (name: string) => name.replace(/([A-Z])/g, '_$1').toUpperCase();

/** WGSL constants of the kernels that read bank records: `TOKEN_…`, `RECORD_…`, and the random streams `STREAM_…`. */
export const taskWgsl: string = [
  vocabularyWgsl,
  recordWgsl,
  ...Object.entries(STREAM).map(([name, at]) => `const STREAM_${constant(name)}: u32 = ${at}u;`),
].join('\n');
