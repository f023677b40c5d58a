// Lam_i = log sum over k in N- of exp(S_ik), for each anchor i: the incorrect rollouts in the denominators of (9) and (10).
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]
//   order   u32[rows + 4] of `arrange`
//   anchor  f32[rows + 1, 4]: (Lam_i, 0, sum over k of S_ik, 0); Lam = -1e30 without negatives; 0 for rows that are no anchors
//           of the run's last row, z = 1 / tau
//   cosines f32[rows, rows] by position when `keep`, else 1 unused element: <z_i, z_k>
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, 1, runs), 64 threads. A workgroup owns 16 positions and walks over the negatives, 64 at a time; a thread
// makes 4 x 4 logits and keeps running maxima. The 16 threads of a row are merged in order.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  begin: u32,
  span: u32,
  keep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> anchor: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> cosines: array<f32>;

const NONE: f32 = -1e30;
var<workgroup> states: array<vec4<f32>, 256>;

// Running (maximum, sum of exp(x - maximum), sum of x, 0), four more logits taken in.
fn fold(state: vec4<f32>, logits: vec4<f32>, inside: vec4<bool>) -> vec4<f32> {
  let x = select(vec4<f32>(NONE), logits, inside);
  let top = max(max(state.x, max(x.x, x.y)), max(x.z, x.w));
  let e = select(vec4<f32>(), exp(x - top), inside);
  let y = select(vec4<f32>(), logits, inside);
  let mass = state.y * exp(state.x - top) + ((e.x + e.y) + (e.z + e.w));
  return vec4<f32>(top, mass, state.z + ((y.x + y.y) + (y.z + y.w)), 0.0);
}

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
  let four = vec4<u32>(0u, 1u, 2u, 3u);
  let row = params.begin + group.x * 16u;
  let column = (lane % 16u) * 4u + four;

  var s0 = vec4<f32>(NONE, 0.0, 0.0, 0.0);
  var s1 = s0;
  var s2 = s0;
  var s3 = s0;
  if (row < positives) {
    let place = row + (lane / 16u) * 4u + four;
    let p = slots + min(place, vec4<u32>(positives - 1u));
    let a = (base + vec4<u32>(order[p.x], order[p.y], order[p.z], order[p.w])) * width4;
    for (var tile = 0u; tile < negatives; tile += 64u) {
      let k = slots + positives + min(tile + column, vec4<u32>(negatives - 1u));
      let b = (base + vec4<u32>(order[k.x], order[k.y], order[k.z], order[k.w])) * width4;
      let inside = tile + column < vec4<u32>(negatives);
      let S = dotTile(a, b, width4);
      if (params.keep != 0u) { keepTile(run, place, positives + tile + column, vec2<u32>(positives, positives + negatives), S); }
      s0 = fold(s0, S[0] * scale, inside);
      s1 = fold(s1, S[1] * scale, inside);
      s2 = fold(s2, S[2] * scale, inside);
      s3 = fold(s3, S[3] * scale, inside);
    }
  }
  states[lane * 4u] = s0;
  states[lane * 4u + 1u] = s1;
  states[lane * 4u + 2u] = s2;
  states[lane * 4u + 3u] = s3;
  workgroupBarrier();

  let at = row + lane;
  if (at == 0u) { anchor[run * (n + 1u) + n] = vec4<f32>(0.0, 0.0, scale, 0.0); }
  if (lane >= 16u || at >= n) { return; }
  var result = vec4<f32>();
  if (at < positives) {
    let first = (lane / 4u) * 64u + lane % 4u;
    var top = NONE;
    for (var t = 0u; t < 16u; t++) { top = max(top, states[first + 4u * t].x); }
    var sum = 0.0;
    for (var t = 0u; t < 16u; t++) {
      let part = states[first + 4u * t];
      sum += part.y * exp(part.x - top);
      result.z += part.z;
    }
    result.x = NONE;
    if (negatives > 0u) { result.x = top + log(sum); }
  }
  anchor[run * (n + 1u) + order[slots + at]] = result;
}
