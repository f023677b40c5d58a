// Roles of the pool's rows and a stable permutation that puts equal roles together: anchors and positives P+ (reward >= 0.5),
// then negatives N-, then rows without an embedding. Tiles of pairs are then of one kind nearly everywhere.
//   norm    f32[rows]: 0 excludes a row
//   reward  f32[rows]
//   order   u32[rows + 4]: row at each position, then #P+, #N-, #excluded, 0
// Grid (1, 1, runs), 256 threads: a thread counts and places a stretch of consecutive rows.

struct Params {
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> norm: array<f32>;
@group(0) @binding(2) var<storage, read> reward: array<f32>;
@group(0) @binding(3) var<storage, read_write> order: array<u32>;

var<workgroup> count: array<vec3<u32>, 256>;

// One-hot (positive, negative, excluded).
fn role(i: u32) -> vec3<u32> {
  if (!(norm[i] > 0.0)) { return vec3<u32>(0u, 0u, 1u); }
  if (reward[i] >= 0.5) { return vec3<u32>(1u, 0u, 0u); }
  return vec3<u32>(0u, 1u, 0u);
}

@compute @workgroup_size(256)
fn arrange(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = params.rows;
  let base = group.z * n;
  let to = group.z * (n + 4u);
  let stretch = (n + 255u) / 256u;
  let first = min(lane * stretch, n);
  let end = min(first + stretch, n);
  var mine = vec3<u32>();
  for (var i = first; i < end; i++) { mine += role(base + i); }
  count[lane] = mine;
  workgroupBarrier();
  // Inclusive prefix sums.
  for (var reach = 1u; reach < 256u; reach *= 2u) {
    var before = vec3<u32>();
    if (lane >= reach) { before = count[lane - reach]; }
    workgroupBarrier();
    count[lane] += before;
    workgroupBarrier();
  }
  let total = count[255];
  var at = count[lane] - mine + vec3<u32>(0u, total.x, total.x + total.y);
  for (var i = first; i < end; i++) {
    let is = role(base + i);
    order[to + dot(is, at)] = i;
    at += is;
  }
  if (lane == 0u) {
    order[to + n] = total.x;
    order[to + n + 1u] = total.y;
    order[to + n + 2u] = total.z;
    order[to + n + 3u] = 0u;
  }
}
