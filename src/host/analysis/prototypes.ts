/** Prompt prototypes (5): the directions of the means of each prompt's correct rollouts. */
import { type Labels, type Means, meansOf, type Pool, poolOf } from './pool';
import type { Rows } from './rows';

/** One entry per prompt with a correct rollout, in order of the rows. */
export interface Prototypes {
  /** Number of the prompt in the frame; index of its domain. */
  prompt: Uint32Array;
  domain: Uint32Array;
  /** Correct rollouts, and the length of their mean: 1 when they agree. */
  count: Uint32Array;
  length: Float64Array;
  /** f32[prompts, width]: unit vectors c; zeros where the rollouts cancel. */
  vectors: Float32Array;
}

/** Prototypes of a pool whose means by prompt are at hand. */
export function prototypesOf({ promptOf, promptDomain, width }: Pool, means: Means): Prototypes {
  const place = [...promptOf.keys()].filter((p) => means.count[p] > 0);
  return {
    prompt: Uint32Array.from(place, (p) => promptOf[p]),
    domain: Uint32Array.from(place, (p) => promptDomain[p]),
    count: Uint32Array.from(place, (p) => means.count[p]),
    length: Float64Array.from(place, (p) => means.length[p]),
    vectors: Float32Array.from(
      { length: place.length * width },
      (_, at) => means.direction[place[Math.floor(at / width)] * width + (at % width)],
    ),
  };
}

/** Prototypes of a frame. @throws Error for a frame without vectors */
export function framePrototypes(frame: Rows, labels?: Labels): Prototypes {
  const pool = poolOf(frame, labels);
  return prototypesOf(pool, meansOf(pool, pool.kind, pool.prompt, pool.promptOf.length));
}
