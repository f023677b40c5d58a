// Dynamic sampling of DAPO and RPSampler of MT-GRPO (Algorithm 2): keeps the candidate groups of one round that pass the filter, by
// the unshaped reward, and gives each its place among all kept groups and among those of its domain; within a round in random order.
//   record      u32[rounds, prompts]: row `round`; NONE: an empty place
//   domain      u32[rounds, prompts]
//   reward      f32[rounds, prompts, group]: 0 or 1
//   hyper       f32[HYPER_SIZE]: sampler.filter, curriculum.rule, curriculum.maxFactor
//   state       u32[STATE_SIZE]: seed, step; out: samplerKept, samplerDone, samplerRounds, samplerSlots (prompts of the next round: those
//               missing over the share that passed, or the sum of missing times compensation, times 1.2), samplerGenerated,
//               samplerAccepted, samplerCorrect
//   curriculum  f32[CURRICULUM_SIZE]: filter rates; out: shares of the domains in the next round, by what they lack
//   place       u32[rounds, prompts, 2]: (place among the kept, place among those of its domain), NONE where not kept
// A run without filter and task weights keeps round 0 as it is. prompts is at most 2048. Grid (1, 1, runs), 256 threads.

struct Params {
  prompts: u32,
  group: u32,
  domains: u32,
  round: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> record: array<u32>;
@group(0) @binding(2) var<storage, read> domain: array<u32>;
@group(0) @binding(3) var<storage, read> reward: array<f32>;
@group(0) @binding(4) var<storage, read> hyper: array<f32>;
@group(0) @binding(5) var<storage, read_write> state: array<u32>;
@group(0) @binding(6) var<storage, read_write> curriculum: array<f32>;
@group(0) @binding(7) var<storage, read_write> place: array<u32>;

var<workgroup> kept: array<u32, 2048>;

fn correctOf(at: u32) -> u32 {
  var sum = 0.0;
  for (var j = 0u; j < params.group; j++) {
    sum += reward[at * params.group + j];
  }
  return u32(sum + 0.5);
}

@compute @workgroup_size(256)
fn filterGroups(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let h = run * HYPER_SIZE;
  let s = run * STATE_SIZE;
  let n = params.prompts;
  let to = (run * params.rounds + params.round) * n;
  let empty = record[to] == NONE;
  let weighted = hyper[h + HYPER_CURRICULUM_RULE] != CURRICULUM_RULE_OFF;
  let plain = hyper[h + HYPER_SAMPLER_FILTER] == SAMPLER_FILTER_NONE && !weighted;
  if (empty || plain) {
    for (var b = lane; b < n; b += 256u) {
      place[2u * (to + b)] = select(b, NONE, empty);
      place[2u * (to + b) + 1u] = select(b, NONE, empty);
    }
    if (!empty && lane == 0u) {
      state[s + STATE_SAMPLER_DONE] = 1u;
    }
    return;
  }
  let mixedOnly = hyper[h + HYPER_SAMPLER_FILTER] == SAMPLER_FILTER_MIXED && params.group > 1u;
  for (var b = lane; b < n; b += 256u) {
    let correct = correctOf(to + b);
    kept[b] = select(0u, 1u, record[to + b] != NONE && (!mixedOnly || (correct > 0u && correct < params.group)));
  }
  workgroupBarrier();

  let before = state[s + STATE_SAMPLER_KEPT];
  let seed = state[s + STATE_SEED];
  let step = state[s + STATE_STEP];
  for (var b = lane; b < n; b += 256u) {
    var at = vec2<u32>(NONE);
    if (kept[b] == 1u) {
      let mine = domain[to + b];
      at = vec2<u32>(before, state[s + STATE_SAMPLER_ACCEPTED + mine]);
      let key = randomBits(seed, STREAM_ORDER, step, params.round * n + b);
      for (var other = 0u; other < n; other++) {
        let otherKey = randomBits(seed, STREAM_ORDER, step, params.round * n + other);
        if (kept[other] == 1u && (otherKey < key || (otherKey == key && other < b))) {
          at += vec2<u32>(1u, select(0u, 1u, domain[to + other] == mine));
        }
      }
    }
    place[2u * (to + b)] = at.x;
    place[2u * (to + b) + 1u] = at.y;
  }
  storageBarrier();
  workgroupBarrier();

  // One thread a domain counts.
  if (lane < params.domains) {
    var counts = vec3<u32>(); // generated, accepted, correct rollouts
    for (var b = 0u; b < n; b++) {
      if (domain[to + b] == lane) {
        counts += vec3<u32>(1u, kept[b], correctOf(to + b));
      }
    }
    state[s + STATE_SAMPLER_GENERATED + lane] += counts.x;
    state[s + STATE_SAMPLER_ACCEPTED + lane] += counts.y;
    state[s + STATE_SAMPLER_CORRECT + lane] += counts.z;
  }
  storageBarrier();
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  var all = 0u;
  var lacking = 0u;
  var generated = 0u;
  for (var d = 0u; d < params.domains; d++) {
    let accepted = state[s + STATE_SAMPLER_ACCEPTED + d];
    all += accepted;
    generated += state[s + STATE_SAMPLER_GENERATED + d];
    lacking += max(state[s + STATE_SAMPLER_WANTED + d], accepted) - accepted;
  }
  state[s + STATE_SAMPLER_KEPT] = all;
  state[s + STATE_SAMPLER_ROUNDS] += 1u;
  let done = select(all >= n, lacking == 0u, weighted);
  state[s + STATE_SAMPLER_DONE] = select(0u, 1u, done);
  if (!weighted) {
    var wanted = n;
    if (all > 0u) {
      wanted = (6u * (max(n, all) - all) * generated + 5u * all - 1u) / (5u * all);
    }
    state[s + STATE_SAMPLER_SLOTS] = min(wanted, n);
    return;
  }
  state[s + STATE_SAMPLER_SLOTS] = 0u;
  if (done) {
    return;
  }
  let c = run * CURRICULUM_SIZE;
  let most = hyper[h + HYPER_CURRICULUM_MAX_FACTOR];
  var total = 0.0;
  for (var pass_ = 0u; pass_ < 2u; pass_++) {
    var sum = 0.0;
    for (var d = 0u; d < params.domains; d++) {
      let accepted = state[s + STATE_SAMPLER_ACCEPTED + d];
      let missing = f32(max(state[s + STATE_SAMPLER_WANTED + d], accepted) - accepted);
      let mass = missing * compensation(curriculum[c + CURRICULUM_FILTER_RATE + d], most);
      if (pass_ == 1u) {
        sum += mass / total;
        curriculum[c + CURRICULUM_SHARE + d] = sum;
      } else {
        total += mass;
      }
    }
  }
  // A thousandth less, so that rounding does not decide.
  state[s + STATE_SAMPLER_SLOTS] = min(u32(ceil(1.2 * total - 1e-3)), n);
}
