import { choiceIndex, HYPER, HYPER_SIZE } from '../../src/config/hyper';
import type { ParameterLayout } from '../../src/engine/parameters';
import { surgerySizes, tensorTable } from '../../src/engine/surgery';
import type { Backend } from '../../src/gpu/backend';
import { domainGram, domainPairs } from '../../src/kernels/domainGram';
import { gradientGroups, gradientSum } from '../../src/kernels/gradientSum';
import { STATS_SIZE } from '../../src/kernels/metrics';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { surgery } from '../../src/kernels/surgery';
import { runKernel } from './harness';

export type Granularity = 'off' | 'tensor' | 'block' | 'global';

/** A layout of policy tensors of the given names and lengths, with room for a head of `head` parameters behind. */
export function tensorsOf(lengths: Record<string, number>, head = 0): ParameterLayout {
  let size = 0;
  const tensors = Object.entries(lengths).map(([name, columns]) => {
    const tensor = { name, offset: size, rows: 1, columns };
    size = Math.ceil((size + columns) / 4) * 4;
    return tensor;
  });
  const headStart = size;
  return { tensors, size: size + head, headStart, clipoStart: size + head, at: (name) => tensors.find((t) => t.name === name)! };
}

export const hyperOf = (granularity: Granularity): Float32Array => {
  const hyper = new Float32Array(HYPER_SIZE);
  hyper[HYPER['surgery.granularity']] = choiceIndex('surgery.granularity', granularity);
  return hyper;
};

export const stateOf = (seed: number, update: number): Uint32Array => {
  const state = new Uint32Array(STATE_SIZE);
  state[STATE.seed] = seed;
  state[STATE.update] = update;
  return state;
};

/** One run's gradient through the three kernels. `grad`: [parts, size]. */
export async function operate(
  backend: Backend,
  parameters: ParameterLayout,
  parts: number,
  grad: ArrayLike<number>,
  granularity: Granularity,
  seed: number,
  update: number,
) {
  const { tensors, stretches, stretch } = surgerySizes(parameters);
  const { size, headStart, clipoStart } = parameters;
  const table = tensorTable(parameters);
  const given = Float32Array.from(grad);
  const { pieces } = await runKernel(
    backend,
    domainGram,
    { size, parts, tensors, stretches, stretch },
    { tensors: table, grad: given, pieces: stretches * domainPairs(parts) },
  );
  const { weight, gram, stats } = await runKernel(
    backend,
    surgery,
    { parts, tensors, stretches },
    {
      pieces,
      tensors: table,
      hyper: hyperOf(granularity),
      state: stateOf(seed, update),
      gram: tensors * parts * parts,
      weight: tensors * parts,
      stats: new Float32Array(STATS_SIZE),
    },
  );
  const { total } = await runKernel(
    backend,
    gradientSum,
    { size, headStart, clipoStart, parts, weighted: 1, tensors },
    { grad: given, tensors: table, weight, total: size, squares: 4 * gradientGroups(size) },
  );
  return { weight, gram, stats, total };
}
