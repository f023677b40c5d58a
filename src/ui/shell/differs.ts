import { field, type Value } from '../../config/fields';
import { differences } from '../../config/resolve';
import { changesOf } from '../../store/changes';
import type { Lane } from '../../store/lanes';

/** One way in which a lane differs from what it is compared with. */
export interface Difference {
  path: string;
  value: Value;
  base: Value;
}

/** What lanes differ in, and from whom. */
export interface Comparison {
  /** Label of the lane compared with; null for the presets. */
  from: string | null;
  differences: Difference[];
}

/**
 * How a lane differs: from the first lane; the first of two, from the second; the first of more is what the others are compared with
 * and differs in nothing. A single lane is compared with its presets.
 */
export function comparisonOf(lanes: readonly Lane[], lane: number): Comparison {
  const { presets, config } = lanes[lane];
  if (lanes.length < 2)
    return {
      from: null,
      differences: changesOf(presets, config).map(({ field: f, value, base }) => ({ path: f.path, value, base })),
    };
  const other = lanes[lane > 0 ? 0 : 1];
  if (lane === 0 && lanes.length > 2) return { from: null, differences: [] };
  return { from: other.label, differences: differences(config, other.config) };
}

const onOff = (value: Value): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));

/** `λ 0.1`: symbol, or else label, and value. */
export const short = ({ path, value }: Difference): string => `${field(path).symbol ?? field(path).label} ${onOff(value)}`;

/** `Contrastive weight λ 0.1, not 0`. */
export function long({ path, value, base }: Difference): string {
  const { label, symbol } = field(path);
  return `${label}${symbol ? ` ${symbol}` : ''} ${onOff(value)}, not ${onOff(base)}`;
}
