/** How true a picture is to the rows behind it. */
import { effectiveRank } from '../../math/embedding';
import { neighbourPurity, trustworthinessSteps } from '../../math/neighbours';
import { part, type Steps } from '../../math/steps';
import { pick, sampleRows } from './rows';

/** Most rows that a picture is judged on; beyond, a seeded sample is. */
export const MAX_JUDGED = 1000;
/** Beyond this width the rank is taken of as many rows at most: its matrix has the smaller side of the two. */
const WIDE = 512;
const NEIGHBOURS = 10;

/** Figures beside a picture. */
export interface Judgement {
  /** 0 to 1 (Venna & Kaski 2001); null for fewer than 3 rows. */
  trustworthiness: number | null;
  /** Mean share of a row's nearest rows that are of its domain, in the picture and in the original space. */
  purity: { map: number; original: number } | null;
  /** Effective rank of the rows (Roy & Vetterli 2007). */
  effectiveRank: number | null;
  /** Nearest rows that trustworthiness and purity look at. */
  neighbours: number;
  /** Rows that the figures are of: all, or a sample of MAX_JUDGED. */
  judged: number;
}

/** Judges `points`, f[n, dimensions], against `rows`, f64[n, width]. */
export function* judgeSteps(
  rows: Float64Array,
  width: number,
  points: Float64Array,
  dimensions: number,
  label: ArrayLike<number> | undefined,
  seed: number,
): Steps<Judgement> {
  const n = rows.length / width;
  const sample = sampleRows(n, MAX_JUDGED, seed);
  const [some, map] = n > MAX_JUDGED ? [pick(rows, sample, width), pick(points, sample, dimensions)] : [rows, points];
  const of = label && Array.from(sample, (i) => label[i]);
  const k = Math.max(0, Math.min(NEIGHBOURS, Math.ceil(sample.length / 2) - 1));
  const ranked = width > WIDE && sample.length > WIDE ? some.subarray(0, WIDE * width) : some;
  return {
    trustworthiness: k ? yield* part(trustworthinessSteps(some, width, map, k, dimensions), 0, 0.8) : null,
    purity: of && k ? { map: neighbourPurity(map, dimensions, of, k), original: neighbourPurity(some, width, of, k) } : null,
    effectiveRank: n ? effectiveRank(ranked, width) : null,
    neighbours: k,
    judged: sample.length,
  };
}
