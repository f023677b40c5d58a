import { expect, it } from 'vitest';
import { resolve } from '../../src/config/resolve';
import { decodeCheckpoint, encodeCheckpoint, nameParameters, placeMoments, placeParameters } from '../../src/engine/checkpoint';
import { initialParameters, parameterLayout } from '../../src/engine/parameters';
import { encodeTensors } from '../../src/engine/safetensors';
import { headShape, policyShape } from '../../src/engine/shape';
import { tinyBase } from './support';

const config = resolve(['tiny']);
const layout = parameterLayout(policyShape(config), headShape(config));
const flat = initialParameters(layout, 1, 3);
const bytes = encodeCheckpoint({
  config,
  parameters: nameParameters(layout, flat),
  training: {
    moments: new Map(
      [...nameParameters(layout, flat)].map(([name, { data }]) => [
        name,
        { moment1: data.map((x) => x / 2), moment2: data.map((x) => x * x) },
      ]),
    ),
    state: Uint32Array.of(1, 2, 3, 4, 5, 6, 4294967295, 8),
    curriculum: Float32Array.of(0.5, -0.25),
  },
});

it('comes back whole', () => {
  const { config: again, parameters, training } = decodeCheckpoint(bytes, 'x');
  expect(again).toEqual(config);
  const into = new Float32Array(layout.size);
  placeParameters(layout, { config, parameters }, into, 'x');
  expect(into).toEqual(flat);
  expect(training?.state[6]).toBe(4294967295);
  expect(training?.curriculum).toEqual(Float32Array.of(0.5, -0.25));
  const { moment1, moment2 } = placeMoments(layout, decodeCheckpoint(bytes, 'x'), 'x');
  expect(moment1).toEqual(flat.map((x) => x / 2));
  expect(moment2).toEqual(flat.map((x) => x * x));
});

it('follows the published byte layout', () => {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect((8 + length) % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { dtype, shape, data_offsets } = header['policy.output'];
  expect([dtype, shape]).toEqual(['F32', [64, 32]]);
  const start = 8 + length + data_offsets[0];
  expect(new DataView(bytes.buffer).getFloat32(start, true)).toBe(flat[layout.at('policy.output').offset]);
});

it.each([
  ['an empty file', new Uint8Array(0), 'x is not a whole safetensors file: 0 bytes (at least 8)'],
  ['a truncated header', bytes.slice(0, 20), /its header claims \d+ bytes, 12 follow/],
  ['truncated data', bytes.slice(0, -100), /tensor adam.moment2\/head.output.bias ends at byte \d+ of \d+/],
  [
    'another format',
    encodeTensors({ tensors: [], metadata: { format: 'pt' } }),
    'x is of format pt (this program reads mcpo-lab checkpoint 2)',
  ],
  ['text', new TextEncoder().encode('this is not a checkpoint at all'), /its header claims/],
])('names what is wrong with %s', (_, data, message) => {
  expect(() => decodeCheckpoint(data, 'x')).toThrow(message);
});

it('names the tensor whose shape differs', () => {
  const other = parameterLayout(policyShape(resolve(['classroom'])));
  expect(() => placeParameters(other, decodeCheckpoint(bytes, 'x'), new Float32Array(other.size), 'x')).toThrow(
    'x has policy.tokenEmbedding of shape 64×32, this configuration needs 64×48 (policy.* and head.* sizes)',
  );
});

it('reads the parameters of a base checkpoint of format 1, but does not resume from its optimiser state', () => {
  const { parameters } = tinyBase().checkpoint;
  expect(parameters.get('policy.output')?.shape).toEqual([64, 32]);
  const state = { name: 'state', dtype: 'U32' as const, shape: [1], data: Uint32Array.of(1) };
  const old = encodeTensors({ tensors: [state], metadata: { format: 'mcpo-lab checkpoint 1', config: JSON.stringify(config) } });
  expect(() => decodeCheckpoint(old, 'x')).toThrow('x holds optimiser state of format mcpo-lab checkpoint 1');
});

it('names the tensor whose moments are missing, unless it is a head', () => {
  const checkpoint = decodeCheckpoint(bytes, 'x');
  checkpoint.training?.moments.delete('head.hidden.weight');
  const { offset, rows, columns } = layout.at('head.hidden.weight');
  const { moment1 } = placeMoments(layout, checkpoint, 'x');
  expect(moment1.subarray(offset, offset + rows * columns).every((x) => x === 0)).toBe(true);
  checkpoint.training?.moments.delete('policy.output');
  expect(() => placeMoments(layout, checkpoint, 'x')).toThrow('x holds optimiser state of 0 numbers for policy.output');
});
