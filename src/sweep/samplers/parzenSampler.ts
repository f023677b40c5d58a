import { Random, STREAM } from '../../math/random';
import type { Assignment, Sampler, SweepSpec } from '../types';
import { type Dimension, dimensionOf } from './dimension';
import { type Observation, observationsOf, split } from './observations';
import { bestCandidate, type Chance, type Mixture } from './parzen';

/** What tells one sampler of this family from another. */
export interface ParzenRules {
  seed: number;
  /** Points at random until so many have something to tell. */
  startup: number;
  candidates: number;
  /** All fields from one mixture, or each from its own. */
  joint: boolean;
  /** How many of n observations are good. */
  good(n: number): number;
  /** The density of some dimensions' coordinates, given in the observations' `x`. */
  mixtureOf(dimensions: readonly Dimension[], observations: readonly Observation[]): Mixture;
}

const uniform = (d: Dimension, chance: Chance): number =>
  d.kind === 'choice' ? Math.floor(chance.unit() * d.count) : d.low + chance.unit() * (d.high - d.low);

/** Points where good observations are denser than bad ones; equal points may come again. Endless. */
export function parzenSampler({ fields, objective }: Pick<SweepSpec, 'fields' | 'objective'>, rules: ParzenRules): Sampler {
  const dimensions = fields.map(dimensionOf);
  const groups = rules.joint ? [dimensions.map((_, i) => i)] : dimensions.map((_, i) => [i]);
  return {
    size: null,
    next(point, standings) {
      const chance = new Random(rules.seed, STREAM.sweep, point);
      const observations = observationsOf(dimensions, standings, objective.direction);
      const x = new Array<number>(dimensions.length);
      if (observations.length < rules.startup) dimensions.forEach((d, i) => (x[i] = uniform(d, chance)));
      else {
        const { good, bad } = split(observations, rules.good(observations.length));
        for (const group of groups) {
          const some = group.map((i) => dimensions[i]);
          const mixture = (of: Observation[]) =>
            rules.mixtureOf(
              some,
              of.map((o) => ({ ...o, x: group.map((i) => o.x[i]) })),
            );
          const best = bestCandidate(mixture(good), mixture(bad), rules.candidates, chance);
          group.forEach((i, k) => (x[i] = best[k]));
        }
      }
      return Object.fromEntries(dimensions.map((d, i) => [d.field, d.valueAt(x[i])])) as Assignment;
    },
  };
}
