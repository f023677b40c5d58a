// Gradient through `gelu`, in place: dx *= Phi(x) + x phi(x), phi the standard normal density.
//   x   f32[size]: what gelu acted on
//   dx  f32[size]: the gradient of its result, then that of x
// size is a multiple of 4. Grid (size / 256, 1, runs), 64 threads: a thread makes 4 elements.

struct Params {
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> dx: array<vec4<f32>>;

@compute @workgroup_size(64)
fn geluGrad(@builtin(global_invocation_id) id: vec3<u32>) {
  let size4 = params.size / 4u;
  if (id.x >= size4) { return; }
  let at = id.z * size4 + id.x;
  let v = clamp(x[at], vec4<f32>(-12.0), vec4<f32>(12.0));
  dx[at] *= normalCdf(v) + v * 0.39894228 * exp(-0.5 * v * v);
}
