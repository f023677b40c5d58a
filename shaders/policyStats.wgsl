// Adds a mini-batch's token statistics to the metrics, each as (sum, weight): loss, entropy, ratio and clip share over its tokens,
// response length over its rollouts.
//   tokenStats  f32[prompts * group, responseLength, 4], from policyLoss; zero beyond a response's length
//   length      u32[totalPrompts * group]
//   stats       f32[STATS_SIZE]
// Grid (1, 1, runs), 64 threads; the first adds the others' sums in order.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  responseLength: u32,
  totalPrompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tokenStats: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> length: array<u32>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

var<workgroup> sums: array<vec4<f32>, 64>;
var<workgroup> counts: array<u32, 64>;

@compute @workgroup_size(64)
fn policyStats(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let rollouts = params.prompts * params.group;
  let tokens = rollouts * params.responseLength;
  var sum = vec4<f32>();
  for (var i = lane; i < tokens; i += 64u) {
    sum += tokenStats[group.z * tokens + i];
  }
  var count = 0u;
  let start = (group.z * params.totalPrompts + params.first) * params.group;
  for (var i = lane; i < rollouts; i += 64u) {
    count += length[start + i];
  }
  sums[lane] = sum;
  counts[lane] = count;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  for (var i = 1u; i < 64u; i++) {
    sum += sums[i];
    count += counts[i];
  }
  let at = group.z * STATS_SIZE;
  let weight = f32(count);
  stats[at + STAT_LOSS_POLICY] += sum.x;
  stats[at + STAT_LOSS_POLICY + 1u] += weight;
  stats[at + STAT_POLICY_ENTROPY] += sum.y;
  stats[at + STAT_POLICY_ENTROPY + 1u] += weight;
  stats[at + STAT_POLICY_RATIO] += sum.z;
  stats[at + STAT_POLICY_RATIO + 1u] += weight;
  stats[at + STAT_POLICY_CLIP_FRACTION] += sum.w;
  stats[at + STAT_POLICY_CLIP_FRACTION + 1u] += weight;
  stats[at + STAT_RESPONSE_LENGTH] += weight;
  stats[at + STAT_RESPONSE_LENGTH + 1u] += f32(rollouts);
}
