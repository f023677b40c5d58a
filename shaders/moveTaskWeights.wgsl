// Improvement-aware task weights of MT-GRPO (IWU, Subroutine 1; method.md 6.1), after an update:
//   I_k = mean over the sequences of task k of (loss before - loss after), losses as token means; strict: the sum
//   s_k = clip(I_k, -kappa, kappa) + lambda J_k;   g_k = z_k (s_k - sum_j z_j s_j) + decay xi_k;   xi <- xi - Adam(g)
//   before, after  f32[prompts * group, responseLength, 4]: token statistics of `policyLoss`, the loss first
//   length      u32[totalPrompts * group]
//   domain      u32[totalPrompts]
//   hyper       f32[HYPER_SIZE]: curriculum.*, optimizer.lr, the mix
//   curriculum  f32[CURRICULUM_SIZE]: xi, its moments, J; improvements of the step's updates are summed here until the weights move
//   stats       f32[STATS_SIZE]: improvement of each domain is added, as (sum, weight)
// Rule mean moves the weights once per step (endOfStep = 1), strict at every update, with kappa * lr / 1e-6.
// Grid (1, 1, runs), 256 threads: 32 threads a domain, at most 8 domains.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  responseLength: u32,
  totalPrompts: u32,
  domains: u32,
  endOfStep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> before: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> after: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> length: array<u32>;
@group(0) @binding(4) var<storage, read> domain: array<u32>;
@group(0) @binding(5) var<storage, read> hyper: array<f32>;
@group(0) @binding(6) var<storage, read_write> curriculum: array<f32>;
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

var<workgroup> sums: array<vec2<f32>, 256>; // improvement, rollouts

// 1 - base^n without cancellation for small n.
fn oneMinusPower(base: f32, n: f32) -> f32 {
  return -expm1Small(n * log(base));
}

// exp(x) - 1 for x <= 0.
fn expm1Small(x: f32) -> f32 {
  if (x > -0.05) {
    return x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * 0.008333334))));
  }
  return exp(x) - 1.0;
}

@compute @workgroup_size(256)
fn moveTaskWeights(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let h = run * HYPER_SIZE;
  let rule = hyper[h + HYPER_CURRICULUM_RULE];
  if (rule == CURRICULUM_RULE_OFF) {
    return;
  }
  let strict = rule == CURRICULUM_RULE_STRICT;
  let T = params.responseLength;
  let rollouts = params.prompts * params.group;
  let base = run * params.totalPrompts + params.first;
  var sum = vec2<f32>();
  for (var i = lane % 32u; i < rollouts; i += 32u) {
    let tokens = min(length[base * params.group + i], T);
    if (domain[base + i / params.group] != lane / 32u || tokens == 0u) {
      continue;
    }
    let start = (run * rollouts + i) * T;
    var better = 0.0;
    for (var t = 0u; t < tokens; t++) {
      better += before[start + t].x - after[start + t].x;
    }
    sum += vec2<f32>(better / f32(tokens), 1.0);
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  let c = run * CURRICULUM_SIZE;
  var s: array<f32, MAX_DOMAINS>;
  for (var d = 0u; d < params.domains; d++) {
    var whole = vec2<f32>();
    for (var i = 0u; i < 32u; i++) {
      whole += sums[d * 32u + i];
    }
    curriculum[c + CURRICULUM_IMPROVEMENT + d] += whole.x;
    curriculum[c + CURRICULUM_ROLLOUTS + d] += whole.y;
  }
  if (!strict && params.endOfStep == 0u) {
    return;
  }
  var z = taskWeights(h, c, params.domains);
  let limit = hyper[h + HYPER_CURRICULUM_KAPPA] * select(1.0, hyper[h + HYPER_OPTIMIZER_LR] * 1e6, strict);
  var mean = 0.0;
  for (var d = 0u; d < params.domains; d++) {
    let count = curriculum[c + CURRICULUM_ROLLOUTS + d];
    let improvement = curriculum[c + CURRICULUM_IMPROVEMENT + d] / select(max(count, 1.0), 1.0, strict);
    let at = run * STATS_SIZE + STAT_DOMAIN_IMPROVEMENT + 2u * d;
    if (count > 0.0) {
      stats[at] += improvement;
      stats[at + 1u] += 1.0;
    }
    s[d] = clamp(improvement, -limit, limit) + hyper[h + HYPER_CURRICULUM_LAMBDA] * curriculum[c + CURRICULUM_ACCURACY + d];
    mean += z[d] * s[d];
  }
  let updates = curriculum[c + CURRICULUM_UPDATES] + 1.0;
  curriculum[c + CURRICULUM_UPDATES] = updates;
  for (var d = 0u; d < params.domains; d++) {
    curriculum[c + CURRICULUM_IMPROVEMENT + d] = 0.0;
    curriculum[c + CURRICULUM_ROLLOUTS + d] = 0.0;
    if (!(hyper[h + HYPER_MIX + d] > 0.0)) {
      continue;
    }
    let xi = curriculum[c + CURRICULUM_LOGIT + d];
    let g = z[d] * (s[d] - mean) + hyper[h + HYPER_CURRICULUM_DECAY] * xi;
    let m = BETA1 * curriculum[c + CURRICULUM_MOMENT1 + d] + (1.0 - BETA1) * g;
    let v = BETA2 * curriculum[c + CURRICULUM_MOMENT2 + d] + (1.0 - BETA2) * g * g;
    curriculum[c + CURRICULUM_MOMENT1 + d] = m;
    curriculum[c + CURRICULUM_MOMENT2 + d] = v;
    let root = sqrt(v / oneMinusPower(BETA2, updates)) + EPSILON;
    curriculum[c + CURRICULUM_LOGIT + d] = xi - hyper[h + HYPER_CURRICULUM_LR] * m / oneMinusPower(BETA1, updates) / root;
  }
}
