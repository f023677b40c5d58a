// Reward metrics of one mini-batch: mean reward, mean reward of each domain, share of groups with a correct and a wrong rollout.
// Each is written as (sum, weight).
//
// reward f32[totalPrompts, group]  rewards of the whole batch
// domain u32[totalPrompts]         domain of each prompt
// stats  f32[STATS_SIZE]           out: reward/mean, group/mixed, reward per domain (0, 0 for a domain without prompts)
//
// grid: (1, 1, runs), one thread per metric: thread d < domains (at most 16) sums domain d, the next one the whole mini-batch.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  totalPrompts: u32,
  domains: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> reward: array<f32>;
@group(0) @binding(2) var<storage, read> domain: array<u32>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(32)
fn rewardStats(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) at: vec3<u32>) {
  let d = local.x;
  if (d > params.domains) {
    return;
  }
  let whole = d == params.domains;
  let start = at.z * params.totalPrompts + params.first;
  var sum = 0.0;
  var rollouts = 0.0;
  var mixed = 0.0;
  for (var p = start; p < start + params.prompts; p++) {
    if (!whole && domain[p] != d) {
      continue;
    }
    var correct = 0.0;
    for (var j = 0u; j < params.group; j++) {
      correct += reward[p * params.group + j];
    }
    sum += correct;
    rollouts += f32(params.group);
    if (correct > 0.5 && correct < f32(params.group) - 0.5) {
      mixed += 1.0;
    }
  }
  let here = at.z * STATS_SIZE;
  if (whole) {
    stats[here + STAT_REWARD_MEAN] = sum;
    stats[here + STAT_REWARD_MEAN + 1u] = rollouts;
    stats[here + STAT_GROUP_MIXED] = mixed;
    stats[here + STAT_GROUP_MIXED + 1u] = f32(params.prompts);
  } else {
    stats[here + STAT_REWARD_DOMAIN + 2u * d] = sum;
    stats[here + STAT_REWARD_DOMAIN + 2u * d + 1u] = rollouts;
  }
}
