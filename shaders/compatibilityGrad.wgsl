// Gradient of (11) with respect to the compatibilities (method.md 8.6), both orders of a pair of prompts together:
//   v_pq = sum over i in p+, j in q+ of dL/dw_ij + dL/dw_ji,  dL/dw_ij = beta / Z_x share_i (l_ij - L_x), 0 within a domain
// With contrast.normalizer anchor the anchor's own mean loss stands for L_x. Nothing is written for a run without contrast.weightGradient.
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]: the pool's rows
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows], ascending
//   domain  u32[rows]
//   anchor  f32[rows + 1, 4] of `contrastTotals`
//   pairs   f32[rows, 8] of `pairLosses`: w and w l first
//   slope   f32[prompts, prompts]: v, symmetric
// Grid (prompts / 8, prompts / 8, runs), 8 x 8 threads: a thread makes one entry, from 4 x 4 rollouts at a time.

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
@group(0) @binding(5) var<storage, read> domain: array<u32>;
@group(0) @binding(6) var<storage, read> anchor: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read> pairs: array<f32>;
@group(0) @binding(8) var<storage, read_write> slope: array<f32>;

// First position among the positives whose prompt is at least `value`.
fn lowerBound(run: u32, positives: u32, value: u32) -> u32 {
  var low = 0u;
  var high = positives;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (prompt[run * params.rows + order[run * (params.rows + 4u) + middle]] < value) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

// (share_i, mean loss to subtract) of anchor i.
fn terms(run: u32, i: u32, perAnchor: bool) -> vec2<f32> {
  let n = params.rows;
  let share = anchor[run * (n + 1u) + i].z;
  if (!perAnchor) { return vec2<f32>(share, anchor[run * (n + 1u) + n].w); }
  return vec2<f32>(share, share * pairs[8u * (run * n + i) + 1u]);
}

@compute @workgroup_size(8, 8)
fn compatibilityGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let run = group.z;
  let n = params.rows;
  let m = params.prompts;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let settings = run * HYPER_SIZE;
  let p = group.y * 8u + local.y;
  let q = group.x * 8u + local.x;
  if (hyper[settings + HYPER_CONTRAST_WEIGHT_GRADIENT] == 0.0 || p >= m || q >= m) { return; }
  let all = hyper[settings + HYPER_CONTRAST_DENOMINATOR] == CONTRAST_DENOMINATOR_ALL;
  let perAnchor = hyper[settings + HYPER_CONTRAST_NORMALIZER] == CONTRAST_NORMALIZER_ANCHOR;
  let k = anchor[run * (n + 1u) + n];
  let positives = order[slots + n];
  let firstP = lowerBound(run, positives, p);
  let endP = lowerBound(run, positives, p + 1u);
  let firstQ = lowerBound(run, positives, q);
  let endQ = lowerBound(run, positives, q + 1u);
  let four = min(4u, n); // known at run time only: short loops stay loops, which keeps the shader short to compile

  var sum = vec4<f32>();
  if (firstP < endP && firstQ < endQ && domain[run * n + order[slots + firstP]] != domain[run * n + order[slots + firstQ]]) {
    for (var a = firstP; a < endP; a += 4u) {
      var rows: vec4<u32>;
      var lam: vec4<f32>;
      var share: vec4<f32>;
      var average: vec4<f32>;
      for (var r = 0u; r < four; r++) {
        let i = order[slots + min(a + r, endP - 1u)];
        let own = terms(run, i, perAnchor);
        rows = setLane(rows, r, (base + i) * width4);
        lam = setLaneF(lam, r, anchor[run * (n + 1u) + i].x);
        share = setLaneF(share, r, select(0.0, own.x, a + r < endP));
        average = setLaneF(average, r, own.y);
      }
      for (var b = firstQ; b < endQ; b += 4u) {
        var columns: vec4<u32>;
        for (var c = 0u; c < four; c++) { columns = setLane(columns, c, (base + order[slots + min(b + c, endQ - 1u)]) * width4); }
        let C = dotTile(columns, rows, width4);
        for (var c = 0u; c < min(4u, endQ - b); c++) {
          let j = order[slots + b + c];
          let S = pickColumn(C, c) * k.z;
          let other = terms(run, j, perAnchor);
          let back = pairLoss(vec4<f32>(anchor[run * (n + 1u) + j].x), S, all) - other.y;
          sum += share * (pairLoss(lam, S, all) - average);
          sum += select(vec4<f32>(), other.x * back, a + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(endP));
        }
      }
    }
  }
  slope[(run * m + p) * m + q] = k.x * (sum.x + sum.y + sum.z + sum.w);
}
