import finite from '../../shaders/lib/finite.wgsl?raw';
import random from '../../shaders/lib/random.wgsl?raw';
import wgsl from '../../shaders/surgery.wgsl?raw';
import { choiceIndex, HYPER, hyperWgsl, MAX_DOMAINS } from '../config/hyper';
import { type Data, kernel } from '../gpu/kernel';
import { STREAM } from '../math/random';
import { SURGERY_FLOOR, surgeryOrder } from '../math/surgery';
import { domainPairs, pairAt } from './domainGram';
import { METRIC_GRADIENT_COSINE, metricsWgsl, statOf } from './metrics';
import { STATE, stateWgsl } from './state';

/** Largest product that f32 holds. */
const LARGEST = 3.4028234663852886e38;
const [OFF, BLOCK, GLOBAL] = ['off', 'block', 'global'].map((option) => choiceIndex('surgery.granularity', option));
/** Norms up to this have no direction: method.md 5. */
const NO_DIRECTION = 1e-8;

/**
 * Coefficients of surgery in one module: `rows[i][k]` = a_ik with v_i = Σ_k a_ik g_k.
 * @param products inner products of the domains' gradients, [domain][domain]
 * @param orders for each domain, the others in the order in which it meets them
 */
export function surgeryCoefficients(
  products: readonly (readonly number[])[],
  orders: readonly (readonly number[])[],
): Float64Array[] {
  return products.map((_, i) => {
    const a = new Float64Array(products.length);
    a[i] = 1;
    for (const j of orders[i]) {
      const along = a.reduce((sum, x, k) => sum + x * products[k][j], 0);
      if (along < 0 && products[j][j] > SURGERY_FLOOR) a[j] -= along / products[j][j];
    }
    return a;
  });
}

const norm = (square: number) => (Math.abs(square) <= LARGEST ? Math.sqrt(Math.max(square, 0)) : 0);

/** Metrics of the interference panel from the inner products of every tensor, [tensor][domain][domain]. */
function measure(tensors: readonly number[][][], parts: number, stats: Data): void {
  let [conflicts, pairs] = [0, 0];
  for (let a = 0; a < parts; a++)
    for (let b = 0; b < parts; b++) {
      for (const g of tensors) {
        if (a >= b || !(Math.abs(g[a][b]) <= LARGEST) || Math.min(norm(g[a][a]), norm(g[b][b])) <= NO_DIRECTION) continue;
        pairs++;
        conflicts += Number(g[a][b] < 0);
      }
      const whole = (c: number, d: number) => tensors.reduce((sum, g) => sum + g[c][d], 0);
      const [na, nb] = [norm(whole(a, a)), norm(whole(b, b))];
      const known = Math.abs(whole(a, b)) <= LARGEST && Math.min(na, nb) > NO_DIRECTION;
      const at = 2 * (METRIC_GRADIENT_COSINE + a * MAX_DOMAINS + b);
      stats[at] = !known ? 0 : a === b ? 1 : Math.min(1, Math.max(-1, whole(a, b) / (na * nb)));
      stats[at + 1] = Number(known);
    }
  stats[statOf('gradient/conflicts')] = conflicts;
  stats[statOf('gradient/conflicts') + 1] = pairs;
}

/**
 * Modular gradient surgery (method.md 5) on the inner products of `domainGram`: `weight` [tensors, parts] such that the gradient of
 * tensor q is Σ_c weight[q, c] grad[c]; exactly 1 without a conflict, and for a run whose granularity is off. Keeps the products per
 * tensor in `gram` [tensors, parts, parts] and writes the metrics of the interference panel.
 */
export const surgery = kernel({
  name: 'surgery',
  wgsl,
  uses: [finite, random, hyperWgsl, stateWgsl, metricsWgsl, `const STREAM_SURGERY: u32 = ${STREAM.surgery}u;`],
  params: { parts: 'u32', tensors: 'u32', stretches: 'u32' },
  buffers: {
    pieces: 'read',
    tensors: 'read',
    hyper: 'read',
    state: 'read',
    gram: 'read_write',
    weight: 'read_write',
    stats: 'read_write',
  },
  grid: ({ tensors }, runs) => [tensors, 1, runs],
  cost: ({ parts, tensors, stretches }) => ({
    flops: tensors * 2 * parts ** 3 + 2 * stretches * domainPairs(parts),
    bytes: 4 * (stretches * domainPairs(parts) + tensors * parts * (parts + 1)),
  }),
  reference({ parts, tensors: count, stretches }, { pieces, tensors, hyper, state, gram, weight, stats }) {
    const domains = Array.from({ length: parts }, (_, c) => c);
    const indices = Array.from({ length: count }, (_, q) => q);
    const product = (q: number, pair: number) => {
      let sum = 0;
      const last = q + 1 < count ? tensors[4 * (q + 1) + 2] : stretches;
      for (let s = tensors[4 * q + 2]; s < last; s++) sum += pieces[s * domainPairs(parts) + pair];
      return sum;
    };
    const products = indices.map((q) => domains.map((a) => domains.map((b) => product(q, pairAt(a, b, parts)))));
    gram.set(products.flat(2));
    const granularity = hyper[HYPER['surgery.granularity']];
    const moduleOf = (q: number) => (granularity === GLOBAL ? 0 : granularity === BLOCK ? tensors[4 * q + 3] : q);
    for (const q of indices) {
      const module = moduleOf(q);
      const members = indices.filter((p) => moduleOf(p) === module);
      const whole = domains.map((a) => domains.map((b) => members.reduce((sum, p) => sum + products[p][a][b], 0)));
      const usable = granularity !== OFF && whole.flat().every((x) => Math.abs(x) <= LARGEST);
      const orders = domains.map((i) => surgeryOrder(state[STATE.seed], state[STATE.update], module, i, parts));
      const rows = usable ? surgeryCoefficients(whole, orders) : [];
      for (const c of domains) weight[q * parts + c] = usable ? rows.reduce((sum, a) => sum + a[c], 0) : 1;
    }
    measure(products, parts, stats);
  },
});
