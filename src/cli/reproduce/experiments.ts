import { factors } from './factors';
import { figure3, figure4 } from './figures';
import { table1 } from './table1';
import { table2a, table2b, table2c, table2d } from './table2';
import type { Experiment, ExperimentId, Size } from './types';

const MAKERS: Readonly<Record<ExperimentId, (size: Size) => Experiment>> = {
  table1,
  table2a,
  table2b,
  table2c,
  table2d,
  figure3,
  figure4,
  factors,
};

/** An experiment at a size: variants, the paper's figures, claims, and what differs from the paper. */
export const experiment = (id: ExperimentId, size: Size): Experiment => MAKERS[id](size);
