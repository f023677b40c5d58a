// Gradient of (11) through the compatibilities into the embeddings (method.md 8.6), added to theirs:
//   dz_i += dmu_p / n_p for each correct rollout i of p,  dmu_p = sum_q v_pq dw_pq/dmu_p
//   cosine: dw_pq/dmu_p = 1[w > 0] (c_q - <c_q, c_p> c_p) / |mu_p|;  half: half of it;  raw: 1[w > 0] mu_q
// Nothing is added for a run without contrast.weightGradient.
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]: prototypes c from row `rows`
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows], ascending
//   size    f32[points - rows, 2] of `groupMean`: n_p, |mu_p|
//   slope   f32[prompts, prompts]: v of `compatibilityGrad`
//   dz      f32[rows, width]
// Grid (prompts, width / 256, runs), 64 threads: a workgroup owns a prompt and a stretch of 64 vec4 of the width.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  prompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> prompt: array<u32>;
@group(0) @binding(5) var<storage, read> size: array<f32>;
@group(0) @binding(6) var<storage, read> slope: array<f32>;
@group(0) @binding(7) var<storage, read_write> dz: array<vec4<f32>>;

var<workgroup> factors: array<f32, 64>;

@compute @workgroup_size(64)
fn prototypeGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let m = params.prompts;
  let width4 = params.width / 4u;
  let p = group.x;
  let part = group.y * 64u + lane;
  let slots = run * (n + 4u);
  let sizes = 2u * run * (params.points - n);
  let prototypes = (run * params.points + n) * width4;
  let members = size[sizes + 2u * p];
  let length = size[sizes + 2u * p + 1u];
  if (hyper[run * HYPER_SIZE + HYPER_CONTRAST_WEIGHT_GRADIENT] == 0.0 || length == 0.0) { return; }
  let map = hyper[run * HYPER_SIZE + HYPER_CONTRAST_WEIGHT_MAP];
  let raw = map == CONTRAST_WEIGHT_MAP_RAW;
  let half = map == CONTRAST_WEIGHT_MAP_HALF;

  // sum_q f_q c_q, with f_q such that f_q c_q is the derivative before the projection, and its component along c_p.
  var sum = vec4<f32>();
  var along = 0.0;
  for (var begin = 0u; begin < m; begin += 64u) {
    let q = begin + lane;
    var factor = 0.0;
    if (q < m) {
      let other = size[sizes + 2u * q + 1u];
      let v = slope[(run * m + p) * m + q];
      if (v != 0.0 && other > 0.0) {
        var cosine = 0.0;
        for (var k = 0u; k < width4; k++) { cosine += dot(z[prototypes + p * width4 + k], z[prototypes + q * width4 + k]); }
        let w = mapped(vec4<f32>(cosine), vec4<f32>(length * other), map).x;
        factor = select(0.0, v * select(select(1.0, 0.5, half), other, raw), w > 0.0);
        along += factor * cosine;
      }
    }
    factors[lane] = factor;
    workgroupBarrier();
    if (part < width4) {
      for (var q = 0u; q < min(64u, m - begin); q++) { sum += factors[q] * z[prototypes + (begin + q) * width4 + part]; }
    }
    workgroupBarrier();
  }
  factors[lane] = along;
  workgroupBarrier();
  for (var reach = 32u; reach > 0u; reach /= 2u) {
    if (lane < reach) { factors[lane] += factors[lane + reach]; }
    workgroupBarrier();
  }
  if (part >= width4) { return; }
  if (!raw) { sum = (sum - factors[0] * z[prototypes + p * width4 + part]) / length; }
  sum /= members;

  // The prompt's correct rollouts are neighbours among the positives: the first by bisection.
  let positives = order[slots + n];
  var low = 0u;
  var high = positives;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (prompt[run * n + order[slots + middle]] < p) { low = middle + 1u; } else { high = middle; }
  }
  for (var at = low; at < low + u32(members); at++) {
    dz[(run * n + order[slots + at]) * width4 + part] += sum;
  }
}
