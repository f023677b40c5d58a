import { FIGURE_3 } from '../../../src/cli/reproduce/figures';
import { trainedVariants } from '../../../src/cli/reproduce/sizes';
import type { Experiment, HeldOutStates, Provenance, RunRecord } from '../../../src/cli/reproduce/types';
import type { EvalResult } from '../../../src/engine/evaluation';
import { Random, STREAM } from '../../../src/math/random';
import { DOMAINS } from '../../../src/tasks/registry';

/** What is planted in synthetic runs. */
export interface Planted {
  seeds: readonly number[];
  steps?: number;
  /** Points by which a variant lies above 60 %. */
  effect?: Readonly<Record<string, number>>;
  /** Deviation of a run from its seed's level, in points. */
  noise?: number;
  /** Deviation that all variants of a seed share, in points. */
  shared?: number;
  /** Chooses another world of random numbers. */
  world?: number;
}

export const PROVENANCE: Provenance = {
  command: 'npx mcpo-lab reproduce table1 --seeds 8 --size tiny',
  version: '0.0.0',
  commit: 'abc1234',
  adapter: 'synthetic numbers, no adapter',
  date: '2026-11-23',
  size: 'tiny',
  seeds: 8,
  steps: 40,
};

/** The same accuracy (0 to 1) plus noise in every benchmark; domains and average as the engine makes them. */
function evaluation(level: number, random: Random, noise: number): EvalResult {
  const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  const benchmarks: Record<string, number> = {};
  const domains: Record<string, number> = {};
  for (const { id, columns } of DOMAINS) {
    for (const c of columns) benchmarks[c.id] = (level + noise * random.normal()) / 100;
    domains[id] = mean(columns.map((c) => benchmarks[c.id]));
  }
  return { benchmarks, domains, average: mean(Object.values(benchmarks)) };
}

function curve(from: number, to: number, steps: number, random: Random): number[] {
  const size = 0.03 * Math.max(Math.abs(from), Math.abs(to));
  return Array.from({ length: steps }, (_, i) => from + ((to - from) * i) / Math.max(1, steps - 1) + size * random.normal());
}

/** Clusters on the sphere, one a domain; Science lies near Math. */
function states(random: Random, spread: number): HeldOutStates {
  const width = 8;
  const out: HeldOutStates = { domain: [], correct: [], hidden: [] };
  DOMAINS.forEach((_, d) => {
    for (let i = 0; i < 16; i++) {
      const centre = Array.from({ length: width }, (__, k) => (k === d ? 1 : 0) + (d === 2 && k === 0 ? 0.8 : 0));
      out.domain.push(d);
      out.correct.push(i % 2);
      out.hidden.push(centre.map((x) => x + spread * random.normal()));
    }
  });
  return out;
}

/** Runs as the runner would leave them, with a known truth. */
export function synthetic(experiment: Experiment, planted: Planted): RunRecord[] {
  const { seeds, steps = 40, effect = {}, noise = 1, shared = 3, world = 0 } = planted;
  return trainedVariants(experiment.variants).flatMap((variant, v) =>
    seeds.map((seed): RunRecord => {
      const level = 60 + shared * new Random(1000 * world + seed, STREAM.analysis, 999).normal();
      const random = new Random(1000 * world + seed, STREAM.analysis, v);
      const trained = level + (effect[variant.id] ?? 0);
      const centroids = (first: number) =>
        DOMAINS.map((_, i) => DOMAINS.map((__, j) => (i === j ? 0 : first + 0.02 * random.normal())));
      const curves = FIGURE_3.filter((c) => !c.metric.startsWith('distance/')).map(({ metric, paper, direction }) => {
        const [from, to] = paper ?? (direction < 0 ? [5, 3] : [0.3, 0.4]);
        return [metric, curve(1.1 * from, (variant.id === 'dapo' ? 0.8 : 0.95) * to, steps, random)] as const;
      });
      return {
        variant: variant.id,
        seed,
        steps,
        generated: 160 * steps,
        seconds: 30,
        base: evaluation(30, random, 0.5),
        sampled: evaluation(trained, random, noise),
        greedy: evaluation(trained + 1, random, noise),
        curves: Object.fromEntries(curves),
        centroids: { start: centroids(0.4), end: centroids(0.25) },
        probe: { auc: 0.8 + 0.02 * random.normal(), samples: 400 },
        ...(experiment.states ? { states: states(random, 0.15 + 0.04 * (v % 3)) } : {}),
      };
    }),
  );
}
