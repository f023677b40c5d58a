import { HYPER_MIX, HYPER_SIZE } from '../../src/config/hyper';
import { validate } from '../../src/config/resolve';
import { STATE, STATE_SIZE } from '../../src/kernels/state';
import { buildBank } from '../../src/tasks/bank';

/** Ten instances of each of the nine columns, for the kernels that read banks. */
export const config = validate({});
export const bank = buildBank(config.tasks, { split: 'train', perColumn: 10, seed: 4 });
export const DOMAIN_COUNT = 5;

/** One run's counters. */
export function stateOf(values: Partial<Record<keyof typeof STATE, number>>): Uint32Array {
  const out = new Uint32Array(STATE_SIZE);
  for (const [name, value] of Object.entries(values)) out[STATE[name as keyof typeof STATE]] = value;
  return out;
}

/** One run's hyper-parameters with nothing but the domain shares. */
export function hyperOf(mix: readonly number[]): Float32Array {
  const out = new Float32Array(HYPER_SIZE);
  out.set(mix, HYPER_MIX);
  return out;
}
