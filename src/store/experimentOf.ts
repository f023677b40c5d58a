import type { RunRecord } from '../archive/types';
import { getValue } from '../config/fields';
import { differences } from '../config/resolve';
import type { Config } from '../config/schema';
import { chosen } from './changes';
import { type Experiment, lanesOf, MAX_SEEDS, runConfigs } from './lanes';
import { readLink } from './link';

type Run = Pick<RunRecord, 'presets' | 'config' | 'link'>;

const same = (a: Config, b: Config) => differences(a, b).length === 0;
const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)];

/** Experiments that may have made these runs, likeliest first. */
function* candidates(runs: readonly Run[]): Generator<Experiment> {
  const [{ link, presets, config }] = runs;
  if (link) {
    const { experiment, problems } = readLink(link);
    if (!problems.length) yield experiment;
  }
  const base = { presets, config };
  if (runs.length <= MAX_SEEDS) yield { ...base, race: null, seeds: runs.length };
  const names = distinct(runs.map((r) => chosen(r.presets, 'method')?.name ?? ''));
  const split = (lanes: number) => (lanes > 1 && runs.length % lanes === 0 ? runs.length / lanes : 0);
  if (split(names.length)) yield { ...base, race: { kind: 'methods', names }, seeds: split(names.length) };
  const paths = distinct(runs.flatMap((r) => differences(r.config, config).map((d) => d.path))).filter((p) => p !== 'seed');
  if (paths.length !== 1) return;
  const [path] = paths;
  const values = distinct(runs.map((r) => String(getValue(r.config, path))));
  if (split(values.length)) yield { ...base, race: { kind: 'field', path, values }, seeds: split(values.length) };
}

function makes(experiment: Experiment, runs: readonly Run[]): boolean {
  try {
    const configs = runConfigs(lanesOf(experiment), experiment.seeds);
    return configs.length === runs.length && configs.every(({ config }, i) => same(config, runs[i].config));
  } catch {
    return false;
  }
}

/** The experiment whose fleet is exactly these runs, in this order; null without one. */
export function experimentOf(runs: readonly Run[]): Experiment | null {
  for (const experiment of candidates(runs)) if (makes(experiment, runs)) return experiment;
  return null;
}
