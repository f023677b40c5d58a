import type { Value } from '../config/fields';
import type { Config } from '../config/schema';
import { configOf } from './configs';
import type { Space } from './space';
import { SpecError, shown } from './specError';
import { type Assignment, isRange, type RangeField, type SweepSpec } from './types';

/** Most points tried, and most values of one field beside the others' first. */
const MOST = 4096;
const MOST_ALONE = 512;

/** `contrast.tau = 0.1, policy.width = 40` */
export const pointText = (values: Assignment): string =>
  Object.entries(values)
    .map(([path, value]) => `${path} = ${typeof value === 'string' ? shown(value) : value}`)
    .join(', ');

/** All choices of one value from each list, the first list's varying slowest. */
const product = (lists: readonly (readonly Value[])[]): Value[][] =>
  lists.reduce<Value[][]>((heads, tail) => heads.flatMap((head) => tail.map((v) => [...head, v])), [[]]);

/** Values of each field to try: all that can be listed, the ends of the others. */
const valuesToTry = (space: Space, fields: SweepSpec['fields']): (readonly Value[])[] =>
  space.axes.map(({ levels }, i) => levels ?? [(fields[i] as RangeField).from, (fields[i] as RangeField).to]);

/** Points to try: all choices where they are few, else corners, and every field and pair of fields beside the others' first values. */
function pointsToTry(fields: SweepSpec['fields'], lists: readonly (readonly Value[])[]): Value[][] {
  const points: Value[][] = [];
  const first = lists.map((l) => l[0]);
  if (lists.reduce((n, l) => n * l.length, 1) <= MOST) points.push(...product(lists));
  else {
    const corners = lists.map((l) => [l[0], l[l.length - 1]].slice(0, l.length));
    if (2 ** lists.length <= MOST) points.push(...product(corners));
    for (let i = 0; i < lists.length; i++)
      for (let j = i + 1; j < lists.length; j++)
        if (points.length < 4 * MOST)
          points.push(...product(first.map((v, k) => (k === i || k === j ? lists[k].slice(0, 32) : [v]))));
  }
  fields.forEach((f, i) => {
    if (!isRange(f) || !f.integer || lists[i].length !== 2) return;
    const count = Math.min(MOST_ALONE, f.to - f.from + 1);
    points.push(...product(first.map((v, k) => (k === i ? Array.from({ length: count }, (_, n) => f.from + n) : [v]))));
  });
  return points;
}

/**
 * Tries points of the fields in one configuration each.
 * @returns the configurations' steps, fewest and most
 * @throws SpecError for a point whose configuration is not valid, and for two points that give the same one.
 */
export function checkTogether(
  spec: Pick<SweepSpec, 'presets' | 'changes' | 'fields'>,
  space: Space,
): { fewest: number; most: number } {
  const seen = new Map<string, Assignment>();
  let fewest = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const point of pointsToTry(spec.fields, valuesToTry(space, spec.fields))) {
    const values = Object.fromEntries(spec.fields.map((f, i) => [f.field, point[i]]));
    let config: Config;
    try {
      config = configOf(spec, values, 0);
    } catch (error) {
      throw new SpecError(`conflict at ${pointText(values)}: ${(error as Error).message}`);
    }
    const key = JSON.stringify(config);
    const twin = seen.get(key);
    if (twin && space.keyOf(twin) !== space.keyOf(values))
      throw new SpecError(
        `no difference between ${pointText(twin)} and ${pointText(values)}: changes and other fields override what tells them apart`,
      );
    seen.set(key, values);
    fewest = Math.min(fewest, config.steps);
    most = Math.max(most, config.steps);
  }
  return { fewest, most };
}
