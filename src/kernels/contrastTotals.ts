import wgsl from '../../shaders/contrastTotals.wgsl?raw';
import { HYPER, hyperWgsl } from '../config/hyper';
import { kernel } from '../gpu/kernel';
import { type MetricName, metricsWgsl, statOf } from './metrics';
import { contrastChoices, roles } from './pairs';

/** A mass below this is noise around orthogonal prompts: the loss is 0 then. */
export const LEAST_MASS = 1e-8;

/**
 * Closes the sums over anchors: masses (8), losses (9) to (11) and all other contrastive metrics into `stats` (overwritten, as sum and
 * weight). Rows of `anchor` become (Λ_i, b_i = Σ_j W_ij sig_ij, share_i across domains, share_i within one), the last row
 * (β / Z_x, γ / Z_in, 1 / τ, L_x), a coefficient being 0 where its mass is. Shares are 1; with contrast.normalizer anchor they are
 * 1 / the anchor's mass, and the number of anchors with mass stands for Z. contrast.mixing convex puts 1 − γ for β. With contrast.scope
 * prompt the pairs within a prompt count as those within a domain, and there are none across.
 */
export const contrastTotals = kernel({
  name: 'contrastTotals',
  wgsl,
  uses: [hyperWgsl, metricsWgsl],
  params: { rows: 'u32', prompts: 'u32', domains: 'u32' },
  buffers: {
    hyper: 'read',
    order: 'read',
    prompt: 'read',
    domain: 'read',
    pairs: 'read',
    size: 'read',
    anchor: 'read_write',
    stats: 'read_write',
  },
  grid: (_, runs) => [1, 1, runs],
  cost: ({ rows }) => ({ flops: 12 * rows, bytes: 52 * rows }),
  reference({ rows, prompts, domains }, { hyper, order, prompt, domain, pairs, size, anchor, stats }) {
    const { byPrompt, perAnchor, convex } = contrastChoices(hyper);
    const { positives, negatives } = roles(order, rows);
    const P = positives.length;
    const K = negatives.length;
    const neighbours = (i: number) => size[2 * (byPrompt ? prompt[i] : prompts + domain[i])] - 1;
    const inverse = (mass: number) => (mass < LEAST_MASS ? 0 : 1 / mass);
    const [sum, perCross, perInside] = [new Float64Array(8), new Float64Array(rows), new Float64Array(rows)];
    const [crossAnchors, insideAnchors] = [positives.filter((i) => pairs[8 * i] >= LEAST_MASS), positives.filter(neighbours)];
    let separation = 0;
    let judged = 0;
    let negative = 0;
    let wrongs = 0;
    for (const i of positives) {
      for (let c = 0; c < 8; c++) sum[c] += pairs[8 * i + c];
      const [lam, rivals, logits, incorrect] = anchor.subarray(4 * i);
      if (rivals > 0) separation += lam - Math.log(rivals);
      judged += Number(rivals > 0);
      negative += logits;
      wrongs += incorrect;
    }
    const over = (first: number, groups: number, of: (n: number) => number) => {
      let s = 0;
      for (let g = first; g < first + groups; g++) s += of(size[2 * g]);
      return s;
    };
    const samePrompt = over(0, prompts, (n) => n * (n - 1));
    const inDomain = byPrompt ? samePrompt : over(prompts, domains, (n) => n * (n - 1));
    const cross = byPrompt ? 0 : over(prompts, domains, (n) => n * (P - n));
    const [Zx, , , Sx, wd, , , Sin] = sum;
    const [tau, gamma] = [hyper[HYPER['contrast.tau']], hyper[HYPER['contrast.gamma']]];
    const beta = convex ? 1 - gamma : hyper[HYPER['contrast.beta']];
    const [crossMass, insideMass] = perAnchor ? [crossAnchors.length, insideAnchors.length] : [Zx, inDomain];
    let Lx = 0;
    let Lin = 0;
    for (const i of positives) {
      perCross[i] = perAnchor ? inverse(pairs[8 * i]) : 1;
      perInside[i] = perAnchor ? inverse(neighbours(i)) : 1;
      Lx += inverse(crossMass) * perCross[i] * pairs[8 * i + 1];
      Lin += inverse(insideMass) * perInside[i] * pairs[8 * i + 5];
    }
    const last = [beta * inverse(crossMass), gamma * inverse(insideMass), 1 / tau, Lx];
    anchor.set(last, 4 * rows);
    for (const i of positives) {
      const b = last[0] * perCross[i] * pairs[8 * i + 2] + last[1] * perInside[i] * pairs[8 * i + 6];
      anchor.set([b, perCross[i], perInside[i]], 4 * i + 1);
    }

    const put = (name: MetricName, value: number, weight: number) => stats.set([value, weight], statOf(name));
    put('loss/contrastive', beta * Lx + gamma * Lin, 1);
    put('loss/cross', Lx, 1);
    put('loss/inDomain', Lin, 1);
    put('loss/attraction', wd * inverse(Zx), Zx < LEAST_MASS ? 0 : 1);
    put('loss/separation', separation, judged);
    put('mass/cross', Zx, 1);
    put('mass/inDomain', inDomain, 1);
    put('logit/crossPositive', Sx, cross);
    put('logit/inDomainPositive', Sin, inDomain);
    put('logit/negative', negative, wrongs);
    put('weight/cross', Zx, cross);
    put('pool/positiveRatio', P, P + K);
    put('pool/positivesPer4', 4 * P, P + K);
    put('pool/excluded', rows - P - K, 1);
    put('pool/promptPositives', samePrompt, P);
    put('pool/inDomainPositives', inDomain, P);
    put('pool/crossPositives', cross, P);
    put('embedding/alignment', 2 * inDomain - 2 * tau * Sin, inDomain);
  },
});
