import wgsl from '../../shaders/policyLoss.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';

/** Limit of |logp − logp_old| (verl). */
const MAX_CHANGE = 20;

/**
 * The clipped token-level objective (3) with the entropy bonus, and its gradient, which replaces the logits. `tokenStats`
 * [prompts·group, responseLength, 4] gets per token: loss with the bonus, entropy, ratio, 1 when the clip stops the gradient.
 * `supervised` = 1 is the plain token-mean of −log p at temperature 1.
 */
export const policyLoss = kernel({
  name: 'policyLoss',
  wgsl,
  uses: [hyperWgsl],
  params: {
    first: 'u32',
    prompts: 'u32',
    group: 'u32',
    promptLength: 'u32',
    responseLength: 'u32',
    vocabulary: 'u32',
    supervised: 'u32',
    totalPrompts: 'u32',
  },
  buffers: {
    logits: 'read_write',
    response: 'read',
    length: 'read',
    logp: 'read',
    advantage: 'read',
    hyper: 'read',
    tokens: 'read',
    tokenStats: 'read_write',
  },
  grid: (s, runs) => [Math.ceil((s.prompts * (s.promptLength + s.group * s.responseLength)) / 64), 1, runs],
  cost: (s) => {
    const rows = s.prompts * (s.promptLength + s.group * s.responseLength);
    return { flops: 12 * rows * s.vocabulary, bytes: 4 * (2 * rows * s.vocabulary + 6 * s.prompts * s.group * s.responseLength) };
  },
  reference(shape, { logits, response, length, logp, advantage, hyper, tokens, tokenStats }) {
    const { first, prompts, group, promptLength, responseLength, vocabulary, supervised } = shape;
    const perPrompt = promptLength + group * responseLength;
    const temperature = supervised ? 1 : hyper[HYPER['rollout.temperature']] || 1;
    const bonus = supervised ? 0 : hyper[HYPER['objective.entropy']];
    const inverse = 1 / Math.max(tokens[0], 1);
    const gradient = new Float64Array(prompts * perPrompt * vocabulary);
    const logProbability = new Float64Array(vocabulary);
    tokenStats.fill(0);
    for (let m = 0; m < prompts; m++)
      for (let j = 0; j < group; j++) {
        const rollout = (first + m) * group + j;
        for (let t = 0; t < Math.min(length[rollout], responseLength); t++) {
          const row = m * perPrompt + promptLength - 1 + (t > 0 ? 1 + j * responseLength + t - 1 : 0);
          const entropy = logSoftmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary), temperature, logProbability);
          const y = response[rollout * responseLength + t];
          const now = logProbability[y];
          const { loss, ratio, slope, stopped } = supervised
            ? { loss: -now, ratio: 1, slope: -1, stopped: false }
            : clippedLoss(now - logp[rollout * responseLength + t], advantage[rollout], {
                low: hyper[HYPER['objective.clipLow']],
                high: hyper[HYPER['objective.clipHigh']],
                dual: hyper[HYPER['objective.dualClip']],
              });
          tokenStats.set([loss - bonus * entropy, entropy, ratio, Number(stopped)], ((m * group + j) * responseLength + t) * 4);
          for (let v = 0; v < vocabulary; v++) {
            const p = Math.exp(logProbability[v]);
            const d = slope * ((v === y ? 1 : 0) - p) + bonus * p * (logProbability[v] + entropy);
            gradient[row * vocabulary + v] += (d * inverse) / temperature;
          }
        }
      }
    logits.set(gradient);
  },
});

/** Writes log softmax(logits / temperature) into `out` and returns the entropy. */
function logSoftmax(logits: ArrayLike<number>, temperature: number, out: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < out.length; v++) {
    out[v] = logits[v] / temperature;
    if (out[v] > top) top = out[v];
  }
  let sum = 0;
  for (let v = 0; v < out.length; v++) sum += Math.exp(out[v] - top);
  const lse = top + Math.log(sum);
  let entropy = 0;
  for (let v = 0; v < out.length; v++) {
    out[v] -= lse;
    entropy -= Math.exp(out[v]) * out[v];
  }
  return entropy;
}

/** Equation (3) for one token: loss, ratio, d loss / d logp, and whether the clip stops the gradient. */
function clippedLoss(change: number, gain: number, clip: { low: number; high: number; dual: number }) {
  const ratio = Math.exp(Math.min(Math.max(change, -MAX_CHANGE), MAX_CHANGE));
  const low = 1 - clip.low;
  const high = 1 + clip.high;
  let loss = Math.max(-gain * ratio, -gain * Math.min(Math.max(ratio, low), high));
  let live = gain < 0 ? ratio >= low : ratio <= high;
  if (gain < 0 && clip.dual > 0) {
    loss = Math.min(loss, -gain * clip.dual);
    live &&= ratio <= clip.dual;
  }
  live &&= Math.abs(change) < MAX_CHANGE;
  return { loss, ratio, slope: live ? -gain * ratio : 0, stopped: !live && gain !== 0 };
}
