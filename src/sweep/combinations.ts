import type { Value } from '../config/fields';
import type { Config } from '../config/schema';
import { configOf } from './configs';
import type { Space } from './space';
import { SpecError, shown } from './specError';
import { type Assignment, isRange, type RangeField, type SweepSpec, type SweptField } from './types';

/** Most points of a whole grid that are tried. */
const MOST = 2048;
/** Most integers of one range that are tried. */
const ALONE = 512;

/** `contrast.tau = 0.1, policy.width = 40` */
const pointText = (values: Assignment): string =>
  Object.entries(values)
    .map(([path, value]) => `${path} = ${typeof value === 'string' ? shown(value) : value}`)
    .join(', ');

/** All choices of one value from each list, the first list's varying slowest. */
const product = (lists: readonly (readonly Value[])[]): Value[][] =>
  lists.reduce<Value[][]>((heads, tail) => heads.flatMap((head) => tail.map((v) => [...head, v])), [[]]);

/** Values of a field to try alone: all that can be listed, the first few of many integers, the ends of a continuum. */
function valuesAlone(f: SweptField, levels: readonly Value[] | null): readonly Value[] {
  if (levels || !isRange(f)) return levels ?? [];
  return f.integer ? Array.from({ length: Math.min(ALONE, f.to - f.from + 1) }, (_, n) => f.from + n) : [f.from, f.to];
}

/** Points to try: all choices where they are few, else corners, pairs of fields and single fields beside the others' first values. */
function pointsToTry(fields: readonly SweptField[], { axes }: Space): Value[][] {
  const lists = axes.map(({ levels }, i) => levels ?? [(fields[i] as RangeField).from, (fields[i] as RangeField).to]);
  const beside = (over: (i: number) => readonly Value[] | null) => product(lists.map((l, i) => over(i) ?? [l[0]]));
  const whole = lists.reduce((n, l) => n * l.length, 1) <= MOST;
  const points = whole ? product(lists) : [];
  const ends = lists.map((l) => [l[0], l[l.length - 1]].slice(0, l.length));
  if (!whole && 2 ** lists.length <= MOST) points.push(...product(ends));
  for (let i = 0; i < lists.length; i++) {
    if (!whole || !axes[i].levels) points.push(...beside((k) => (k === i ? valuesAlone(fields[i], axes[i].levels) : null)));
    for (let j = i + 1; j < lists.length && !whole && points.length < 2 * MOST; j++)
      points.push(...beside((k) => (k === i || k === j ? lists[k].slice(0, 8) : null)));
  }
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
  for (const point of pointsToTry(spec.fields, space)) {
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
