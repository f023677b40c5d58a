// Memory bandwidth: a <- b + scale c (the STREAM triad).
//   a, b, c  f32[4 vectors]
// Grid (min(vectors / 512, 65535), rest, runs), 64 threads of 8 vectors each.

struct Params {
  vectors: u32,
  columns: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> c: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> a: array<vec4<f32>>;

@compute @workgroup_size(64)
fn triad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = (group.y * params.columns + group.x) * 512u + lane;
  let base = group.z * params.vectors;
  for (var i = first; i < min(first + 512u, params.vectors); i += 64u) {
    a[base + i] = fma(c[base + i], vec4<f32>(params.scale), b[base + i]);
  }
}
