// Lam_i = log sum over k in N- of exp(S_ik), for each anchor i: the incorrect rollouts in the denominators of (9) and (10).
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]
//   order   u32[rows + 4] of `arrange`
//   anchor  f32[rows + 1, 4]: (Lam_i, 0, sum over k of S_ik, 0); Lam = -1e30 without negatives; 0 for rows that are no anchors;
//           the run's last row is (0, 0, 1 / tau, 0)
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, 1, runs), 64 threads. A workgroup owns 16 positions and walks over the negatives, 64 at a time; a thread
// makes the logits of 4 rows and 4 columns and keeps running maxima, a component a row. The 16 threads of a row are merged in order.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  begin: u32,
  span: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> anchor: array<vec4<f32>>;

const NONE: f32 = -1e30;
// [column block of 16][row block of 4]: running maximum, sum of exp(x - maximum), sum of x, a component a row
var<workgroup> tops: array<vec4<f32>, 64>;
var<workgroup> masses: array<vec4<f32>, 64>;
var<workgroup> sums: array<vec4<f32>, 64>;

@compute @workgroup_size(64)
fn logSumExpNegatives(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let negatives = order[slots + n + 1u];
  let scale = 1.0 / hyper[run * HYPER_SIZE + HYPER_CONTRAST_TAU];
  let first = params.begin + group.x * 16u;
  let block = lane % 4u;
  let four = min(4u, n); // known at run time only: short loops stay loops, which keeps the shader short to compile

  var top = vec4<f32>(NONE);
  var mass = vec4<f32>();
  var sum = vec4<f32>();
  if (first < positives) {
    var rows: vec4<u32>;
    for (var r = 0u; r < four; r++) {
      rows = setLane(rows, r, (base + order[slots + min(first + block * 4u + r, positives - 1u)]) * width4);
    }
    for (var begin = lane / 4u * 4u; begin < negatives; begin += 64u) {
      var columns: vec4<u32>;
      for (var c = 0u; c < four; c++) {
        columns = setLane(columns, c, (base + order[slots + positives + min(begin + c, negatives - 1u)]) * width4);
      }
      let S = dotTile(columns, rows, width4) * scale;
      let count = min(4u, negatives - begin);
      let before = top;
      for (var c = 0u; c < count; c++) { top = max(top, pickColumn(S, c)); }
      mass *= exp(before - top);
      for (var c = 0u; c < count; c++) {
        let x = pickColumn(S, c);
        mass += exp(x - top);
        sum += x;
      }
    }
  }
  tops[lane] = top;
  masses[lane] = mass;
  sums[lane] = sum;
  workgroupBarrier();

  if (first == 0u && lane == 0u) { anchor[run * (n + 1u) + n] = vec4<f32>(0.0, 0.0, scale, 0.0); }
  if (lane >= 4u) { return; }
  var most = vec4<f32>(NONE);
  for (var t = lane; t < 64u; t += 4u) { most = max(most, tops[t]); }
  mass = vec4<f32>();
  sum = vec4<f32>();
  for (var t = lane; t < 64u; t += 4u) {
    mass += masses[t] * exp(tops[t] - most);
    sum += sums[t];
  }
  let lam = select(vec4<f32>(NONE), most + log(max(mass, vec4<f32>(1.0))), negatives > 0u);
  for (var r = 0u; r < four; r++) {
    let at = first + lane * 4u + r;
    if (at < n) {
      anchor[run * (n + 1u) + order[slots + at]] = select(vec4<f32>(), vec4<f32>(lam[r], 0.0, sum[r], 0.0), at < positives);
    }
  }
}
