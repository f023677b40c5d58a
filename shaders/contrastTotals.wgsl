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
@group(0) @binding(3) var<storage, read> pairs: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> promptSize: array<f32>;
@group(0) @binding(5) var<storage, read> domainSize: array<f32>;
@group(0) @binding(6) var<storage, read_write> anchor: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;

var<workgroup> sumA: array<vec4<f32>, 256>; // w, w l, w sig, S over cross pairs
var<workgroup> sumB: array<vec4<f32>, 256>; // w (1 - cos) over cross pairs; l, sig, S over in-domain pairs
var<workgroup> sumC: array<vec4<f32>, 256>; // Lam, negative logits, same-prompt pairs, in-domain pairs
var<workgroup> sumD: array<f32, 256>; // ordered cross-domain pairs of positives

fn put(run: u32, metric: u32, sum: f32, weight: f32) {
  stats[run * STATS_SIZE + metric] = sum;
  stats[run * STATS_SIZE + metric + 1u] = weight;
}

@compute @workgroup_size(256)
fn contrastTotals(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  var a = vec4<f32>();
  var b = vec4<f32>();
  var c = vec4<f32>();
  var crossPairs = 0.0;
  let anchors = f32(positives);
  for (var at = lane; at < positives; at += 256u) {
    let i = run * n + order[slots + at];
    a += pairs[2u * i];
    b += pairs[2u * i + 1u];
    c += vec4<f32>(anchor[i + run].x, anchor[i + run].z, 0.0, 0.0);
  }
  for (var p = lane; p < params.prompts; p += 256u) {
    let size = promptSize[2u * (run * params.prompts + p)];
    c.z += size * (size - 1.0);
  }
  for (var d = lane; d < params.domains; d += 256u) {
    let size = domainSize[2u * (run * params.domains + d)];
    c.w += size * (size - 1.0);
    crossPairs += size * (anchors - size);
  }
  sumA[lane] = a;
  sumB[lane] = b;
  sumC[lane] = c;
  sumD[lane] = crossPairs;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (lane < half) {
      sumA[lane] += sumA[lane + half];
      sumB[lane] += sumB[lane + half];
      sumC[lane] += sumC[lane + half];
      sumD[lane] += sumD[lane + half];
    }
    workgroupBarrier();
  }
  a = sumA[0];
  b = sumB[0];
  c = sumC[0];
  crossPairs = sumD[0];

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
    anchor[i + run].y = beta * perCross * pairs[2u * i].z + gamma * perInside * pairs[2u * i + 1u].z;
  }
  if (lane != 0u) { return; }
  anchor[run * (n + 1u) + n] = vec4<f32>(beta * perCross, gamma * perInside, 1.0 / tau, 0.0);

  let negatives = f32(order[slots + n + 1u]);
  let excluded = f32(order[slots + n + 2u]);
  let cross = a.y * perCross;
  let inside = b.y * perInside;
  let both = positives > 0u && negatives > 0.0;
  put(run, STAT_LOSS_CONTRASTIVE, beta * cross + gamma * inside, 1.0);
  put(run, STAT_LOSS_CROSS, cross, 1.0);
  put(run, STAT_LOSS_IN_DOMAIN, inside, 1.0);
  put(run, STAT_LOSS_ATTRACTION, b.x * perCross, select(0.0, 1.0, hasCross));
  put(run, STAT_LOSS_SEPARATION, select(0.0, c.x - anchors * log(max(negatives, 1.0)), both), select(0.0, anchors, both));
  put(run, STAT_MASS_CROSS, a.x, 1.0);
  put(run, STAT_MASS_IN_DOMAIN, c.w, 1.0);
  put(run, STAT_LOGIT_CROSS_POSITIVE, a.w, crossPairs);
  put(run, STAT_LOGIT_IN_DOMAIN_POSITIVE, b.w, c.w);
  put(run, STAT_LOGIT_NEGATIVE, c.y, anchors * negatives);
  put(run, STAT_WEIGHT_CROSS, a.x, crossPairs);
  put(run, STAT_POOL_POSITIVE_RATIO, anchors, f32(n));
  put(run, STAT_POOL_POSITIVES_PER4, 4.0 * anchors, f32(n));
  put(run, STAT_POOL_EXCLUDED, excluded, 1.0);
  put(run, STAT_POOL_PROMPT_POSITIVES, c.z, anchors);
  put(run, STAT_POOL_IN_DOMAIN_POSITIVES, c.w, anchors);
  put(run, STAT_POOL_CROSS_POSITIVES, crossPairs, anchors);
}
