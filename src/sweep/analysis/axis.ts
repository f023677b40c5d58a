import type { Value } from '../../config/fields';
import { isRange, type SweptField } from '../types';

/** A swept field as something to measure along: numbers on their scale, or choices by their place. */
export interface FieldAxis {
  field: string;
  scale: 'linear' | 'log' | 'choice';
  /** Ends in axis values; of k choices −0.5 and k − 0.5. */
  domain: readonly [number, number];
  /** Words of the choices; empty for numbers. */
  names: readonly string[];
  /** The axis value: the number itself, or the place of a choice; NaN for none of them. */
  at(value: Value): number;
  /** Where an axis value lies from one end (0) to the other (1). */
  unit(at: number): number;
  /** The axis value there. */
  fromUnit(u: number): number;
}

/** The axis of a swept field. */
export function axisOf(f: SweptField): FieldAxis {
  if (!isRange(f)) {
    const { values, field } = f;
    const at = (value: Value) => (values.includes(value) ? values.indexOf(value) : Number.NaN);
    const unit = (x: number) => (x + 0.5) / values.length;
    const fromUnit = (u: number) => u * values.length - 0.5;
    return { field, scale: 'choice', domain: [-0.5, values.length - 0.5], names: values.map(String), at, unit, fromUnit };
  }
  const { field, scale, from, to } = f;
  const log = scale === 'log';
  const ratio = Math.log(to / from);
  return {
    field,
    scale,
    domain: [from, to],
    names: [],
    at: (value) => (typeof value === 'number' ? value : Number.NaN),
    unit: (x) => (to === from ? 0.5 : log ? Math.log(x / from) / ratio : (x - from) / (to - from)),
    fromUnit: (u) => (log ? from * Math.exp(u * ratio) : from + u * (to - from)),
  };
}
