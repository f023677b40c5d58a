import wgsl from '../../shaders/embedGrad.wgsl?raw';
import { kernel } from '../gpu/kernel';
import { forRows } from './embed';

/** Gradient of `embed` with respect to both tables, one per part (see `linearGradWeight` for `parts`, `segments`, `gradLength`). */
export const embedGrad = kernel({
  name: 'embedGrad',
  wgsl,
  params: {
    first: 'u32',
    prompts: 'u32',
    group: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    width: 'u32',
    vocabulary: 'u32',
    tokenEmbedding: 'u32',
    positionEmbedding: 'u32',
    stride: 'u32',
    totalPrompts: 'u32',
    parts: 'u32',
    segments: 'u32',
    segmentsLength: 'u32',
    gradLength: 'u32',
  },
  buffers: { prompt: 'read', response: 'read', segments: 'read', dx: 'read', grad: 'read_write' },
  grid: (s, runs) => [Math.ceil(((s.vocabulary + s.promptLength + s.responseLength) * s.width) / 256), s.parts, runs],
  cost: (s) => {
    const values = s.prompts * (s.promptLength + s.group * s.responseLength) * s.width;
    const table = s.parts * (s.vocabulary + s.promptLength + s.responseLength) * s.width;
    return { flops: 2 * values, bytes: 4 * (values + table) };
  },
  reference(shape, { prompt, response, segments, dx, grad }) {
    const { width, vocabulary, promptLength, responseLength, tokenEmbedding, positionEmbedding, stride, parts } = shape;
    const tokens = new Float64Array(parts * vocabulary * width);
    const positions = new Float64Array(parts * (promptLength + responseLength) * width);
    let part = 0;
    forRows(shape, (row, position, fromPrompt, at, m) => {
      if (parts > 1) while (m >= segments[shape.segments + part + 1]) part++;
      const token = (part * vocabulary + (fromPrompt ? prompt : response)[at]) * width;
      const place = (part * (promptLength + responseLength) + position) * width;
      for (let i = 0; i < width; i++) {
        const d = dx[row * width + i];
        tokens[token + i] += d;
        positions[place + i] += d;
      }
    });
    for (let c = 0; c < parts; c++) {
      const slice = (all: Float64Array) => all.subarray((c * all.length) / parts, ((c + 1) * all.length) / parts);
      grad.set(slice(tokens), c * stride + tokenEmbedding);
      grad.set(slice(positions), c * stride + positionEmbedding);
    }
  },
});
