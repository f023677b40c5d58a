// dx[r] (+)= inv[r] (dy[r] - y[r] mean(dy[r] y[r])), with y = x inv the normalised row
//   dy   f32[rows, width]
//   y    f32[rows, width]
//   inv  f32[rows]
//   dx   f32[rows, width]
// width is a multiple of 4. Grid (rows / 64, 1, runs), one thread per row.

struct Params {
  rows: u32,
  width: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> y: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> inv: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4<f32>>;

@compute @workgroup_size(64)
fn rmsNormGrad(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.rows) {
    return;
  }
  let width4 = params.width / 4u;
  let row = id.z * params.rows + id.x;
  let start = row * width4;
  var products = vec4<f32>();
  for (var k = start; k < start + width4; k++) {
    products += dy[k] * y[k];
  }
  let mean = dot(products, vec4<f32>(1.0)) / f32(params.width);
  let scale = inv[row];
  for (var k = start; k < start + width4; k++) {
    var value = scale * (dy[k] - y[k] * mean);
    if (params.accumulate != 0u) {
      value += dx[k];
    }
    dx[k] = value;
  }
}
