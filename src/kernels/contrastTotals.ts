import wgsl from '../../shaders/contrastTotals.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { type MetricName, metricsWgsl, statOf } from './metrics';
import { roles } from './pairs';

/** A Z_x below this is noise around orthogonal prompts: L_x = 0 then. */
export const LEAST_CROSS_MASS = 1e-8;

/**
 * Closes the sums over anchors: masses (8), losses (9) to (11) and all other contrastive metrics into `stats` (overwritten, as sum and
 * weight); b_i = Σ_j W_ij sig_ij into `anchor`, whose last row becomes (β / Z_x, γ / Z_in, 1 / τ, 0), a coefficient being 0 where its mass is.
 */
export const contrastTotals = kernel({
  name: 'contrastTotals',
  wgsl,
  uses: [hyperWgsl, metricsWgsl],
  params: { rows: 'u32', prompts: 'u32', domains: 'u32' },
  buffers: {
    hyper: 'read',
    order: 'read',
    pairs: 'read',
    promptSize: 'read',
    domainSize: 'read',
    anchor: 'read_write',
    stats: 'read_write',
  },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ rows }) => ({ flops: 12 * rows, bytes: 52 * rows }),
  reference({ rows, prompts, domains }, { hyper, order, pairs, promptSize, domainSize, anchor, stats }) {
    const { positives, negatives } = roles(order, rows);
    const P = positives.length;
    const K = negatives.length;
    const sum = new Float64Array(8);
    let lam = 0;
    let negative = 0;
    for (const i of positives) {
      for (let c = 0; c < 8; c++) sum[c] += pairs[8 * i + c];
      lam += anchor[4 * i];
      negative += anchor[4 * i + 2];
    }
    const over = (size: typeof promptSize, groups: number, of: (n: number) => number) => {
      let s = 0;
      for (let g = 0; g < groups; g++) s += of(size[2 * g]);
      return s;
    };
    const samePrompt = over(promptSize, prompts, (n) => n * (n - 1));
    const inDomain = over(domainSize, domains, (n) => n * (n - 1));
    const cross = over(domainSize, domains, (n) => n * (P - n));
    const [Zx, wl, , Sx, wd, l, , Sin] = sum;
    const tau = hyper[HYPER['contrast.tau']];
    const beta = Zx < LEAST_CROSS_MASS ? 0 : hyper[HYPER['contrast.beta']] / Zx;
    const gamma = inDomain ? hyper[HYPER['contrast.gamma']] / inDomain : 0;
    for (const i of positives) anchor[4 * i + 1] = beta * pairs[8 * i + 2] + gamma * pairs[8 * i + 6];
    anchor.set([beta, gamma, 1 / tau, 0], 4 * rows);

    const put = (name: MetricName, value: number, weight: number) => stats.set([value, weight], statOf(name));
    put('loss/contrastive', beta * wl + gamma * l, 1);
    put('loss/cross', Zx < LEAST_CROSS_MASS ? 0 : wl / Zx, 1);
    put('loss/inDomain', inDomain ? l / inDomain : 0, 1);
    put('loss/attraction', Zx < LEAST_CROSS_MASS ? 0 : wd / Zx, Zx < LEAST_CROSS_MASS ? 0 : 1);
    put('loss/separation', P && K ? lam - P * Math.log(K) : 0, P && K ? P : 0);
    put('mass/cross', Zx, 1);
    put('mass/inDomain', inDomain, 1);
    put('logit/crossPositive', Sx, cross);
    put('logit/inDomainPositive', Sin, inDomain);
    put('logit/negative', negative, P * K);
    put('weight/cross', Zx, cross);
    put('pool/positiveRatio', P, rows);
    put('pool/positivesPer4', 4 * P, rows);
    put('pool/excluded', rows - P - K, 1);
    put('pool/promptPositives', samePrompt, P);
    put('pool/inDomainPositives', inDomain, P);
    put('pool/crossPositives', cross, P);
  },
});
