import { choiceIndex, HYPER, HYPER_SIZE } from '../../src/config/hyper';

/** `hyper` of one run with some fields of `contrast` set, choices by their names, and zeros elsewhere. */
export function hyperWith(fields: Record<string, number | string>): Float64Array {
  const hyper = new Float64Array(HYPER_SIZE);
  for (const [name, value] of Object.entries(fields)) {
    const path = `contrast.${name}`;
    hyper[HYPER[path]] = typeof value === 'string' ? choiceIndex(path, value) : value;
  }
  return hyper;
}
