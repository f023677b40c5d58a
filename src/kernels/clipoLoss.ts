import wgsl from '../../shaders/clipoLoss.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl } from '../config/hyper';
import type { Data } from '../gpu/kernel';
import { kernel } from '../gpu/kernel';
import { randomBits, STREAM } from '../math/random';
import { STATE, stateWgsl } from './state';

/** Codes of `clipo.loss` and `clipo.level` in `hyper`. */
export const CLIPO_LOSS = {
  infonce: choiceIndex('clipo.loss', 'infonce'),
  supconOut: choiceIndex('clipo.loss', 'supconOut'),
  supconIn: choiceIndex('clipo.loss', 'supconIn'),
} as const;
const GROUP = choiceIndex('clipo.level', 'group');
const BATCH = choiceIndex('clipo.level', 'batch');

/** Whom rollout i meets at the run's level: the rows first … first + count − 1 of its denominator, and who may be a positive. */
export function clipoReach(hyper: Data, prompts: number, group: number, i: number) {
  const level = hyper[HYPER['clipo.level']];
  const own = Math.floor(i / group);
  return {
    first: level === GROUP ? own * group : 0,
    count: level === GROUP ? group : prompts * group,
    near: (a: number) => a !== i && (level === BATCH || Math.floor(a / group) === own),
  };
}

/** Shifted logit ⟨z_i, z_a⟩ / τ − 1 / τ of unit rows, as −|z_i − z_a|² / (2τ). */
export function clipoLogit(z: Data, i: number, a: number, width: number, tau: number): number {
  let square = 0;
  for (let k = 0; k < width; k++) square += (z[i * width + k] - z[a * width + k]) ** 2;
  return -square / (2 * tau);
}

function logSumExp(xs: readonly number[]): number {
  const most = Math.max(...xs);
  return most + Math.log(xs.reduce((sum, x) => sum + Math.exp(x - most), 0));
}

/**
 * CLIPO's contrastive loss l_i of every anchor (a correct rollout with another correct and an incorrect one within reach) and its reward
 * `bonus` = max(−clamp, −λ_c l_i), 0 elsewhere. `anchor` row: (l_i, log of the denominator, what the gradient needs of the positives,
 * 1), zeros for rollouts that are no anchors. Rollouts of norm 0 take no part; with λ_c = 0 there are no anchors.
 */
export const clipoLoss = kernel({
  name: 'clipoLoss',
  wgsl,
  uses: [hyperWgsl, stateWgsl, `const STREAM_CLIPO: u32 = ${STREAM.clipo}u;`, random],
  params: { prompts: 'u32', group: 'u32', width: 'u32' },
  buffers: {
    hyper: 'read',
    state: 'read',
    z: 'read',
    norm: 'read',
    label: 'read',
    anchor: 'read_write',
    bonus: 'read_write',
  },
  grid: ({ prompts, group }, runs) => [prompts * group, 1, runs],
  /** At the group level, with half of the rollouts correct. */
  cost: ({ prompts, group, width }) => ({
    flops: prompts * group * group * width,
    bytes: 4 * prompts * group * (width + 7),
  }),
  reference({ prompts, group, width }, { hyper, state, z, norm, label, anchor, bonus }) {
    const lambda = hyper[HYPER['clipo.lambda']];
    const tau = hyper[HYPER['clipo.tau']];
    const loss = hyper[HYPER['clipo.loss']];
    anchor.fill(0);
    bonus.fill(0);
    if (!(lambda > 0)) return;
    for (let i = 0; i < prompts * group; i++) {
      if (!(norm[i] > 0 && label[i] >= 0.5)) continue;
      const { first, count, near } = clipoReach(hyper, prompts, group, i);
      const met = Array.from({ length: count }, (_, at) => first + at).filter((a) => a !== i && norm[a] > 0);
      const P = met.filter((a) => near(a) && label[a] >= 0.5);
      if (!P.length || !met.some((a) => near(a) && label[a] < 0.5)) continue;
      const S = (a: number) => clipoLogit(z, i, a, width, tau);
      const denominator = logSumExp(met.map(S));
      let row: [number, number, number];
      if (loss === CLIPO_LOSS.infonce) {
        const j = P[randomBits(state[STATE.seed], STREAM.clipo, state[STATE.step], i) % P.length];
        const least = Math.log(Math.exp(denominator) + 1e-8);
        row = [least - S(j), least, j];
      } else if (loss === CLIPO_LOSS.supconOut) {
        const mean = P.reduce((sum, a) => sum + S(a), 0) / P.length;
        row = [denominator - mean, denominator, 1 / P.length];
      } else {
        const numerator = logSumExp(P.map(S));
        row = [denominator - numerator + (loss === CLIPO_LOSS.supconIn ? Math.log(P.length) : 0), denominator, numerator];
      }
      anchor.set([...row, 1], 4 * i);
      bonus[i] = Math.max(-hyper[HYPER['clipo.clamp']], -lambda * row[0]);
    }
  },
});
