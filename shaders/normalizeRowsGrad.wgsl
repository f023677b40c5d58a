// Gradient through the normalisation: du_i = (dz_i - <dz_i, z_i> z_i) / |u_i|, 0 for rows without a direction; times lambda (12)
// when `weighted`.
//   hyper  f32[HYPER_SIZE]
//   z      f32[points, width]
//   norm   f32[rows]
//   dz     f32[rows, width]
//   du     f32[rows, width]
// Grid (rows, 1, runs), 64 threads: one workgroup per row.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  weighted: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> norm: array<f32>;
@group(0) @binding(4) var<storage, read> dz: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> du: array<vec4<f32>>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn normalizeRowsGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.z * params.rows + group.x;
  let width4 = params.width / 4u;
  let unit = (group.z * params.points + group.x) * width4;
  var sum = 0.0;
  for (var k = lane; k < width4; k += 64u) { sum += dot(dz[row * width4 + k], z[unit + k]); }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let along = partial[0];
  let length = norm[row];
  var scale = 0.0;
  if (length > 0.0) { scale = 1.0 / length; }
  if (params.weighted != 0u) { scale *= hyper[group.z * HYPER_SIZE + HYPER_CONTRAST_LAMBDA]; }
  for (var k = lane; k < width4; k += 64u) {
    du[row * width4 + k] = (dz[row * width4 + k] - along * z[unit + k]) * scale;
  }
}
