import type { Value } from '../../config/fields';
import { levelsOf, sampled } from '../levels';
import { isRange, type RangeField, type SweptField } from '../types';

/** A numeric field on its scale: ln of the value for `log`. Listed values and integers own a cell each, half-way to their neighbours. */
export interface NumericDimension {
  kind: 'numeric';
  field: string;
  /** Ends of the coordinate, the outer cells included. */
  low: number;
  high: number;
  coordinate(value: Value): number;
  /** The value whose coordinate, or whose cell, this is. */
  valueAt(x: number): number;
  /** The cell around a value's coordinate; null on a continuum. */
  cell: ((x: number) => readonly [number, number]) | null;
}

/** A choice; its coordinate is the index. */
export interface ChoiceDimension {
  kind: 'choice';
  field: string;
  count: number;
  coordinate(value: Value): number;
  valueAt(index: number): Value;
}

export type Dimension = NumericDimension | ChoiceDimension;

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

const unknown = (path: string, value: Value) => new Error(`${path} is never ${value}`);

function listed(f: RangeField, values: readonly number[]): NumericDimension {
  const scaled = (v: number) => (f.scale === 'log' ? Math.log(v) : v);
  const levels = values.map(scaled);
  const last = levels.length - 1;
  // edges[i] is between levels i − 1 and i.
  const edges = levels.map((x, i) => (i ? x + levels[i - 1] : 3 * x - levels[1]) / 2);
  edges.push((3 * levels[last] - levels[last - 1]) / 2);
  const place = (x: number) =>
    clamp(
      edges.findLastIndex((edge) => edge <= x),
      0,
      last,
    );
  return {
    kind: 'numeric',
    field: f.field,
    low: edges[0],
    high: edges[last + 1],
    coordinate: (v) => levels[place(scaled(inRange(f, v)))],
    valueAt: (x) => values[place(x)],
    cell: (x) => [edges[place(x)], edges[place(x) + 1]],
  };
}

/** The number, where the range has it. @throws Error elsewhere */
function inRange({ field, from, to }: RangeField, value: Value): number {
  if (typeof value !== 'number' || !(value >= from && value <= to)) throw unknown(field, value);
  return value;
}

function integers(f: RangeField): NumericDimension {
  const scaled = (v: number) => (f.scale === 'log' ? Math.log(v) : v);
  const valueAt = (x: number) => clamp(Math.round(f.scale === 'log' ? Math.exp(x) : x), f.from, f.to);
  return {
    kind: 'numeric',
    field: f.field,
    low: scaled(f.from - 0.5),
    high: scaled(f.to + 0.5),
    coordinate: (v) => scaled(inRange(f, v)),
    valueAt,
    cell: (x) => [scaled(valueAt(x) - 0.5), scaled(valueAt(x) + 0.5)],
  };
}

function continuum(f: RangeField): NumericDimension {
  const scaled = (v: number) => (f.scale === 'log' ? Math.log(v) : v);
  return {
    kind: 'numeric',
    field: f.field,
    low: scaled(f.from),
    high: scaled(f.to),
    coordinate: (v) => scaled(inRange(f, v)),
    valueAt: (x) => clamp(sampled(f.scale === 'log' ? Math.exp(x) : x, f), f.from, f.to),
    cell: null,
  };
}

/** A field that may be one thing only is a choice of one. */
export function dimensionOf(f: SweptField): Dimension {
  if (isRange(f) && f.from < f.to && f.count !== 1) {
    const values = f.count === undefined ? null : [...new Set(levelsOf(f) as readonly number[])];
    return values ? listed(f, values) : f.integer ? integers(f) : continuum(f);
  }
  const choices = isRange(f) ? [f.from] : f.values;
  return {
    kind: 'choice',
    field: f.field,
    count: choices.length,
    coordinate: (value) => {
      const i = choices.indexOf(value);
      if (i < 0) throw unknown(f.field, value);
      return i;
    },
    valueAt: (index) => choices[index],
  };
}
