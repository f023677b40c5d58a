// Closes the sums over anchors: masses (8), losses (9) to (11), every diagnostic of the contrastive objective, and what the gradient
// needs: b_i = sum_j W_ij sig_ij with W = beta w / Z_x across domains and gamma / Z_in within one. contrast.normalizer anchor divides
// each anchor's sum by its own mass instead, and takes the mean over the anchors that have one; contrast.mixing convex puts 1 - gamma
// for beta; with contrast.scope prompt the pairs within a prompt count as those within a domain, and there are none across.
//   hyper       f32[HYPER_SIZE]
//   order       u32[rows + 4] of `arrange`
//   pairs       f32[rows, 8] of `pairLosses`
//   prompt      u32[rows]
//   domain      u32[rows]
//   size        f32[prompts + domains, 2] of `groupMean`: correct rollouts first
//   anchor      f32[rows + 1, 4]: (Lam_i, rivals, sum of incorrect logits, their number) becomes (Lam_i, b_i, share_i across domains,
//               share_i within one), a share being 1, or 1 / the anchor's mass; the last row becomes beta / Z_x, gamma / Z_in (0 where the
//               mass is; per anchor, the number of anchors with mass for the mass), 1 / tau, L_x
//   stats       f32[STATS_SIZE]: metrics as (sum, weight), overwritten
// Grid (1, 1, runs), 256 threads.

struct Params {
  rows: u32,
  prompts: u32,
  domains: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> prompt: array<u32>;
@group(0) @binding(4) var<storage, read> domain: array<u32>;
@group(0) @binding(5) var<storage, read> pairs: array<f32>;
@group(0) @binding(6) var<storage, read> size: array<f32>;
@group(0) @binding(7) var<storage, read_write> anchor: array<f32>;
@group(0) @binding(8) var<storage, read_write> stats: array<f32>;

const LEAST_MASS: f32 = 1e-8; // a mass below this is noise around orthogonal prompts
const CHANNELS: u32 = 16u;
var<workgroup> parts: array<f32, 256>; // [share of the rows][channel]
var<workgroup> totals: array<f32, CHANNELS>;

fn chose(run: u32, field: u32, option: f32) -> bool {
  return hyper[run * HYPER_SIZE + field] == option;
}

// In-domain positives of anchor i, itself left out.
fn neighbours(run: u32, i: u32) -> f32 {
  let group = select(params.prompts + domain[run * params.rows + i], prompt[run * params.rows + i], chose(run, HYPER_CONTRAST_SCOPE, CONTRAST_SCOPE_PROMPT));
  return size[2u * (run * (params.prompts + params.domains) + group)] - 1.0;
}

// Channels: 0..7 those of `pairs`, 8..11 those of `anchor`, 12 same-prompt, 13 in-domain, 14 cross-domain ordered pairs of positives.
// Per anchor, 1 and 5 are sums of means over the anchor's pairs, and 2 and 6 count the anchors that have some. With scope prompt 8 and 9
// are the sum of Lam - log(rivals) and the number of anchors with rivals.
fn shareOf(channel: u32, share: u32, run: u32) -> f32 {
  let n = params.rows;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let byPrompt = chose(run, HYPER_CONTRAST_SCOPE, CONTRAST_SCOPE_PROMPT);
  let perAnchor = chose(run, HYPER_CONTRAST_NORMALIZER, CONTRAST_NORMALIZER_ANCHOR);
  let sizes = run * (params.prompts + params.domains);
  var sum = 0.0;
  if (channel < 8u) {
    let own = channel >= 4u;
    for (var at = share; at < positives; at += 16u) {
      let i = order[slots + at];
      let row = 8u * (run * n + i);
      var value = pairs[row + channel];
      if (perAnchor && (channel % 4u == 1u || channel % 4u == 2u)) {
        let mass = select(pairs[row], neighbours(run, i), own);
        value = select(value / max(mass, LEAST_MASS), 1.0, channel % 4u == 2u);
        value = select(0.0, value, mass >= LEAST_MASS);
      }
      sum += value;
    }
  } else if (channel < 12u) {
    for (var at = share; at < positives; at += 16u) {
      let row = 4u * (run * n + order[slots + at] + run);
      var value = anchor[row + channel - 8u];
      if (byPrompt && channel < 10u) {
        let rivals = anchor[row + 1u];
        value = select(0.0, select(1.0, anchor[row] - log(max(rivals, 1.0)), channel == 8u), rivals > 0.0);
      }
      sum += value;
    }
  } else if (channel == 12u || (channel == 13u && byPrompt)) {
    for (var p = share; p < params.prompts; p += 16u) {
      let members = size[2u * (sizes + p)];
      sum += members * (members - 1.0);
    }
  } else if (channel < 15u && !byPrompt) {
    for (var d = share; d < params.domains; d += 16u) {
      let members = size[2u * (sizes + params.prompts + d)];
      sum += members * select(f32(positives) - members, members - 1.0, channel == 13u);
    }
  }
  return sum;
}

// Thread m keeps (sum, weight, 1) of the metric at 2 m.
fn keepOwn(value: vec3<f32>, lane: u32, metric: u32, own: vec2<f32>) -> vec3<f32> {
  return select(value, vec3<f32>(own, 1.0), 2u * lane == metric);
}

@compute @workgroup_size(256)
fn contrastTotals(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let anchors = f32(positives);
  parts[lane] = shareOf(lane % CHANNELS, lane / CHANNELS, run);
  storageBarrier(); // rows of `anchor` are read above and written below
  workgroupBarrier();
  if (lane < CHANNELS) {
    var sum = 0.0;
    for (var p = lane; p < 256u; p += CHANNELS) { sum += parts[p]; }
    totals[lane] = sum;
  }
  workgroupBarrier();
  let a = vec4<f32>(totals[0], totals[1], totals[2], totals[3]); // over cross pairs: w, w l, w sig, S
  let b = vec4<f32>(totals[4], totals[5], totals[6], totals[7]); // w (1 - cos) over cross pairs; l, sig, S over in-domain pairs
  let c = vec4<f32>(totals[8], totals[10], totals[12], totals[13]); // Lam, incorrect logits, same-prompt pairs, in-domain pairs
  let crossPairs = totals[14];

  let at = run * HYPER_SIZE;
  let gamma = hyper[at + HYPER_CONTRAST_GAMMA];
  let tau = hyper[at + HYPER_CONTRAST_TAU];
  let byPrompt = chose(run, HYPER_CONTRAST_SCOPE, CONTRAST_SCOPE_PROMPT);
  let all = chose(run, HYPER_CONTRAST_DENOMINATOR, CONTRAST_DENOMINATOR_ALL);
  let perAnchor = chose(run, HYPER_CONTRAST_NORMALIZER, CONTRAST_NORMALIZER_ANCHOR);
  let beta = select(hyper[at + HYPER_CONTRAST_BETA], 1.0 - gamma, chose(run, HYPER_CONTRAST_MIXING, CONTRAST_MIXING_CONVEX));
  let hasCross = a.x >= LEAST_MASS;
  let crossMass = select(a.x, a.z, perAnchor);
  let insideMass = select(c.w, b.z, perAnchor);
  let perMass = select(0.0, 1.0 / max(a.x, LEAST_MASS), hasCross);
  let perCross = select(0.0, 1.0 / max(crossMass, LEAST_MASS), crossMass >= LEAST_MASS);
  let perInside = select(0.0, 1.0 / max(insideMass, 1.0), insideMass > 0.0);
  let cross = a.y * perCross;
  let inside = b.y * perInside;
  for (var q = lane; q < positives; q += 256u) {
    let p = order[slots + q];
    let i = run * n + p;
    var share = vec2<f32>(1.0);
    if (perAnchor) {
      let mass = vec2<f32>(pairs[8u * i], neighbours(run, p));
      share = select(vec2<f32>(), 1.0 / max(mass, vec2<f32>(LEAST_MASS)), mass >= vec2<f32>(LEAST_MASS));
    }
    let row = 4u * (i + run);
    anchor[row + 1u] = beta * perCross * (share.x * pairs[8u * i + 2u]) + gamma * perInside * (share.y * pairs[8u * i + 6u]);
    anchor[row + 2u] = share.x;
    anchor[row + 3u] = share.y;
  }
  if (lane < 4u) {
    let last = vec4<f32>(beta * perCross, gamma * perInside, 1.0 / tau, cross);
    anchor[4u * (run * (n + 1u) + n) + lane] = last[lane];
  }

  let negatives = f32(order[slots + n + 1u]);
  let excluded = f32(order[slots + n + 2u]);
  let both = positives > 0u && negatives > 0.0;
  let rivals = select(negatives, anchors + negatives - 1.0, all);
  let judged = select(select(0.0, anchors, both), totals[9], byPrompt);
  let separation = select(select(0.0, c.x - anchors * log(max(rivals, 1.0)), both), c.x, byPrompt);
  // One metric a thread, so that there is a single store.
  var value = vec3<f32>();
  value = keepOwn(value, lane, STAT_LOSS_CONTRASTIVE, vec2<f32>(beta * cross + gamma * inside, 1.0));
  value = keepOwn(value, lane, STAT_LOSS_CROSS, vec2<f32>(cross, 1.0));
  value = keepOwn(value, lane, STAT_LOSS_IN_DOMAIN, vec2<f32>(inside, 1.0));
  value = keepOwn(value, lane, STAT_LOSS_ATTRACTION, vec2<f32>(b.x * perMass, select(0.0, 1.0, hasCross)));
  value = keepOwn(value, lane, STAT_LOSS_SEPARATION, vec2<f32>(separation, judged));
  value = keepOwn(value, lane, STAT_MASS_CROSS, vec2<f32>(a.x, 1.0));
  value = keepOwn(value, lane, STAT_MASS_IN_DOMAIN, vec2<f32>(c.w, 1.0));
  value = keepOwn(value, lane, STAT_LOGIT_CROSS_POSITIVE, vec2<f32>(a.w, crossPairs));
  value = keepOwn(value, lane, STAT_LOGIT_IN_DOMAIN_POSITIVE, vec2<f32>(b.w, c.w));
  value = keepOwn(value, lane, STAT_LOGIT_NEGATIVE, vec2<f32>(c.y, select(anchors * negatives, totals[11], byPrompt)));
  value = keepOwn(value, lane, STAT_WEIGHT_CROSS, vec2<f32>(a.x, crossPairs));
  value = keepOwn(value, lane, STAT_POOL_POSITIVE_RATIO, vec2<f32>(anchors, anchors + negatives));
  value = keepOwn(value, lane, STAT_POOL_POSITIVES_PER4, vec2<f32>(4.0 * anchors, anchors + negatives));
  value = keepOwn(value, lane, STAT_POOL_EXCLUDED, vec2<f32>(excluded, 1.0));
  value = keepOwn(value, lane, STAT_POOL_PROMPT_POSITIVES, vec2<f32>(c.z, anchors));
  value = keepOwn(value, lane, STAT_POOL_IN_DOMAIN_POSITIVES, vec2<f32>(c.w, anchors));
  value = keepOwn(value, lane, STAT_POOL_CROSS_POSITIVES, vec2<f32>(crossPairs, anchors));
  value = keepOwn(value, lane, STAT_EMBEDDING_ALIGNMENT, vec2<f32>(2.0 * c.w - 2.0 * tau * b.w, c.w)); // |z_i - z_j|^2 = 2 - 2 cos
  if (value.z > 0.0) {
    stats[run * STATS_SIZE + 2u * lane] = value.x;
    stats[run * STATS_SIZE + 2u * lane + 1u] = value.y;
  }
}
