// Compatibility of prompts (5): w_pq = max(0, <c_p, c_q>), or by the map of contrast.weightMap; 0 for a prompt without prototype.
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]: prototypes c from row `first`
//   size    f32[points - first, 2] of `groupMean`, the prompts' first
//   weight  f32[prompts, prompts]
// Grid (prompts / 32, prompts / 32, runs), 8 x 8 threads: a thread makes 4 x 4 entries.

struct Params {
  prompts: u32,
  width: u32,
  points: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> size: array<f32>;
@group(0) @binding(4) var<storage, read_write> weight: array<f32>;

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
  let map = hyper[group.z * HYPER_SIZE + HYPER_CONTRAST_WEIGHT_MAP];
  let sizes = 2u * group.z * (params.points - params.first);
  let at = sizes + 2u * min(q, last) + 1u;
  let lengths = vec4<f32>(size[at.x], size[at.y], size[at.z], size[at.w]);
  for (var r = 0u; r < 4u; r++) {
    let w = mapped(tile[r], lengths * size[sizes + 2u * min(p[r], m - 1u) + 1u], map);
    for (var c = 0u; c < 4u; c++) {
      if (p[r] < m && q[c] < m) { weight[to + p[r] * m + q[c]] = w[c]; }
    }
  }
}
