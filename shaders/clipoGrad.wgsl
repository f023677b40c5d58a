// Gradient of CLIPO's head loss L_head = (1 / #V) sum over anchors of l_i with respect to the unit embeddings:
//   dz_i = 1 / (tau #V) sum over a in A_i of f_ia (z_a - z_i),   f_ia = c_ia [i is an anchor] + c_ai [a is an anchor],   c_ia = dl_i/dS_ia
//   c_ia = exp(S_ia) / denominator of i - (infonce: 1 where a = j; supconOut: 1 / #P_i; else exp(S_ia) / sum over P_i) for a in P_i
// with S_ia = -|z_i - z_a|^2 / (2 tau). What this adds along z_i to the gradient by cosines, normalisation takes away again.
// A row owns its sum: what it is as an anchor, and what it is to others. Logits are made again: nothing N x N is stored.
//   hyper   f32[HYPER_SIZE]: clipo.*
//   z       f32[N, width]: unit embeddings; N = prompts group
//   norm    f32[N]: 0 where there is no embedding: such a rollout takes no part
//   label   f32[N]: reward
//   anchor  f32[N, 4], from clipoLoss
//   stats   f32[STATS_SIZE]: number of anchors, from clipoStats
//   dz      f32[N, width]
// Grid (N, width / 256, runs), 64 threads: one workgroup per row and stretch of 64 vec4 of the width. For 64 columns at a time a thread
// makes the coefficient of one; then it gathers its vec4 of the row.

struct Params {
  prompts: u32,
  group: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> norm: array<f32>;
@group(0) @binding(4) var<storage, read> label: array<f32>;
@group(0) @binding(5) var<storage, read> anchor: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> stats: array<f32>;
@group(0) @binding(7) var<storage, read_write> dz: array<vec4<f32>>;

var<workgroup> coefficients: array<f32, 64>;

// c of anchor `row` for the column `a`, whose logit is S; `positive`: whether it is in P.
fn pull(row: vec4<f32>, loss: f32, S: f32, a: u32, positive: bool) -> f32 {
  var own = exp(min(S - row.z, 0.0));
  if (loss == CLIPO_LOSS_INFONCE) {
    own = select(0.0, 1.0, f32(a) == row.z);
  } else if (loss == CLIPO_LOSS_SUPCON_OUT) {
    own = row.z;
  }
  return select(0.0, exp(min(S - row.y, 0.0)) - select(0.0, own, positive), row.w > 0.0);
}

@compute @workgroup_size(64)
fn clipoGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let i = group.x;
  let n = params.prompts * params.group;
  let base = run * n;
  let width4 = params.width / 4u;
  let part = group.y * 64u + lane;
  let h = run * HYPER_SIZE;
  let loss = hyper[h + HYPER_CLIPO_LOSS];
  let level = hyper[h + HYPER_CLIPO_LEVEL];
  let perTau = 1.0 / hyper[h + HYPER_CLIPO_TAU];
  let own = i / params.group;
  let first = select(own * params.group, 0u, level != CLIPO_LEVEL_GROUP);
  let anchors = stats[run * STATS_SIZE + STAT_CLIPO_LOSS + 1u];
  let count = select(0u, select(params.group, n, level != CLIPO_LEVEL_GROUP), anchors > 0.0 && norm[base + i] > 0.0);
  let mine = anchor[base + i];

  var sum = vec4<f32>();
  for (var begin = 0u; begin < count; begin += 64u) {
    let a = first + begin + lane;
    var f = 0.0;
    if (begin + lane < count && a != i && norm[base + min(a, n - 1u)] > 0.0) {
      let other = anchor[base + a];
      if (mine.w > 0.0 || other.w > 0.0) {
        var square = 0.0;
        for (var k = 0u; k < width4; k++) {
          let d = z[(base + i) * width4 + k] - z[(base + a) * width4 + k];
          square += dot(d, d);
        }
        let near = level == CLIPO_LEVEL_BATCH || a / params.group == own;
        let positive = near && label[base + i] >= 0.5 && label[base + a] >= 0.5;
        let S = -0.5 * square * perTau;
        f = pull(mine, loss, S, a, positive) + pull(other, loss, S, i, positive);
      }
    }
    coefficients[lane] = f;
    workgroupBarrier();
    if (part < width4) {
      let here = z[(base + i) * width4 + part];
      for (var c = 0u; c < min(64u, count - begin); c++) {
        sum += coefficients[c] * (z[(base + first + begin + c) * width4 + part] - here);
      }
    }
    workgroupBarrier();
  }
  if (part < width4) { dz[(base + i) * width4 + part] = sum * (perTau / max(anchors, 1.0)); }
}
