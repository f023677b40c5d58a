/** A frame in figures: distances between domains, compatibilities, prototypes, how the embeddings fill their sphere. */
import type { ContrastSwitches } from '../../math/contrastTypes';
import { alignment, effectiveRank, participationRatio, uniformity } from '../../math/embedding';
import { compatibilities, type Labels, type Means, meanCosine, meansOf, type Pool, poolOf } from './pool';
import { type Prototypes, prototypesOf } from './prototypes';
import { KIND } from './roles';
import { pick, type Rows, sampleRows } from './rows';

/** Most prompts whose compatibilities are given one by one. */
export const MAX_TABLE = 512;
/** Most prompts whose pairs are looked at; beyond, a seeded sample. */
const MAX_PROMPTS = 1024;
/** Most rows of each figure of spread (of wide rows); beyond, a seeded sample. */
const MAX_SPREAD = 1000;
const MAX_SPREAD_WIDE = 512;
/** Strongest links between prompts of different domains. */
const LINKS = 100;

type Matrix = (number | null)[][];

/** How a frame is summarised. */
export interface SummaryOptions {
  weightMap?: ContrastSwitches['weightMap'];
  labels?: Labels;
  seed?: number;
}

/** What a frame says about its domains and prompts; null where there is no data. Matrices of domains: by index in the frame's `domains`. */
export interface Summary {
  step: number;
  n: number;
  correct: number;
  wrong: number;
  excluded: number;
  /** 1 − cosine between the means of the domains' correct rollouts. */
  centroidDistance: Matrix;
  /** Mean w (5) over pairs of prompts (two different ones) of two domains. */
  domainCompatibility: Matrix;
  /** w (5), f32[m, m], of the m prototypes; null beyond MAX_TABLE. */
  promptCompatibility: Float32Array | null;
  prototypes: Prototypes;
  /** Strongest compatibilities across domains: places in `prototypes`, and w. */
  links: { from: Uint32Array; to: Uint32Array; weight: Float64Array };
  /** Roy & Vetterli 2007, and the participation ratio that training logs as `embedding/rank`. */
  effectiveRank: number | null;
  participation: number | null;
  /** Wang & Isola 2020: mean squared distance of correct rollouts of equal domain, and uniformity of all. */
  alignment: number | null;
  uniformity: number | null;
  /** Rows that the last four are of. */
  judged: number;
}

/** @throws Error for a frame without vectors */
export function summarise(frame: Rows, { weightMap = 'cosine', labels, seed = 0 }: SummaryOptions = {}): Summary {
  const pool = poolOf(frame, labels);
  const prompts = meansOf(pool, pool.kind, pool.prompt, pool.promptOf.length);
  const prototypes = prototypesOf(pool, prompts);
  const place = [...prompts.count.keys()].filter((p) => prompts.count[p] > 0);
  const kinds = [0, 0, 0];
  for (const kind of pool.kind) kinds[kind]++;
  return {
    step: frame.step,
    n: frame.n,
    correct: kinds[KIND.correct],
    wrong: kinds[KIND.wrong],
    excluded: kinds[KIND.excluded],
    centroidDistance: distances(pool, frame.domains.length),
    ...weights(prompts, { domain: prototypes.domain, place }, frame.domains.length, weightMap, seed),
    prototypes,
    ...spread(pool, seed),
  };
}

function distances(pool: Pool, domains: number): Matrix {
  const means = meansOf(pool, pool.kind, pool.domain, domains);
  const known = (d: number) => means.length[d] > 0;
  return Array.from({ length: domains }, (_, a) =>
    Array.from({ length: domains }, (_, b) => {
      if (!known(a) || !known(b)) return null;
      return a === b ? 0 : 1 - meanCosine(means, a, b);
    }),
  );
}

function weights(
  means: Means,
  { domain, place }: { domain: Uint32Array; place: number[] },
  domains: number,
  map: ContrastSwitches['weightMap'],
  seed: number,
) {
  const some = sampleRows(place.length, MAX_PROMPTS, seed);
  const m = some.length;
  const at = some.map((p) => place[p]);
  const table = compatibilities(
    {
      count: pick(means.count, at),
      length: pick(means.length, at),
      direction: pick(means.direction, at, means.direction.length / means.length.length),
    },
    map,
  );
  const sum = new Float64Array(domains * domains);
  const count = new Uint32Array(domains * domains);
  const links: { from: number; to: number; weight: number }[] = [];
  for (let a = 0; a < m; a++)
    for (let b = 0; b < m; b++) {
      if (a === b) continue;
      const [from, to, weight] = [some[a], some[b], table[a * m + b]];
      sum[domain[from] * domains + domain[to]] += weight;
      count[domain[from] * domains + domain[to]]++;
      if (a < b && domain[from] !== domain[to] && weight > 0) links.push({ from, to, weight });
    }
  links.sort((x, y) => y.weight - x.weight || x.from - y.from || x.to - y.to);
  const kept = links.slice(0, LINKS);
  return {
    domainCompatibility: Array.from({ length: domains }, (_, d) =>
      Array.from({ length: domains }, (_, e) => (count[d * domains + e] ? sum[d * domains + e] / count[d * domains + e] : null)),
    ),
    promptCompatibility: m <= MAX_TABLE ? Float32Array.from(table) : null,
    links: {
      from: Uint32Array.from(kept, (l) => l.from),
      to: Uint32Array.from(kept, (l) => l.to),
      weight: Float64Array.from(kept, (l) => l.weight),
    },
  };
}

function spread({ n, width, z, kind, domain }: Pool, seed: number) {
  const usable = Uint32Array.from({ length: n }, (_, i) => i).filter((i) => kind[i] !== KIND.excluded);
  const rows = sampleRows(usable.length, width > MAX_SPREAD_WIDE ? MAX_SPREAD_WIDE : MAX_SPREAD, seed).map((at) => usable[at]);
  const correct = rows.filter((i) => kind[i] === KIND.correct);
  const all = pick(z, rows, width);
  return {
    effectiveRank: rows.length ? effectiveRank(all, width) : null,
    participation: rows.length ? participationRatio(all, width) : null,
    alignment: alignment(
      pick(z, correct, width),
      width,
      Array.from(correct, (i) => domain[i]),
    ),
    uniformity: uniformity(all, width),
    judged: rows.length,
  };
}
