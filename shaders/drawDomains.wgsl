// Draws the domains of one round of a step's prompts. By the mix: within mini-batch i of M prompts, domains are sampled systematically:
// slot s gets the domain whose cumulative share contains (s + offset) / M, with one random offset per round and mini-batch, so that
// prompts are sorted by domain. With task weights (MT-GRPO): independently, from the curriculum's cumulative shares. Round 0 has
// `prompts` places; a later one samplerSlots, drawn as one mini-batch; its other places, and all of a round beyond sampler.rounds or after
// the batch is full, are left empty.
//
// hyper      f32[HYPER_SIZE]              shares at HYPER_MIX, sampler.rounds, curriculum.rule
// state      u32[STATE_SIZE]              seed, step, samplerDone, samplerSlots
// curriculum f32[CURRICULUM_SIZE]         cumulative shares
// domain     u32[rounds, prompts]         out: row `round`; NONE in an empty place
// segments   u32[miniBatches, domains+1]  out, by the mix, in round 0: first prompt of each domain within its mini-batch, then M
//
// grid: (prompts / 64, 1, runs), one thread per prompt; the first of a mini-batch also writes its segments.

struct Params {
  prompts: u32,
  miniBatches: u32,
  domains: u32,
  round: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read> curriculum: array<f32>;
@group(0) @binding(4) var<storage, read_write> domain: array<u32>;
@group(0) @binding(5) var<storage, read_write> segments: array<u32>;

// First slot s in [0, slots] with s + offset >= bound.
fn firstSlot(bound: f32, offset: f32, slots: u32) -> u32 {
  var s = min(u32(bound), slots);
  while (s < slots && f32(s) + offset < bound) {
    s++;
  }
  while (s > 0u && f32(s - 1u) + offset >= bound) {
    s--;
  }
  return s;
}

@compute @workgroup_size(64)
fn drawDomains(@builtin(global_invocation_id) id: vec3<u32>) {
  let b = id.x;
  let run = id.z;
  if (b >= params.prompts) {
    return;
  }
  let h = run * HYPER_SIZE;
  let s = run * STATE_SIZE;
  let here = (run * params.rounds + params.round) * params.prompts + b;
  let seed = state[s + STATE_SEED];
  let step = state[s + STATE_STEP];
  let round = params.round;
  let later = round > 0u;
  let count = select(params.prompts, min(state[s + STATE_SAMPLER_SLOTS], params.prompts), later);
  let over = f32(round) >= hyper[h + HYPER_SAMPLER_ROUNDS] || state[s + STATE_SAMPLER_DONE] != 0u;
  if (b >= count || (later && over)) {
    domain[here] = NONE;
    return;
  }
  if (hyper[h + HYPER_CURRICULUM_RULE] != CURRICULUM_RULE_OFF) {
    let unit = randomUnit(seed, STREAM_TASK, step, (round + 1u) * params.prompts + b);
    domain[here] = pickShare(run * CURRICULUM_SIZE + CURRICULUM_SHARE, params.domains, unit);
    return;
  }
  let slots = select(params.prompts / params.miniBatches, count, later);
  let miniBatch = b / slots;
  let slot = b % slots;
  let offset = randomUnit(seed, STREAM_DOMAIN_OFFSET, step, round * params.miniBatches + miniBatch);
  let mix = h + HYPER_MIX;
  let table = (run * params.miniBatches + miniBatch) * (params.domains + 1u);
  let writes = slot == 0u && !later;

  // The last domain with a share takes what rounding leaves over.
  var last = 0u;
  for (var d = 0u; d < params.domains; d++) {
    if (hyper[mix + d] > 0.0) {
      last = d;
    }
  }
  var mine = 0u;
  var first = 0u;
  var sum = 0.0;
  for (var d = 0u; d < params.domains; d++) {
    if (writes) {
      segments[table + d] = first;
    }
    sum += hyper[mix + d];
    var next = slots;
    if (d < last) {
      next = max(first, firstSlot(sum * f32(slots), offset, slots));
    }
    if (slot >= first && slot < next) {
      mine = d;
    }
    first = next;
  }
  if (writes) {
    segments[table + params.domains] = slots;
  }
  domain[here] = mine;
}
