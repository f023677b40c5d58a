import type { Pruner, SweepSpec } from '../types';
import { ashaPruner } from './asha';
import { hyperbandPruner } from './hyperband';
import { medianPruner } from './median';
import { wilcoxonPruner } from './wilcoxon';

/** The pruner that a specification asks for. @throws ConfigError for a specification that makes no configuration */
export function makePruner(spec: SweepSpec): Pruner {
  const { pruner } = spec;
  switch (pruner.kind) {
    case 'none':
      return { judge: () => null };
    case 'median':
      return medianPruner(spec, pruner.startup, pruner.warmup);
    case 'asha':
      return ashaPruner(spec, { first: pruner.min, factor: pruner.factor });
    case 'hyperband':
      return hyperbandPruner(spec, pruner.min, pruner.factor);
    case 'wilcoxon':
      return wilcoxonPruner(spec, pruner.p, pruner.startup);
  }
}
