// Opens the sampling of one step: clears the sampler's counters. With task weights (RPSampler of MT-GRPO, Algorithm 2, lines 1 and 2):
//   n ~ Multinomial(prompts, z), z = softmax(xi) over the domains of the mix;  candidates' shares proportional to z_k m_k,
//   m_k = min(1 / (1 - rho_k), M_acc)
//   hyper       f32[HYPER_SIZE]: curriculum.rule, curriculum.maxFactor, the mix
//   state       u32[STATE_SIZE]: seed, step; out: sampler*
//   curriculum  f32[CURRICULUM_SIZE]: xi, rho; out: cumulative shares
// Grid (1, 1, runs), 64 threads.

struct Params {
  prompts: u32,
  domains: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> curriculum: array<f32>;

var<workgroup> wanted: array<array<u32, MAX_DOMAINS>, 64>;

// Shares of one thread's masses, made cumulative.
fn cumulate(mass: array<f32, MAX_DOMAINS>, at: u32) {
  var total = 0.0;
  for (var d = 0u; d < params.domains; d++) {
    total += mass[d];
  }
  var sum = 0.0;
  for (var d = 0u; d < params.domains; d++) {
    sum += mass[d] / total;
    curriculum[at + d] = sum;
  }
}

@compute @workgroup_size(64)
fn openBatch(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let h = run * HYPER_SIZE;
  let s = run * STATE_SIZE;
  let c = run * CURRICULUM_SIZE;
  if (lane == 0u) {
    state[s + STATE_SAMPLER_DONE] = 0u;
    state[s + STATE_SAMPLER_KEPT] = 0u;
    state[s + STATE_SAMPLER_ROUNDS] = 0u;
    state[s + STATE_SAMPLER_SLOTS] = params.prompts;
  }
  if (lane < params.domains) {
    state[s + STATE_SAMPLER_WANTED + lane] = 0u;
    state[s + STATE_SAMPLER_GENERATED + lane] = 0u;
    state[s + STATE_SAMPLER_ACCEPTED + lane] = 0u;
    state[s + STATE_SAMPLER_CORRECT + lane] = 0u;
  }
  // A run's setting: the whole workgroup leaves or stays.
  if (hyper[h + HYPER_CURRICULUM_RULE] == CURRICULUM_RULE_OFF) {
    return;
  }
  var z = taskWeights(h, c, params.domains);
  if (lane == 0u) {
    cumulate(z, c + CURRICULUM_SHARE);
  }
  storageBarrier();
  workgroupBarrier();
  for (var d = 0u; d < params.domains; d++) {
    wanted[lane][d] = 0u;
  }
  for (var b = lane; b < params.prompts; b += 64u) {
    let unit = randomUnit(state[s + STATE_SEED], STREAM_TASK, state[s + STATE_STEP], b);
    wanted[lane][pickShare(c + CURRICULUM_SHARE, params.domains, unit)] += 1u;
  }
  storageBarrier();
  workgroupBarrier();
  if (lane < params.domains) {
    var count = 0u;
    for (var i = 0u; i < 64u; i++) {
      count += wanted[i][lane];
    }
    state[s + STATE_SAMPLER_WANTED + lane] = count;
  }
  if (lane == 0u) {
    let most = hyper[h + HYPER_CURRICULUM_MAX_FACTOR];
    for (var d = 0u; d < params.domains; d++) {
      z[d] *= compensation(curriculum[c + CURRICULUM_FILTER_RATE + d], most);
    }
    cumulate(z, c + CURRICULUM_SHARE);
  }
}
