// y[r] = x[r] inv[r],  inv[r] = 1 / sqrt(mean(x[r]^2) + 1e-6)
//   x    f32[rows, width]
//   y    f32[rows, width]
//   inv  f32[rows]
// width is a multiple of 4. Grid (rows / 64, 1, runs), one thread per row.

struct Params {
  rows: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> inv: array<f32>;

@compute @workgroup_size(64)
fn rmsNorm(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) {
    return;
  }
  let width4 = params.width / 4u;
  let row = id.z * params.rows + id.x;
  var squares = vec4<f32>();
  for (var k = 0u; k < width4; k++) {
    let v = x[row * width4 + k];
    squares += v * v;
  }
  let scale = inverseSqrt(dot(squares, vec4<f32>(1.0)) / f32(params.width) + 1e-6);
  for (var k = 0u; k < width4; k++) {
    y[row * width4 + k] = x[row * width4 + k] * scale;
  }
  inv[row] = scale;
}
