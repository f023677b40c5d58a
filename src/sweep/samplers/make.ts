import type { Sampler, SweepSpec } from '../types';
import { gridSampler } from './grid';
import { optunaSampler } from './optuna';
import { randomSampler } from './random';
import { sobolSampler } from './sobol';
import { tpeSampler } from './tpe';

/** The sampler that a specification asks for. */
export function makeSampler(spec: SweepSpec): Sampler {
  const { sampler } = spec;
  switch (sampler.kind) {
    case 'grid':
      return gridSampler(spec);
    case 'random':
      return randomSampler(spec, sampler.seed);
    case 'sobol':
      return sobolSampler(spec, sampler.seed);
    case 'tpe':
      return tpeSampler(spec);
    case 'optuna':
      return optunaSampler(spec);
  }
}
