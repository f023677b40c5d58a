// Reward metrics of one mini-batch: mean reward, score and overlong punishment, mean reward of each domain, shares of groups with both a
// correct and a wrong rollout, without a wrong one and without a correct one. Each is written as (sum, weight). Empty places of the
// batch do not count.
//
// reward f32[totalPrompts, group]  rewards of the whole batch
// score  f32[totalPrompts, group]  what advantages are made from
// length u32[totalPrompts, group]  response tokens
// record u32[totalPrompts]         NONE: an empty place
// domain u32[totalPrompts]         domain of each prompt
// hyper  f32[HYPER_SIZE]           reward.*
// stats  f32[STATS_SIZE]           out: reward/*, group/*, reward per domain (0, 0 for a domain without prompts)
//
// grid: (1, 1, runs), one thread per metric: thread d < domains (at most 31) sums domain d, the next one the whole mini-batch.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  totalPrompts: u32,
  domains: u32,
  responseLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> reward: array<f32>;
@group(0) @binding(2) var<storage, read> score: array<f32>;
@group(0) @binding(3) var<storage, read> length: array<u32>;
@group(0) @binding(4) var<storage, read> record: array<u32>;
@group(0) @binding(5) var<storage, read> domain: array<u32>;
@group(0) @binding(6) var<storage, read> hyper: array<f32>;
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;

fn writeStat(at: u32, sum: f32, weight: f32) {
  stats[at] = sum;
  stats[at + 1u] = weight;
}

@compute @workgroup_size(32)
fn rewardStats(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) at: vec3<u32>) {
  let d = local.x;
  if (d > params.domains) {
    return;
  }
  let whole = d == params.domains;
  let start = at.z * params.totalPrompts + params.first;
  let h = at.z * HYPER_SIZE;
  let buffer = hyper[h + HYPER_REWARD_OVERLONG_BUFFER];
  let factor = hyper[h + HYPER_REWARD_OVERLONG_FACTOR];
  let most = f32(params.group);
  var sum = 0.0;
  var scores = 0.0;
  var punishment = 0.0;
  var rollouts = 0.0;
  var groups = vec4<f32>(); // mixed, all right, all wrong, all
  for (var p = start; p < start + params.prompts; p++) {
    if (record[p] == NONE || (!whole && domain[p] != d)) {
      continue;
    }
    var correct = 0.0;
    for (var i = p * params.group; i < (p + 1u) * params.group; i++) {
      correct += reward[i];
      scores += score[i];
      punishment += overlong(f32(length[i]), f32(params.responseLength), buffer, factor);
    }
    sum += correct;
    rollouts += most;
    let right = correct >= most - 0.5;
    let wrong = correct <= 0.5;
    groups += vec4<f32>(select(1.0, 0.0, right || wrong), select(0.0, 1.0, right), select(0.0, 1.0, wrong), 1.0);
  }
  let here = at.z * STATS_SIZE;
  if (whole) {
    writeStat(here + STAT_REWARD_MEAN, sum, rollouts);
    writeStat(here + STAT_REWARD_SHAPED, scores, rollouts);
    writeStat(here + STAT_REWARD_OVERLONG, punishment, rollouts);
    writeStat(here + STAT_GROUP_MIXED, groups.x, groups.w);
    writeStat(here + STAT_GROUP_ALL_RIGHT, groups.y, groups.w);
    writeStat(here + STAT_GROUP_ALL_WRONG, groups.z, groups.w);
  } else {
    writeStat(here + STAT_DOMAIN_REWARD + 2u * d, sum, rollouts);
  }
}
