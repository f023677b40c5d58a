// Memory bandwidth: a <- b + scale c (the STREAM triad).
//   a, b, c  f32[4 vectors]
// Grid (min(vectors / 64, 65535), rest, runs), 64 threads.

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
  let i = (group.y * params.columns + group.x) * 64u + lane;
  if (i < params.vectors) {
    let at = group.z * params.vectors + i;
    a[at] = fma(c[at], vec4<f32>(params.scale), b[at]);
  }
}
