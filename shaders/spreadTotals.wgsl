// Signals of collapse (Wang & Isola 2020) over the n usable rollouts: uniformity, the log of the mean of exp(-2 |z_i - z_j|^2) over ordered
// pairs, and the effective rank (tr C)^2 / |C|^2 = n^2 / sum of <z_i, z_j>^2 of the second-moment matrix C = mean of z z^T.
//   order    u32[rows + 4] of `arrange`
//   partial  f32[tiles, tiles, 2] of `embeddingSpread`, tiles = rows / 32
//   stats    f32[STATS_SIZE]: embedding/uniformity and embedding/rank
// Grid (1, 1, runs), 256 threads.

struct Params {
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> partial: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

var<workgroup> sums: array<vec2<f32>, 256>;

@compute @workgroup_size(256)
fn spreadTotals(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let rows = params.rows;
  let tiles = (rows + 31u) / 32u;
  var sum = vec2<f32>();
  for (var t = lane; t < tiles * tiles; t += 256u) { sum += partial[run * tiles * tiles + t]; }
  sums[lane] = sum;
  workgroupBarrier();
  for (var reach = 128u; reach > 0u; reach /= 2u) {
    if (lane < reach) { sums[lane] += sums[lane + reach]; }
    workgroupBarrier();
  }
  if (lane > 0u) { return; }
  let slots = run * (rows + 4u);
  let n = f32(order[slots + rows] + order[slots + rows + 1u]);
  let at = run * STATS_SIZE;
  // Each term is at least exp(-8).
  stats[at + STAT_EMBEDDING_UNIFORMITY] = select(0.0, log(max(sums[0].x, 1e-8) / max(n * (n - 1.0), 1.0)), n > 1.0);
  stats[at + STAT_EMBEDDING_UNIFORMITY + 1u] = select(0.0, 1.0, n > 1.0);
  stats[at + STAT_EMBEDDING_RANK] = n * n / max(n + sums[0].y, 1.0);
  stats[at + STAT_EMBEDDING_RANK + 1u] = select(0.0, 1.0, n > 0.0);
}
