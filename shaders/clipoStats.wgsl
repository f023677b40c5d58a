// CLIPO's metrics into `stats` as (sum, weight), overwritten: clipo/loss over the anchors, clipo/reward and clipo/anchors over the
// rollouts of the batch. Its gradient and its optimiser read the number of anchors there.
//   hyper   f32[HYPER_SIZE]: without clipo.lambda all weights are 0
//   label   f32[rows]: below 0: no rollout
//   anchor  f32[rows, 4], from clipoLoss
//   bonus   f32[rows], from clipoLoss
//   stats   f32[STATS_SIZE]
// Grid (1, 1, runs), 64 threads; sums are added in the order of the threads.

struct Params {
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> label: array<f32>;
@group(0) @binding(3) var<storage, read> anchor: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> bonus: array<f32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;

var<workgroup> sums: array<vec4<f32>, 64>; // loss, anchors, reward, rollouts

@compute @workgroup_size(64)
fn clipoStats(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  var sum = vec4<f32>();
  for (var r = lane; r < params.rows; r += 64u) {
    let i = run * params.rows + r;
    let row = anchor[i];
    sum += vec4<f32>(row.x, row.w, bonus[i], select(0.0, 1.0, label[i] >= 0.0));
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  for (var t = 1u; t < 64u; t++) { sum += sums[t]; }
  let s = run * STATS_SIZE;
  let rollouts = select(0.0, sum.w, hyper[run * HYPER_SIZE + HYPER_CLIPO_LAMBDA] > 0.0);
  stats[s + STAT_CLIPO_LOSS] = sum.x;
  stats[s + STAT_CLIPO_LOSS + 1u] = sum.y;
  stats[s + STAT_CLIPO_REWARD] = sum.z;
  stats[s + STAT_CLIPO_REWARD + 1u] = rollouts;
  stats[s + STAT_CLIPO_ANCHORS] = sum.y;
  stats[s + STAT_CLIPO_ANCHORS + 1u] = rollouts;
}
