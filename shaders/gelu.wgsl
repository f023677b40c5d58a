// Gaussian error linear unit y = x Phi(x), Phi the standard normal distribution: the projection head's activation with head.activation gelu.
//   x  f32[size]
//   y  f32[size]
// size is a multiple of 4. Grid (size / 256, 1, runs), 64 threads: a thread makes 4 elements.

struct Params {
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn gelu(@builtin(global_invocation_id) id: vec3<u32>) {
  let size4 = params.size / 4u;
  if (id.x >= size4) { return; }
  let at = id.z * size4 + id.x;
  y[at] = x[at] * normalCdf(x[at]);
}
