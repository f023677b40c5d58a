// Gradient of (11) with respect to the unit embeddings, w held fixed:
//   dz_i = (1 / tau) sum_j f_ij z_j
//   P+, P+ : f_ij = -W_ij (sigmoid(Lam_i - S_ij) + sigmoid(Lam_j - S_ij)),  W = beta w / Z_x across domains, gamma / Z_in within one
//   P+, N- : f_ij = b_i exp(S_ij - Lam_i);   N-, P+ : b_j exp(S_ij - Lam_j);   N-, N- : 0
//   z       f32[points, width]: the pool's rows, then prototypes from row `rows`
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows]
//   domain  u32[rows]
//   anchor  f32[rows + 1, 4]: (Lam_i, b_i, ...); last row: beta / Z_x, gamma / Z_in, 1 / tau, 0
//   weight  f32[prompts, prompts] when `table`, else 1 unused element
//   cosines f32[rows, rows] by position when `keep`: row of an anchor; else 1 unused element and they are made again
//   dz      f32[rows, width]
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, width / (4 lanes), runs), 64 threads. A workgroup owns 16 positions and a stretch of `lanes` vec4 of the width.
// For 64 columns at a time a thread first makes 4 x 4 coefficients; then the threads, `lanes` along the width times 64 / lanes
// shares of the columns, gather 16 rows each. The shares are merged in order at the end.

override lanes: u32;

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
@group(0) @binding(7) var<storage, read> cosines: array<f32>;
@group(0) @binding(8) var<storage, read_write> dz: array<vec4<f32>>;

var<workgroup> coefficient: array<vec4<f32>, 256>; // [column of 64][row block of 4]; reused to merge the shares
var<workgroup> source: array<u32, 64>; // first vec4 of each column's embedding

// What the coefficients need to know of four columns.
struct Columns {
  at: vec4<u32>,
  prompt: vec4<u32>,
  domain: vec4<u32>,
  lam: vec4<f32>,
  b: vec4<f32>,
  positive: vec4<bool>,
  negative: vec4<bool>,
}

// f between one row (its position, label, Lam and b) and four columns.
fn coefficients(cosine: vec4<f32>, weights: vec4<f32>, at: u32, positive: bool, ofDomain: u32, lam: f32, b: f32, c: Columns, k: vec4<f32>) -> vec4<f32> {
  let S = cosine * k.z;
  let zero = vec4<f32>();
  if (!positive) {
    return select(zero, c.b * exp(min(S - c.lam, zero)), c.positive);
  }
  var f = zero;
  if (any(c.negative)) {
    f = select(zero, b * exp(min(S - lam, zero)), c.negative);
  }
  if (any(c.positive)) {
    let W = select(compatible(weights) * k.x, vec4<f32>(k.y), c.domain == vec4<u32>(ofDomain));
    let pull = -W * (sigmoid(lam - S) + sigmoid(c.lam - S));
    f = select(f, pull, c.positive & (c.at != vec4<u32>(at)));
  }
  return f;
}

fn tableRow(first: u32, prompts: vec4<u32>) -> vec4<f32> {
  return vec4<f32>(weight[first + prompts.x], weight[first + prompts.y], weight[first + prompts.z], weight[first + prompts.w]);
}

// Cosines of a row with four columns, all by position: only anchors have rows.
fn kept(run: u32, row: u32, columns: vec4<u32>, positives: u32) -> vec4<f32> {
  let n = params.rows;
  let base = run * n * n;
  let at = base + select(columns * n + row, row * n + columns, row < positives);
  return vec4<f32>(cosines[at.x], cosines[at.y], cosines[at.z], cosines[at.w]);
}

fn mergeRows(first: u32, a: vec4<f32>, b: vec4<f32>, c: vec4<f32>, d: vec4<f32>, lane: u32, place: vec4<u32>) {
  coefficient[lane * 4u] = a;
  coefficient[lane * 4u + 1u] = b;
  coefficient[lane * 4u + 2u] = c;
  coefficient[lane * 4u + 3u] = d;
  workgroupBarrier();
  // place: run, first position, vec4 of the width, end of the positions with a gradient.
  let n = params.rows;
  let width4 = params.width / 4u;
  for (var r = lane / lanes; r < 4u; r += 64u / lanes) {
    var sum = vec4<f32>();
    for (var share = lane % lanes; share < 64u; share += lanes) { sum += coefficient[share * 4u + r]; }
    let at = place.y + first + r;
    if (at < n && place.z < width4) {
      let row = place.x * n + order[place.x * (n + 4u) + at];
      dz[row * width4 + place.z] = select(vec4<f32>(), sum * anchor[place.x * (n + 1u) + n].z, at < place.w);
    }
  }
  workgroupBarrier();
}

@compute @workgroup_size(64)
fn pairGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let m = params.prompts;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let negatives = order[slots + n + 1u];
  let k = anchor[run * (n + 1u) + n];
  let four = vec4<u32>(0u, 1u, 2u, 3u);
  let row = params.begin + group.x * 16u;
  let part = group.y * lanes + lane % lanes;
  let mine = min(part, width4 - 1u);
  let used = positives + negatives;

  var g0 = vec4<f32>();
  var g1 = vec4<f32>();
  var g2 = vec4<f32>();
  var g3 = vec4<f32>();
  var g4 = vec4<f32>();
  var g5 = vec4<f32>();
  var g6 = vec4<f32>();
  var g7 = vec4<f32>();
  var g8 = vec4<f32>();
  var g9 = vec4<f32>();
  var g10 = vec4<f32>();
  var g11 = vec4<f32>();
  var g12 = vec4<f32>();
  var g13 = vec4<f32>();
  var g14 = vec4<f32>();
  var g15 = vec4<f32>();

  // Negatives meet positives only; without anchors or without negatives there is no force at all.
  var columns = select(positives, used, row < positives);
  if (positives == 0u || negatives == 0u || row >= used) { columns = 0u; }
  if (columns > 0u) {
    let at = row + (lane / 16u) * 4u + four;
    let p = slots + min(at, vec4<u32>(used - 1u));
    let i = vec4<u32>(order[p.x], order[p.y], order[p.z], order[p.w]);
    let x = run * n + i;
    let rowPrompt = vec4<u32>(prompt[x.x], prompt[x.y], prompt[x.z], prompt[x.w]);
    let rowDomain = vec4<u32>(domain[x.x], domain[x.y], domain[x.z], domain[x.w]);
    let own = x + run;
    let lam = vec4<f32>(anchor[own.x].x, anchor[own.y].x, anchor[own.z].x, anchor[own.w].x);
    let b = vec4<f32>(anchor[own.x].y, anchor[own.y].y, anchor[own.z].y, anchor[own.w].y);
    for (var tile = 0u; tile < columns; tile += 64u) {
      let to = tile + (lane % 16u) * 4u + four;
      let q = slots + min(to, vec4<u32>(columns - 1u));
      let j = vec4<u32>(order[q.x], order[q.y], order[q.z], order[q.w]);
      let y = run * n + j;
      var c: Columns;
      c.at = to;
      c.prompt = vec4<u32>(prompt[y.x], prompt[y.y], prompt[y.z], prompt[y.w]);
      c.domain = vec4<u32>(domain[y.x], domain[y.y], domain[y.z], domain[y.w]);
      let other = y + run;
      c.lam = vec4<f32>(anchor[other.x].x, anchor[other.y].x, anchor[other.z].x, anchor[other.w].x);
      c.b = vec4<f32>(anchor[other.x].y, anchor[other.y].y, anchor[other.z].y, anchor[other.w].y);
      c.positive = to < vec4<u32>(min(columns, positives));
      c.negative = (to >= vec4<u32>(positives)) & (to < vec4<u32>(columns));
      var C: mat4x4<f32>;
      if (params.keep != 0u) {
        let column = min(to, vec4<u32>(columns - 1u));
        let own = min(at, vec4<u32>(used - 1u));
        C = mat4x4<f32>(
          kept(run, own.x, column, positives),
          kept(run, own.y, column, positives),
          kept(run, own.z, column, positives),
          kept(run, own.w, column, positives),
        );
      } else {
        C = dotTile((base + i) * width4, (base + j) * width4, width4);
      }
      var w = mat4x4<f32>();
      if (row < positives && tile < positives) {
        if (params.table != 0u) {
          let first = (run * m + rowPrompt) * m;
          w = mat4x4<f32>(tableRow(first.x, c.prompt), tableRow(first.y, c.prompt), tableRow(first.z, c.prompt), tableRow(first.w, c.prompt));
        } else {
          w = dotTile((base + n + rowPrompt) * width4, (base + n + c.prompt) * width4, width4);
        }
      }
      let f = transpose(mat4x4<f32>(
        coefficients(C[0], w[0], at.x, at.x < positives, rowDomain.x, lam.x, b.x, c, k),
        coefficients(C[1], w[1], at.y, at.y < positives, rowDomain.y, lam.y, b.y, c, k),
        coefficients(C[2], w[2], at.z, at.z < positives, rowDomain.z, lam.z, b.z, c, k),
        coefficients(C[3], w[3], at.w, at.w < positives, rowDomain.w, lam.w, b.w, c, k),
      ));
      let slot = (lane % 16u) * 16u + lane / 16u;
      coefficient[slot] = f[0];
      coefficient[slot + 4u] = f[1];
      coefficient[slot + 8u] = f[2];
      coefficient[slot + 12u] = f[3];
      source[lane] = (base + order[slots + min(tile + lane, columns - 1u)]) * width4;
      workgroupBarrier();
      let share = lane / lanes * lanes;
      for (var j = share; j < share + lanes; j++) {
        let v = z[source[j] + mine];
        let f0 = coefficient[j * 4u + 0u];
        g0 += f0.x * v;
        g1 += f0.y * v;
        g2 += f0.z * v;
        g3 += f0.w * v;
        let f1 = coefficient[j * 4u + 1u];
        g4 += f1.x * v;
        g5 += f1.y * v;
        g6 += f1.z * v;
        g7 += f1.w * v;
        let f2 = coefficient[j * 4u + 2u];
        g8 += f2.x * v;
        g9 += f2.y * v;
        g10 += f2.z * v;
        g11 += f2.w * v;
        let f3 = coefficient[j * 4u + 3u];
        g12 += f3.x * v;
        g13 += f3.y * v;
        g14 += f3.z * v;
        g15 += f3.w * v;
      }
      workgroupBarrier();
    }
  }
  let place = vec4<u32>(run, row, part, select(0u, used, columns > 0u));
  mergeRows(0u, g0, g1, g2, g3, lane, place);
  mergeRows(4u, g4, g5, g6, g7, lane, place);
  mergeRows(8u, g8, g9, g10, g11, lane, place);
  mergeRows(12u, g12, g13, g14, g15, lane, place);
}
