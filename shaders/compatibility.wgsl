// Compatibility of prompts, w_pq = max(0, <c_p, c_q>) (5).
//   z       f32[points, width]: prototypes c from row `first`
//   weight  f32[prompts, prompts]
// Grid (prompts / 32, prompts / 32, runs), 8 x 8 threads: a thread makes 4 x 4 entries.

struct Params {
  prompts: u32,
  width: u32,
  points: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;

@compute @workgroup_size(8, 8)
fn compatibility(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let m = params.prompts;
  let width4 = params.width / 4u;
  let base = group.z * params.points + params.first;
  let four = vec4<u32>(0u, 1u, 2u, 3u);
  let last = vec4<u32>(m - 1u);
  let p = (group.y * 8u + local.y) * 4u + four;
  let q = (group.x * 8u + local.x) * 4u + four;
  let tile = dotTile((base + min(p, last)) * width4, (base + min(q, last)) * width4, width4);
  let to = group.z * m * m;
  for (var r = 0u; r < 4u; r++) {
    let w = compatible(tile[r]);
    for (var c = 0u; c < 4u; c++) {
      if (p[r] < m && q[c] < m) { weight[to + p[r] * m + q[c]] = w[c]; }
    }
  }
}
