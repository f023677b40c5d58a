import { analyse } from './analysis';
import { csv } from './csv';
import { curvePlot } from './curvePlot';
import { dotPlot } from './dotPlot';
import { mapPlot } from './mapPlot';
import { markdown } from './markdown';
import type { Result } from './result';
import type { Experiment, Provenance, RunRecord } from './types';

/** The files of one experiment. */
export interface Report {
  result: Result;
  /** Contents by file name: `ID.json`, `ID.csv`, `ID.md`, `ID.svg`. */
  files: Record<string, string>;
}

/** The figure of an experiment. */
export function figureOf(result: Result): string {
  if (result.curves.length) return curvePlot(result);
  return result.panels.length ? dotPlot(result) : mapPlot(result);
}

/**
 * Analyses the runs of an experiment and writes its reports; any number of runs will do, none included.
 * @throws Error for records that do not belong together (`reader`)
 */
export function report(experiment: Experiment, records: readonly RunRecord[], provenance: Provenance): Report {
  const result = analyse(experiment, records);
  const { id } = experiment;
  return {
    result,
    files: {
      [`${id}.json`]: `${JSON.stringify({ provenance, ...result }, null, 1)}\n`,
      [`${id}.csv`]: csv(experiment, records),
      [`${id}.md`]: markdown(result, provenance, `${id}.svg`),
      [`${id}.svg`]: figureOf(result),
    },
  };
}
