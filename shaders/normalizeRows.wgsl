// Unit embeddings z_i = u_i / |u_i| (4). Rows out of the pool, not finite or shorter than 1e-12 get z = 0 and norm 0.
//   u       f32[rows, width]
//   reward  f32[rows]: below 0 leaves the row out of the pool
//   z       f32[points, width], of which the first `rows` are written
//   norm    f32[rows]: |u_i|, or 0
// width is a multiple of 4. Grid (rows, 1, runs), 64 threads: one workgroup per row.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> u: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> reward: array<f32>;
@group(0) @binding(3) var<storage, read_write> z: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> norm: array<f32>;

var<workgroup> partial: array<f32, 64>;
var<workgroup> most: array<u32, 64>;

@compute @workgroup_size(64)
fn normalizeRows(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let width4 = params.width / 4u;
  let start = (group.z * params.rows + row) * width4;
  let to = (group.z * params.points + row) * width4;

  // Largest magnitude as bits, which order like the numbers; infinities and NaN lie above all of them.
  var bits = 0u;
  for (var k = lane; k < width4; k += 64u) {
    let v = bitcast<vec4<u32>>(u[start + k]) & vec4<u32>(0x7fffffffu);
    bits = max(bits, max(max(v.x, v.y), max(v.z, v.w)));
  }
  most[lane] = bits;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { most[lane] = max(most[lane], most[lane + half]); }
    workgroupBarrier();
  }
  let top = most[0];
  var scale = 0.0;
  if (top < 0x7f800000u) { scale = bitcast<f32>(top); }

  // Scaled by its largest component, no square overflows; below 1e-18 the row is short anyway.
  let usable = reward[group.z * params.rows + row] >= 0.0 && scale > 1e-18;
  let shrink = select(0.0, 1.0 / max(scale, 1e-18), usable);
  var sum = 0.0;
  for (var k = lane; k < width4; k += 64u) {
    var v = vec4<f32>();
    if (usable) { v = u[start + k] * shrink; }
    sum += dot(v, v);
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let root = sqrt(max(partial[0], 1e-30));
  // scale * root may pass the f32 range when scale is near it.
  let length = min(scale, 1e37) * root;
  let valid = usable && length >= 1e-12;
  for (var k = lane; k < width4; k += 64u) {
    var v = vec4<f32>();
    if (valid) { v = u[start + k] * shrink / root; }
    z[to + k] = v;
  }
  if (lane == 0u) { norm[group.z * params.rows + row] = select(0.0, length, valid); }
}
