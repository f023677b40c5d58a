// Sums over the positives j of each anchor i: cross-domain C(i) (6) and in-domain I(i) (7), with the pair loss
// l_ij = softplus(Lam_i - S_ij) of (9) and (10) and its slope sig_ij = sigmoid(Lam_i - S_ij). Normalisers come later.
//   z       f32[points, width]: the pool's rows, then prototypes from row `rows`
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows]
//   domain  u32[rows]
//   anchor  f32[rows + 1, 4]: Lam_i first
//   weight  f32[prompts, prompts] when `table`, else 1 unused element and w is made from the prototypes
//   pairs   f32[rows, 8]: over C(i): w, w l, w sig, S, w (1 - cos); over I(i): l, sig, S; 0 for rows that are no anchors
//   cosines f32[rows, rows] by position when `keep`, else 1 unused element: <z_i, z_j>
// tau is that of the run's last row of `anchor`.
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, 1, runs), 64 threads, tiles as in logSumExpNegatives.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  begin: u32,
  span: u32,
  prompts: u32,
  table: u32,
  keep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> prompt: array<u32>;
@group(0) @binding(4) var<storage, read> domain: array<u32>;
@group(0) @binding(5) var<storage, read> anchor: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> weight: array<f32>;
@group(0) @binding(7) var<storage, read_write> pairs: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> cosines: array<f32>;

var<workgroup> parts: array<mat2x4<f32>, 256>;

fn total(v: vec4<f32>) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
}

// Four columns of one row; `across`: in C(i), `within`: 1 where in I(i).
fn rowSums(cosine: vec4<f32>, weights: vec4<f32>, lam: f32, scale: f32, across: vec4<bool>, within: vec4<f32>, compete: bool) -> mat2x4<f32> {
  let w = select(vec4<f32>(), compatible(weights), across);
  let S = cosine * scale;
  var l = vec4<f32>();
  var sig = vec4<f32>();
  if (compete) {
    l = softplus(lam - S);
    sig = sigmoid(lam - S);
  }
  return mat2x4<f32>(
    vec4<f32>(total(w), dot(w, l), dot(w, sig), total(select(vec4<f32>(), S, across))),
    vec4<f32>(dot(w, 1.0 - cosine), dot(within, l), dot(within, sig), dot(within, S)),
  );
}

// w between one row's prompt and four columns' prompts, from the table.
fn tableRow(first: u32, prompts: vec4<u32>) -> vec4<f32> {
  return vec4<f32>(weight[first + prompts.x], weight[first + prompts.y], weight[first + prompts.z], weight[first + prompts.w]);
}

fn one(is: vec4<bool>) -> vec4<f32> {
  return select(vec4<f32>(), vec4<f32>(1.0), is);
}

@compute @workgroup_size(64)
fn pairLosses(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let m = params.prompts;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let compete = order[slots + n + 1u] > 0u;
  let scale = anchor[run * (n + 1u) + n].z;
  let four = vec4<u32>(0u, 1u, 2u, 3u);
  let row = params.begin + group.x * 16u;
  let column = (lane % 16u) * 4u + four;

  var s0 = mat2x4<f32>();
  var s1 = mat2x4<f32>();
  var s2 = mat2x4<f32>();
  var s3 = mat2x4<f32>();
  if (row < positives) {
    let at = row + (lane / 16u) * 4u + four;
    let p = slots + min(at, vec4<u32>(positives - 1u));
    let i = vec4<u32>(order[p.x], order[p.y], order[p.z], order[p.w]);
    let x = run * n + i;
    let rowPrompt = vec4<u32>(prompt[x.x], prompt[x.y], prompt[x.z], prompt[x.w]);
    let rowDomain = vec4<u32>(domain[x.x], domain[x.y], domain[x.z], domain[x.w]);
    let a = run * (n + 1u) + i;
    let lam = vec4<f32>(anchor[a.x].x, anchor[a.y].x, anchor[a.z].x, anchor[a.w].x);
    for (var tile = 0u; tile < positives; tile += 64u) {
      let to = tile + column;
      let q = slots + min(to, vec4<u32>(positives - 1u));
      let j = vec4<u32>(order[q.x], order[q.y], order[q.z], order[q.w]);
      let y = run * n + j;
      let colPrompt = vec4<u32>(prompt[y.x], prompt[y.y], prompt[y.z], prompt[y.w]);
      let colDomain = vec4<u32>(domain[y.x], domain[y.y], domain[y.z], domain[y.w]);
      let inside = to < vec4<u32>(positives);
      let C = dotTile((base + i) * width4, (base + j) * width4, width4);
      if (params.keep != 0u) { keepTile(run, at, to, vec2<u32>(positives), C); }
      var w: mat4x4<f32>;
      if (params.table != 0u) {
        let first = (run * m + rowPrompt) * m;
        w = mat4x4<f32>(tableRow(first.x, colPrompt), tableRow(first.y, colPrompt), tableRow(first.z, colPrompt), tableRow(first.w, colPrompt));
      } else {
        w = dotTile((base + n + rowPrompt) * width4, (base + n + colPrompt) * width4, width4);
      }
      let d0 = colDomain == vec4<u32>(rowDomain.x);
      let d1 = colDomain == vec4<u32>(rowDomain.y);
      let d2 = colDomain == vec4<u32>(rowDomain.z);
      let d3 = colDomain == vec4<u32>(rowDomain.w);
      s0 += rowSums(C[0], w[0], lam.x, scale, inside & !d0, one(inside & d0 & (to != vec4<u32>(at.x))), compete);
      s1 += rowSums(C[1], w[1], lam.y, scale, inside & !d1, one(inside & d1 & (to != vec4<u32>(at.y))), compete);
      s2 += rowSums(C[2], w[2], lam.z, scale, inside & !d2, one(inside & d2 & (to != vec4<u32>(at.z))), compete);
      s3 += rowSums(C[3], w[3], lam.w, scale, inside & !d3, one(inside & d3 & (to != vec4<u32>(at.w))), compete);
    }
  }
  parts[lane * 4u] = s0;
  parts[lane * 4u + 1u] = s1;
  parts[lane * 4u + 2u] = s2;
  parts[lane * 4u + 3u] = s3;
  workgroupBarrier();

  let at = row + lane;
  if (lane >= 16u || at >= n) { return; }
  var sums = mat2x4<f32>();
  if (at < positives) {
    let first = (lane / 4u) * 64u + lane % 4u;
    for (var t = 0u; t < 16u; t++) { sums += parts[first + 4u * t]; }
  }
  let out = 2u * (run * n + order[slots + at]);
  pairs[out] = sums[0];
  pairs[out + 1u] = sums[1];
}
