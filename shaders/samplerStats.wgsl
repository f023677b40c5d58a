// What the sampling of a step was like: metrics, and MT-GRPO's running filter rates and accuracies (method.md 6):
//   rho_k <- a rho_k + (1 - a) (share of task k's prompts that the filter dropped), a = curriculum.filterAverage
//   J_k   <- b J_k + (1 - b) (share of correct rollouts of task k before the filter), b = curriculum.average
// for the domains that were generated; the others keep theirs. Runs that select nothing have no sampler metrics.
//   hyper       f32[HYPER_SIZE]
//   state       u32[STATE_SIZE]: sampler*
//   curriculum  f32[CURRICULUM_SIZE]: xi; rho and J are moved
//   stats       f32[STATS_SIZE]: reward/generated, sampler/*, weight, filterRate and accuracy of each domain, as (sum, weight)
// Grid (1, 1, runs), 64 threads: one thread per domain.

struct Params {
  prompts: u32,
  group: u32,
  domains: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> curriculum: array<f32>;
@group(0) @binding(4) var<storage, read_write> stats: array<f32>;

fn writeStat(at: u32, sum: f32, weight: f32) {
  stats[at] = sum;
  stats[at + 1u] = weight;
}

@compute @workgroup_size(64)
fn samplerStats(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let h = run * HYPER_SIZE;
  let s = run * STATE_SIZE;
  let t = run * STATS_SIZE;
  let c = run * CURRICULUM_SIZE;
  let weighted = hyper[h + HYPER_CURRICULUM_RULE] != CURRICULUM_RULE_OFF;
  if (hyper[h + HYPER_SAMPLER_FILTER] == SAMPLER_FILTER_NONE && !weighted) {
    return;
  }
  if (lane == 0u) {
    var generated = 0u;
    var accepted = 0u;
    var correct = 0u;
    for (var d = 0u; d < params.domains; d++) {
      generated += state[s + STATE_SAMPLER_GENERATED + d];
      accepted += state[s + STATE_SAMPLER_ACCEPTED + d];
      correct += state[s + STATE_SAMPLER_CORRECT + d];
    }
    writeStat(t + STAT_REWARD_GENERATED, f32(correct), f32(generated * params.group));
    writeStat(t + STAT_SAMPLER_ROUNDS, f32(generated) / f32(params.prompts), 1.0);
    writeStat(t + STAT_SAMPLER_KEPT, f32(accepted), f32(generated));
    writeStat(t + STAT_SAMPLER_MISSING, f32(max(params.prompts, accepted) - accepted), f32(params.prompts));
  }
  if (!weighted || lane >= params.domains) {
    return;
  }
  let generated = f32(state[s + STATE_SAMPLER_GENERATED + lane]);
  var rate = curriculum[c + CURRICULUM_FILTER_RATE + lane];
  var accuracy = curriculum[c + CURRICULUM_ACCURACY + lane];
  if (generated > 0.0) {
    let a = hyper[h + HYPER_CURRICULUM_FILTER_AVERAGE];
    let b = hyper[h + HYPER_CURRICULUM_AVERAGE];
    rate = a * rate + (1.0 - a) * (1.0 - f32(state[s + STATE_SAMPLER_ACCEPTED + lane]) / generated);
    accuracy = b * accuracy + (1.0 - b) * f32(state[s + STATE_SAMPLER_CORRECT + lane]) / (generated * f32(params.group));
    curriculum[c + CURRICULUM_FILTER_RATE + lane] = rate;
    curriculum[c + CURRICULUM_ACCURACY + lane] = accuracy;
  }
  var weights = taskWeights(h, c, params.domains);
  let known = select(0.0, 1.0, hyper[h + HYPER_MIX + lane] > 0.0);
  writeStat(t + STAT_DOMAIN_WEIGHT + 2u * lane, weights[lane], known);
  writeStat(t + STAT_DOMAIN_FILTER_RATE + 2u * lane, known * rate, known);
  writeStat(t + STAT_DOMAIN_ACCURACY + 2u * lane, known * accuracy, known);
}
