import { DOMAINS } from '../../tasks/registry';
import { stateQuantities } from './states';
import type { Experiment, RunRecord } from './types';

/** Columns of the CSV file: one row for each number that a run left. */
export const CSV_HEADER = ['experiment', 'variant', 'seed', 'kind', 'name', 'step', 'value'] as const;

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * The runs in long form, for others to analyse anew. `kind` is run, base, sampled or greedy (accuracies as shares of 1), curve (of
 * the experiment's own metrics, with `step`), centroidStart, centroidEnd, probe or states. Numbers keep all their digits; what has no
 * data has no row.
 */
export function csv(experiment: Experiment, records: readonly RunRecord[]): string {
  const lines = [CSV_HEADER.join(',')];
  for (const record of records) {
    const row = (kind: string, name: string, value: number | null | undefined, step: number | '' = '') => {
      if (typeof value !== 'number' || !Number.isFinite(value)) return;
      lines.push([experiment.id, record.variant, record.seed, kind, name, step, value].map((x) => quoted(String(x))).join(','));
    };
    const { steps, generated, seconds, probe, states, curves, centroids } = record;
    for (const [name, value] of Object.entries({ steps, generated, seconds })) row('run', name, value);
    for (const kind of ['base', 'sampled', 'greedy'] as const) {
      const { benchmarks, domains, average } = record[kind];
      for (const [name, value] of Object.entries({ ...benchmarks, ...domains, average })) row(kind, name, value);
    }
    for (const { metric } of experiment.curves) curves[metric]?.forEach((value, i) => row('curve', metric, value, i + 1));
    for (const [kind, matrix] of Object.entries({ centroidStart: centroids.start, centroidEnd: centroids.end }))
      DOMAINS.forEach((a, i) => DOMAINS.forEach((b, j) => j > i && row(kind, `${a.id}/${b.id}`, matrix[i]?.[j])));
    row('probe', 'auc', probe.auc);
    row('probe', 'samples', probe.samples);
    if (experiment.states && states)
      for (const [name, value] of Object.entries(stateQuantities(states))) row('states', name, value);
  }
  return `${lines.join('\n')}\n`;
}
