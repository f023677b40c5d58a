import { holm, interval, signFlip } from '../../math/statistics';
import { differenceLabel, paperContrast } from './columns';
import { curveResult } from './curves';
import { maps } from './maps';
import type { ByColumn, ClaimResult, Difference, DifferenceRow, Measure, Result, Row } from './result';
import type { Claim, Experiment, RunRecord } from './types';
import { byVariant, meanOf, type Reader, reader } from './values';
import { judge } from './verdict';

const byColumn = <T>(experiment: Experiment, make: (column: string) => T): ByColumn<T> =>
  Object.fromEntries(experiment.columns.map(({ id }) => [id, make(id)]));

/** Contrast of each seed that all its variants have, with its t-interval and sign-flip p. */
function contrastOf(read: Reader, contrast: Claim['contrast'], column: string, measure: Measure): Difference {
  const terms = Object.entries(contrast).map(([variant, weight]) => ({ weight, values: read(variant, column, measure) }));
  const seeds = [...(terms[0]?.values.keys() ?? [])].filter((seed) => terms.every((t) => t.values.has(seed)));
  const values = seeds.map((seed) => terms.reduce((sum, t) => sum + t.weight * (t.values.get(seed) as number), 0));
  return { ...interval(values), p: signFlip(values), holm: null };
}

function costOf(runs: ReadonlyMap<number, RunRecord> = new Map()): Row['cost'] {
  const records = [...runs.values()];
  const rollouts = meanOf(records.map((r) => r.generated / r.steps));
  const seconds = meanOf(records.map((r) => r.seconds));
  return rollouts === null || seconds === null ? null : { rollouts, seconds };
}

/** Fills in Holm's correction over all differences that have a p. */
function correct(differences: readonly Difference[]): void {
  const tested = differences.filter((d) => d.p !== null);
  holm(tested.map((d) => d.p as number)).forEach((p, i) => {
    tested[i].holm = p;
  });
}

/**
 * What an experiment's runs say: means with intervals, paired differences, claims with verdicts, curves and maps. Pure: the same
 * records give the same result.
 * @throws Error for records that do not belong together (`reader`)
 */
export function analyse(experiment: Experiment, records: readonly RunRecord[]): Result {
  const { id, title, columns, panels, backbones, variants, notes } = experiment;
  const read = reader(experiment, records);
  const runs = byVariant(experiment, records);
  const seedsOf = (variant: string): number[] => {
    const from = variants.find((v) => v.id === variant)?.from;
    if (!from) return [...(runs.get(variant)?.keys() ?? [])];
    if ('base' in from) return seedsOf(from.base);
    return seedsOf(from.parts[0]).filter((s) => from.parts.every((p) => runs.get(p)?.has(s)));
  };
  const rows = variants.map((v): Row => {
    const summary = (measure: Measure) => byColumn(experiment, (c) => interval([...read(v.id, c, measure).values()]));
    return {
      variant: v.id,
      label: v.label,
      seeds: seedsOf(v.id),
      drawn: v.domains === undefined,
      cost: costOf(runs.get(v.id)),
      sampled: summary('sampled'),
      greedy: summary('greedy'),
      paper: v.paper ?? {},
      second: v.second ?? {},
    };
  });
  const differences = variants.flatMap((v): DifferenceRow[] => {
    const { base } = v;
    const origin = variants.find((b) => b.id === base);
    if (base === undefined || !origin) return [];
    const contrast = { [v.id]: 1, [base]: -1 };
    const difference = (measure: Measure) => byColumn(experiment, (c) => contrastOf(read, contrast, c, measure));
    const paper = (key: 'paper' | 'second') => byColumn(experiment, (c) => paperContrast(variants, contrast, c, key));
    return [
      {
        variant: v.id,
        base,
        label: differenceLabel(v.label, origin.label),
        drawn: !(origin.from && 'base' in origin.from),
        sampled: difference('sampled'),
        greedy: difference('greedy'),
        paper: paper('paper'),
        second: paper('second'),
      },
    ];
  });
  const tested = experiment.claims.map((claim) => ({
    claim,
    sampled: contrastOf(read, claim.contrast, claim.column, 'sampled'),
    greedy: contrastOf(read, claim.contrast, claim.column, 'greedy'),
  }));
  for (const measure of ['sampled', 'greedy'] as const) {
    correct(tested.map((t) => t[measure]));
    correct(differences.flatMap((d) => Object.values(d[measure])));
  }
  return {
    experiment: id,
    title,
    columns,
    panels,
    backbones,
    seeds: [...new Set(records.map((r) => r.seed))].sort((a, b) => a - b),
    steps: records[0]?.steps ?? null,
    rows,
    differences,
    claims: tested.map(({ claim, sampled, greedy }): ClaimResult => {
      return { claim, sampled, greedy, detectable: sampled.halfWidth, ...judge(experiment, claim, sampled) };
    }),
    curves: experiment.curves.map((c) => curveResult(experiment, c, runs)),
    maps: experiment.states ? maps(experiment, runs) : [],
    notes,
  };
}
