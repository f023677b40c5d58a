import { type Inputs, normals } from './harness';

/** Sizes of a recurrent layer whose matrix starts at offset 4 of a longer parameter buffer. */
export const gruShape = (prompts: number, group: number, promptLength: number, responseLength: number, width: number) => ({
  prompts,
  group,
  promptLength,
  responseLength,
  width,
  weight: 4,
  stride: 3 * width * width + 8,
});
type Shape = ReturnType<typeof gruShape>;
const rowsOf = (s: Shape) => s.prompts * (s.promptLength + s.group * s.responseLength);
const scaled =
  (count: number, seed: number, scale = 1) =>
  (run: number) =>
    normals(count, seed + 100 * run, scale);

/** Random contents of `gru`'s buffers; another run, other numbers. */
export const gruBuffers = (s: Shape): Inputs => ({
  parameters: scaled(s.stride, 1, 1 / Math.sqrt(s.width)),
  gates: scaled(rowsOf(s) * 3 * s.width, 2),
  hidden: scaled(rowsOf(s) * s.width, 4),
  candidate: rowsOf(s) * s.width,
  x: scaled(rowsOf(s) * s.width, 3),
});

/** Random contents of `gruGrad`'s buffers, gates between 0 and 1. */
export const gruGradBuffers = (s: Shape): Inputs => ({
  parameters: scaled(s.stride, 1, 1 / Math.sqrt(s.width)),
  gates: (run: number) => normals(rowsOf(s) * 3 * s.width, 2 + 100 * run).map((v) => 1 / (1 + Math.exp(-v))),
  hidden: scaled(rowsOf(s) * s.width, 4, 0.5),
  candidate: scaled(rowsOf(s) * s.width, 5, 0.5),
  dx: scaled(rowsOf(s) * s.width, 6),
  dgates: rowsOf(s) * 3 * s.width,
  dhidden: rowsOf(s) * 3 * s.width,
  carry: s.prompts * s.group * s.width,
});
