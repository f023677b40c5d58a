// Closes the sums over anchors: masses (8), losses (9) to (11), every diagnostic of the contrastive objective, and what the gradient
// needs: b_i = sum_j W_ij sig_ij with W = beta w / Z_x across domains and gamma / Z_in within one.
//   hyper       f32[HYPER_SIZE]
//   order       u32[rows + 4] of `arrange`
//   pairs       f32[rows, 8] of `pairLosses`
//   promptSize  f32[prompts, 2]: correct rollouts first
//   domainSize  f32[domains, 2]
//   anchor      f32[rows + 1, 4]: (Lam_i, b_i, sum of negative logits, 0); b_i is written here, and the last row:
//               beta / Z_x, gamma / Z_in (0 where the mass is), 1 / tau, 0
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
@group(0) @binding(3) var<storage, read> pairs: array<f32>;
@group(0) @binding(4) var<storage, read> promptSize: array<f32>;
@group(0) @binding(5) var<storage, read> domainSize: array<f32>;
@group(0) @binding(6) var<storage, read_write> anchor: array<f32>;
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;

const CHANNELS: u32 = 16u;
var<workgroup> parts: array<f32, 256>; // [share of the rows][channel]
var<workgroup> totals: array<f32, CHANNELS>;

// Channels: 0..7 those of `pairs`, 8..11 those of `anchor`, 12 same-prompt, 13 in-domain, 14 cross-domain ordered pairs of positives.
fn shareOf(channel: u32, share: u32, run: u32) -> f32 {
  let n = params.rows;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  var sum = 0.0;
  if (channel < 12u) {
    for (var at = share; at < positives; at += 16u) {
      let i = run * n + order[slots + at];
      if (channel < 8u) {
        sum += pairs[8u * i + channel];
      } else {
        sum += anchor[4u * (i + run) + channel - 8u];
      }
    }
  } else if (channel == 12u) {
    for (var p = share; p < params.prompts; p += 16u) {
      let size = promptSize[2u * (run * params.prompts + p)];
      sum += size * (size - 1.0);
    }
  } else if (channel < 15u) {
    for (var d = share; d < params.domains; d += 16u) {
      let size = domainSize[2u * (run * params.domains + d)];
      sum += size * select(f32(positives) - size, size - 1.0, channel == 13u);
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
  workgroupBarrier();
  if (lane < CHANNELS) {
    var sum = 0.0;
    for (var p = lane; p < 256u; p += CHANNELS) { sum += parts[p]; }
    totals[lane] = sum;
  }
  workgroupBarrier();
  let a = vec4<f32>(totals[0], totals[1], totals[2], totals[3]); // over cross pairs: w, w l, w sig, S
  let b = vec4<f32>(totals[4], totals[5], totals[6], totals[7]); // w (1 - cos) over cross pairs; l, sig, S over in-domain pairs
  let c = vec4<f32>(totals[8], totals[10], totals[12], totals[13]); // Lam, negative logits, same-prompt pairs, in-domain pairs
  let crossPairs = totals[14];

  let at = run * HYPER_SIZE;
  let beta = hyper[at + HYPER_CONTRAST_BETA];
  let gamma = hyper[at + HYPER_CONTRAST_GAMMA];
  let tau = hyper[at + HYPER_CONTRAST_TAU];
  let hasCross = a.x >= 1e-8;
  let hasInside = c.w > 0.0;
  let perCross = select(0.0, 1.0 / max(a.x, 1e-8), hasCross);
  let perInside = select(0.0, 1.0 / max(c.w, 1.0), hasInside);
  for (var q = lane; q < positives; q += 256u) {
    let i = run * n + order[slots + q];
    anchor[4u * (i + run) + 1u] = beta * perCross * pairs[8u * i + 2u] + gamma * perInside * pairs[8u * i + 6u];
  }
  if (lane < 4u) {
    let last = vec4<f32>(beta * perCross, gamma * perInside, 1.0 / tau, 0.0);
    anchor[4u * (run * (n + 1u) + n) + lane] = last[lane];
  }

  let negatives = f32(order[slots + n + 1u]);
  let excluded = f32(order[slots + n + 2u]);
  let cross = a.y * perCross;
  let inside = b.y * perInside;
  let both = positives > 0u && negatives > 0.0;
  // One metric a thread, so that there is a single store.
  var value = vec3<f32>();
  value = keepOwn(value, lane, STAT_LOSS_CONTRASTIVE, vec2<f32>(beta * cross + gamma * inside, 1.0));
  value = keepOwn(value, lane, STAT_LOSS_CROSS, vec2<f32>(cross, 1.0));
  value = keepOwn(value, lane, STAT_LOSS_IN_DOMAIN, vec2<f32>(inside, 1.0));
  value = keepOwn(value, lane, STAT_LOSS_ATTRACTION, vec2<f32>(b.x * perCross, select(0.0, 1.0, hasCross)));
  value = keepOwn(value, lane, STAT_LOSS_SEPARATION, vec2<f32>(select(0.0, c.x - anchors * log(max(negatives, 1.0)), both), select(0.0, anchors, both)));
  value = keepOwn(value, lane, STAT_MASS_CROSS, vec2<f32>(a.x, 1.0));
  value = keepOwn(value, lane, STAT_MASS_IN_DOMAIN, vec2<f32>(c.w, 1.0));
  value = keepOwn(value, lane, STAT_LOGIT_CROSS_POSITIVE, vec2<f32>(a.w, crossPairs));
  value = keepOwn(value, lane, STAT_LOGIT_IN_DOMAIN_POSITIVE, vec2<f32>(b.w, c.w));
  value = keepOwn(value, lane, STAT_LOGIT_NEGATIVE, vec2<f32>(c.y, anchors * negatives));
  value = keepOwn(value, lane, STAT_WEIGHT_CROSS, vec2<f32>(a.x, crossPairs));
  value = keepOwn(value, lane, STAT_POOL_POSITIVE_RATIO, vec2<f32>(anchors, f32(n)));
  value = keepOwn(value, lane, STAT_POOL_POSITIVES_PER4, vec2<f32>(4.0 * anchors, f32(n)));
  value = keepOwn(value, lane, STAT_POOL_EXCLUDED, vec2<f32>(excluded, 1.0));
  value = keepOwn(value, lane, STAT_POOL_PROMPT_POSITIVES, vec2<f32>(c.z, anchors));
  value = keepOwn(value, lane, STAT_POOL_IN_DOMAIN_POSITIVES, vec2<f32>(c.w, anchors));
  value = keepOwn(value, lane, STAT_POOL_CROSS_POSITIVES, vec2<f32>(crossPairs, anchors));
  if (value.z > 0.0) {
    stats[run * STATS_SIZE + 2u * lane] = value.x;
    stats[run * STATS_SIZE + 2u * lane + 1u] = value.y;
  }
}
