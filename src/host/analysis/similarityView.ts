/** The sorted N × N similarity matrix as the page holds it: read-outs of cells and pictures of parts of it. */
import { KIND, ROLE, type Role } from './roles';

/** Largest side of the picture that is made of the matrix. */
export const PICTURE = 512;

/** A run of places. */
export interface Block {
  /** Index in the frame's `domains`; number of the prompt in the frame. */
  index: number;
  start: number;
  end: number;
}

/** The sorted matrix. A *place* is a position in it, a *row* one in the frame. */
export interface SimilarityMap {
  n: number;
  tau: number;
  /** u32[n]: row at each place: by domain, then prompt, then correct, incorrect, excluded ones. */
  order: Uint32Array;
  /** f32[n, n]: cosine / τ; 0 for excluded rollouts. */
  matrix: Float32Array;
  domains: Block[];
  /** `correct`: how many of them, from `start` on. */
  prompts: (Block & { correct: number })[];
  /** u8[n] of KIND, u32[n] each, by place; `prompt` counts the blocks of `prompts`. */
  kind: Uint8Array;
  domain: Uint32Array;
  prompt: Uint32Array;
  /** f32[prompts, prompts]: compatibility (5), by block; NaN where a prompt has no correct rollout. */
  weight: Float32Array;
  scope: 'pool' | 'prompt';
  /** What a positive competes with: the incorrect rollouts, or all others. */
  denominator: 'negatives' | 'all';
  /** f64[n], by place: Λ_i; −∞ for what has no rivals. */
  lambda: Float64Array;
  /** f64[n] each, by place: factor of an anchor's (weighted) terms l in L (11). */
  factor: { cross: Float64Array; inDomain: Float64Array };
  /** Mean logit over the pairs of correct anchors (by their block of `domains`) with positives, and with negatives; null without any. */
  positive: (number | null)[][];
  negative: (number | null)[][];
  /** The matrix with a side of at most PICTURE, as `pool` makes it. */
  picture: Picture;
}

/** Means over rectangles of the matrix, f32[height, width]. */
export interface Picture {
  width: number;
  height: number;
  mean: Float32Array;
}

/** A cell at full resolution. */
export interface Cell {
  /** Rows of the frame. */
  anchor: number;
  partner: number;
  logit: number;
  cosine: number;
  role: 'self' | 'cross-positive' | 'in-domain positive' | 'negative' | 'none';
  /** Compatibility (5) of the two prompts; null where one has no correct rollout. */
  weight: number | null;
  /** Of a positive: l, and W l, what the pair adds to L (11); null for other roles. */
  loss: number | null;
  part: number | null;
  /** Share of what competes with the anchor's positives, 0 to 1; null for what does not. */
  share: number | null;
}

const NAMES: Record<Role, Cell['role']> = {
  [ROLE.none]: 'none',
  [ROLE.self]: 'self',
  [ROLE.cross]: 'cross-positive',
  [ROLE.inDomain]: 'in-domain positive',
  [ROLE.negative]: 'negative',
};

/**
 * Places [from, to) of the rows and columns of the matrix, f32[n, n], as a picture with a side of at most `most`: each pixel is the mean
 * of its cells, without those of a rollout with itself unless it has no others.
 */
export function poolCells(
  matrix: Float32Array,
  n: number,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
  most: number,
): Picture {
  const height = Math.min(most, bottom - top);
  const width = Math.min(most, right - left);
  const mean = new Float32Array(width * height);
  const edges = (from: number, to: number, size: number) =>
    Uint32Array.from({ length: size + 1 }, (_, k) => from + Math.floor((k * (to - from)) / size));
  const [rows, columns] = [edges(top, bottom, height), edges(left, right, width)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [sum, count, own] = [0, 0, 0];
      for (let i = rows[y]; i < rows[y + 1]; i++)
        for (let j = columns[x]; j < columns[x + 1]; j++) {
          if (i === j) {
            own = matrix[i * n + j];
            continue;
          }
          sum += matrix[i * n + j];
          count++;
        }
      mean[y * width + x] = count ? sum / count : own;
    }
  return { width, height, mean };
}

/** The cell at two places; null outside the matrix. */
export function cellOf(map: SimilarityMap, anchor: number, partner: number): Cell | null {
  const { n, order, matrix, tau } = map;
  const inside = (at: number) => Number.isInteger(at) && at >= 0 && at < n;
  if (!inside(anchor) || !inside(partner)) return null;
  const logit = matrix[anchor * n + partner];
  const weight = map.weight[map.prompt[anchor] * map.prompts.length + map.prompt[partner]];
  const role = roleAt(map, anchor, partner);
  const positive = role === ROLE.cross || role === ROLE.inDomain;
  const loss = positive ? pairLoss(map, anchor, logit) : null;
  const factor = role === ROLE.cross ? map.factor.cross[anchor] * weight : map.factor.inDomain[anchor];
  const rival =
    map.lambda[anchor] > Number.NEGATIVE_INFINITY && (role === ROLE.negative || (positive && map.denominator === 'all'));
  return {
    anchor: order[anchor],
    partner: order[partner],
    logit,
    cosine: logit * tau,
    role: NAMES[role],
    weight: Number.isNaN(weight) ? null : weight,
    loss,
    part: loss === null ? null : factor * loss,
    share: rival ? Math.exp(Math.min(0, logit - map.lambda[anchor])) : null,
  };
}

/** l (9): −log of the positive's chance against its rivals; 0 where nothing competes with it. */
function pairLoss({ lambda, denominator }: SimilarityMap, anchor: number, logit: number): number {
  const behind = lambda[anchor] - logit;
  if (behind === Number.NEGATIVE_INFINITY) return 0;
  return denominator === 'negatives' ? Math.max(behind, 0) + Math.log1p(Math.exp(-Math.abs(behind))) : behind;
}

/** Role of one place to another, of ROLE. */
export function roleAt(
  { kind, domain, prompt, scope }: Pick<SimilarityMap, 'kind' | 'domain' | 'prompt' | 'scope'>,
  anchor: number,
  partner: number,
): Role {
  if (kind[anchor] !== KIND.correct || kind[partner] === KIND.excluded) return ROLE.none;
  if (anchor === partner) return ROLE.self;
  if (scope === 'prompt' && prompt[anchor] !== prompt[partner]) return ROLE.none;
  if (kind[partner] === KIND.wrong) return ROLE.negative;
  return domain[anchor] === domain[partner] ? ROLE.inDomain : ROLE.cross;
}
