// Gradient of (11) with respect to the unit embeddings, w held fixed:
//   dz_i = (1 / tau) sum_j f_ij z_j
//   P+, P+ : f_ij = -W_ij (share_i sig_ij + share_j sig_ji),  W = beta w / Z_x across domains, gamma / Z_in within one,
//            sig_ij = sigmoid(Lam_i - S_ij)
//   P+, N- : f_ij = b_i exp(S_ij - Lam_i);   N-, P+ : b_j exp(S_ij - Lam_j);   N-, N- : 0
// Where positives are rivals too (contrast.denominator all) sig is 1, and pairs of positives also get b_i exp(..) + b_j exp(..). With
// contrast.scope prompt only rollouts of one prompt meet.
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]: the pool's rows, then prototypes from row `rows`
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows]
//   domain  u32[rows]
//   anchor  f32[rows + 1, 4]: (Lam_i, b_i, share_i across domains, share_i within one); last row: beta / Z_x, gamma / Z_in, 1 / tau, L_x
//   weight  f32[prompts, prompts] when `table`, else f32[points - rows, 2], the sizes of `groupMean`
//   dz      f32[rows, width]
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, width / 256, runs), 128 threads. A workgroup owns 16 positions and a stretch of 64 vec4 of the width. For 128 columns
// at a time a thread makes the coefficients of 4 rows and 4 columns, a component a row; then it gathers its vec4 of 8 rows.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  begin: u32,
  span: u32,
  prompts: u32,
  table: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> prompt: array<u32>;
@group(0) @binding(5) var<storage, read> domain: array<u32>;
@group(0) @binding(6) var<storage, read> anchor: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read> weight: array<f32>;
@group(0) @binding(8) var<storage, read_write> dz: array<vec4<f32>>;

var<workgroup> coefficients: array<vec4<f32>, 512>; // [column of 128][row block of 4]
var<workgroup> places: array<u32, 128>; // first vec4 of each column's embedding

@compute @workgroup_size(128)
fn pairGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let used = positives + order[slots + n + 1u];
  let k = anchor[run * (n + 1u) + n];
  let all = hyper[run * HYPER_SIZE + HYPER_CONTRAST_DENOMINATOR] == CONTRAST_DENOMINATOR_ALL;
  let byPrompt = hyper[run * HYPER_SIZE + HYPER_CONTRAST_SCOPE] == CONTRAST_SCOPE_PROMPT;
  let map = hyper[run * HYPER_SIZE + HYPER_CONTRAST_WEIGHT_MAP];
  let sizes = 2u * run * (params.points - n) + 1u;
  let first = params.begin + group.x * 16u;
  let part = group.y * 64u + lane % 64u;
  let half = lane / 64u;
  let block = lane % 4u;
  let four = min(4u, n); // known at run time only: short loops stay loops, which keeps the shader short to compile
  let mine = lane / 4u * 4u;

  var g0 = vec4<f32>();
  var g1 = vec4<f32>();
  var g2 = vec4<f32>();
  var g3 = vec4<f32>();
  var g4 = vec4<f32>();
  var g5 = vec4<f32>();
  var g6 = vec4<f32>();
  var g7 = vec4<f32>();

  // Negatives meet positives only; without anchors or without negatives there is no force at all.
  let last = select(positives, used, first < positives);
  if (positives > 0u && used > positives && first < used) {
    let at = first + block * 4u + vec4<u32>(0u, 1u, 2u, 3u);
    let anchors = at < vec4<u32>(positives);
    var rows: vec4<u32>;
    var prompts: vec4<u32>;
    var domains: vec4<u32>;
    var lengths: vec4<f32>;
    var lam: vec4<f32>;
    var b: vec4<f32>;
    var crossShare: vec4<f32>;
    var ownShare: vec4<f32>;
    for (var r = 0u; r < four; r++) {
      let i = order[slots + min(first + block * 4u + r, used - 1u)];
      let own = anchor[run * (n + 1u) + i];
      rows = setLane(rows, r, i);
      let p = prompt[run * n + i];
      prompts = setLane(prompts, r, p);
      if (params.table == 0u) { lengths = setLaneF(lengths, r, weight[sizes + 2u * p]); }
      domains = setLane(domains, r, domain[run * n + i]);
      lam = setLaneF(lam, r, own.x);
      b = setLaneF(b, r, own.y);
      crossShare = setLaneF(crossShare, r, own.z);
      ownShare = setLaneF(ownShare, r, own.w);
    }
    for (var begin = 0u; begin < last; begin += 128u) {
      var columns: vec4<u32>;
      var others: vec4<u32>;
      for (var c = 0u; c < four; c++) {
        let j = order[slots + min(begin + mine + c, last - 1u)];
        columns = setLane(columns, c, j);
        others = setLane(others, c, n + prompt[run * n + j]);
        if (block == 0u) { places[mine + c] = (base + j) * width4; }
      }
      // First the prototypes', unless there is a table or no pair of anchors, then the rollouts'.
      var W: mat4x4<f32>;
      var C: mat4x4<f32>;
      for (var round = select(1u, params.table, max(first, begin) < positives); round < 2u; round++) {
        W = C;
        let p = round == 0u;
        C = dotTile((base + select(columns, others, p)) * width4, (base + select(rows, n + prompts, p)) * width4, width4);
      }
      let count = min(4u, last - min(begin + mine, last));
      for (var c = 0u; c < count; c++) {
        let to = begin + mine + c;
        let j = columns[c];
        let other = anchor[run * (n + 1u) + j];
        let S = pickColumn(C, c) * k.z;
        var f = vec4<f32>();
        if (to < positives) {
          // Rows are anchors or negatives.
          f = other.y * exp(min(S - other.x, vec4<f32>()));
          if (first < positives) {
            var w: vec4<f32>;
            if (params.table == 0u) {
              w = mapped(pickColumn(W, c), lengths * weight[sizes + 2u * (others[c] - n)], map);
            } else {
              for (var r = 0u; r < four; r++) {
                w = setLaneF(w, r, weight[(run * params.prompts + others[c] - n) * params.prompts + prompts[r]]);
              }
            }
            let same = domains == vec4<u32>(domain[run * n + j]);
            w = select(k.x * w, vec4<f32>(k.y), same);
            var force = -w * (pairSlope(lam, S, all) * select(crossShare, ownShare, same)
              + pairSlope(vec4<f32>(other.x), S, all) * select(vec4<f32>(other.z), vec4<f32>(other.w), same));
            if (all) { force += b * exp(min(S - lam, vec4<f32>())) + f; }
            f = select(f, force, anchors);
            f = select(f, vec4<f32>(), at == vec4<u32>(to));
          }
        } else if (first < positives) {
          f = select(vec4<f32>(), b * exp(min(S - lam, vec4<f32>())), anchors);
        }
        if (byPrompt) { f = select(vec4<f32>(), f, prompts == vec4<u32>(others[c] - n)); }
        coefficients[(mine + c) * 4u + block] = f;
      }
      workgroupBarrier();
      let end = min(128u, last - begin);
      if (part < width4) {
        for (var c = 0u; c < end; c++) {
          let v = z[places[c] + part];
          let f0 = coefficients[c * 4u + 2u * half];
          let f1 = coefficients[c * 4u + 2u * half + 1u];
          g0 += f0.x * v;
          g1 += f0.y * v;
          g2 += f0.z * v;
          g3 += f0.w * v;
          g4 += f1.x * v;
          g5 += f1.y * v;
          g6 += f1.z * v;
          g7 += f1.w * v;
        }
      }
      workgroupBarrier();
    }
  }
  if (part >= width4) { return; }
  for (var q = 0u; q < min(8u, n); q++) {
    let at = first + half * 8u + q;
    if (at < n) {
      let g = select(pickColumn(mat4x4<f32>(g0, g1, g2, g3), q), pickColumn(mat4x4<f32>(g4, g5, g6, g7), q - 4u), q >= 4u);
      dz[(run * n + order[slots + at]) * width4 + part] = select(vec4<f32>(), g * k.z, at < used);
    }
  }
}
