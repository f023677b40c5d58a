import { type Field, field, type Value } from '../config/fields';
import { levelsOf, sampled } from './levels';
import { type Assignment, isRange, METHOD, type RangeField, type SweepSpec, type SweptField } from './types';

/** One swept field as a coordinate in [0, 1]. */
export interface Axis {
  field: string;
  /** Values where they can be listed, each with an equal part of [0, 1]; null for a continuum. */
  levels: readonly Value[] | null;
  at(u: number): Value;
  /** Where `at` gives this value: the middle of a level's part. @throws Error for a value that the field cannot have */
  unit(value: Value): number;
}

/** The swept fields as a unit cube. */
export interface Space {
  axes: readonly Axis[];
  at(u: readonly number[]): Assignment;
  unit(values: Assignment): number[];
  /** Text that equal points share. */
  keyOf(values: Assignment): string;
  /** Points of the grid; null when some field has no end of values. */
  size: number | null;
  /** Point number `index` of the grid, fields that part fleets slowest. @throws Error outside the grid */
  gridAt(index: number): Assignment;
  grid(): Assignment[];
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Listed values in equal parts of [0, 1]. */
function levelAxis(path: string, levels: readonly Value[]): Axis {
  return {
    field: path,
    levels,
    at: (u) => levels[clamp(Math.floor(u * levels.length), 0, levels.length - 1)],
    unit: (value) => {
      const i = levels.indexOf(value);
      if (i < 0) throw new Error(`${path} is never ${value}`);
      return (i + 0.5) / levels.length;
    },
  };
}

/** A continuum, or many integers: these have a part from half below to half above each, so that the ends are as likely as the rest. */
function rangeAxis(f: RangeField): Axis {
  const { field: path, from, to, scale, integer } = f;
  const [low, high] = integer ? [from - 0.5, to + 0.5] : [from, to];
  const ratio = Math.log(high / low);
  const value = (u: number) => (scale === 'log' ? low * Math.exp(u * ratio) : low + u * (high - low));
  return {
    field: path,
    levels: null,
    at: (u) => {
      const inside = clamp(u, 0, 1);
      if (!integer && (inside === 0 || inside === 1)) return inside === 0 ? from : to;
      return clamp(integer ? Math.round(value(inside)) : sampled(value(inside), f), from, to);
    },
    unit: (v) => {
      const x = clamp(v as number, from, to);
      if (x !== v) throw new Error(`${path} is never ${v}`);
      return scale === 'log' ? Math.log(x / low) / ratio : (x - low) / (high - low);
    },
  };
}

function axisOf(f: SweptField): Axis {
  const levels = levelsOf(f);
  if (levels && !(isRange(f) && f.count === undefined && f.scale === 'log')) return levelAxis(f.field, levels);
  return { ...rangeAxis(f as RangeField), levels };
}

/** Whether trials that differ in this field can not train in one fleet, or pay for each other's plan: those vary slowest. */
function partsFleets(path: string): number {
  const { scope } = path === METHOD ? { scope: 'method' } : (field(path) as Pick<Field, 'scope'>);
  if (path === METHOD || path === 'steps') return 1;
  return scope === 'run' ? 0 : 2;
}

/** The unit cube of a specification's fields, in their order. */
export function spaceOf({ fields }: Pick<SweepSpec, 'fields'>): Space {
  const axes = fields.map(axisOf);
  const listed = axes.every((a) => a.levels);
  const size = listed ? axes.reduce((n, a) => n * (a.levels as readonly Value[]).length, 1) : null;
  const fastest = axes
    .map((axis, place) => ({ axis, place, parts: partsFleets(axis.field) }))
    .sort((a, b) => a.parts - b.parts || b.place - a.place);
  const gridAt = (index: number): Assignment => {
    if (size === null || !Number.isInteger(index) || index < 0 || index >= size)
      throw new Error(`no grid point ${index} (of ${size ?? 'none'})`);
    const values: Record<string, Value> = {};
    let rest = index;
    for (const { axis } of fastest) {
      const levels = axis.levels as readonly Value[];
      values[axis.field] = levels[rest % levels.length];
      rest = Math.floor(rest / levels.length);
    }
    return Object.fromEntries(axes.map(({ field: path }) => [path, values[path]]));
  };
  return {
    axes,
    at: (u) => Object.fromEntries(axes.map((axis, i) => [axis.field, axis.at(u[i])])),
    unit: (values) => axes.map((axis) => axis.unit(values[axis.field])),
    keyOf: (values) => JSON.stringify(axes.map((axis) => values[axis.field])),
    size,
    gridAt,
    grid: () => Array.from({ length: size ?? 0 }, (_, i) => gridAt(i)),
  };
}
