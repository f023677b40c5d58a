import wgsl from '../../shaders/embed.wgsl?raw';
import { kernel } from '../gpu/kernel';

/** Rows of a mini-batch → token plus position embedding. `first` is the mini-batch's first prompt in the batch of `totalPrompts`. */
export const embed = kernel({
  name: 'embed',
  wgsl,
  params: {
    first: 'u32',
    prompts: 'u32',
    group: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    width: 'u32',
    tokenEmbedding: 'u32',
    positionEmbedding: 'u32',
    stride: 'u32',
    totalPrompts: 'u32',
  },
  buffers: { prompt: 'read', response: 'read', parameters: 'read', x: 'read_write' },
  grid: (s, runs) => [Math.ceil((s.prompts * (s.promptLength + s.group * s.responseLength) * s.width) / 256), 1, runs],
  cost: (s) => {
    const values = s.prompts * (s.promptLength + s.group * s.responseLength) * s.width;
    return { flops: values, bytes: 4 * 2 * values };
  },
  reference(shape, { prompt, response, parameters, x }) {
    const { width, tokenEmbedding, positionEmbedding } = shape;
    forRows(shape, (row, position, fromPrompt, at) => {
      const token = tokenEmbedding + (fromPrompt ? prompt : response)[at] * width;
      const place = positionEmbedding + position * width;
      for (let i = 0; i < width; i++) x[row * width + i] = parameters[token + i] + parameters[place + i];
    });
  },
});

interface RowShape {
  first: number;
  prompts: number;
  group: number;
  promptLength: number;
  responseLength: number;
}

/**
 * Visits the rows of a mini-batch in order: row number, position, whether its token lies in `batch.prompt` (else in
 * `batch.response`) and where, and the prompt's number within the mini-batch.
 */
export function forRows(
  { first, prompts, group, promptLength, responseLength }: RowShape,
  visit: (row: number, position: number, fromPrompt: boolean, at: number, prompt: number) => void,
): void {
  let row = 0;
  for (let m = 0; m < prompts; m++) {
    for (let q = 0; q < promptLength; q++) visit(row++, q, true, (first + m) * promptLength + q, m);
    for (let j = 0; j < group; j++)
      for (let t = 0; t < responseLength; t++)
        visit(row++, promptLength + t, false, ((first + m) * group + j) * responseLength + t, m);
  }
}
