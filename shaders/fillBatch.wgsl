// Puts the batch together from the kept candidates of all rounds. DAPO: the first `prompts`. MT-GRPO (Algorithm 2, line 6): at most the
// wanted number of each domain, then the first of the rest. They are dealt to the mini-batches in turn and sorted by domain within each;
// places that stay empty come last.
//   place      u32[rounds, prompts, 2] of `filterGroups`
//   candidate  u32[rounds, prompts]: domain of each candidate
//   hyper      f32[HYPER_SIZE]: sampler.filter, curriculum.rule
//   state      u32[STATE_SIZE]: samplerWanted, samplerRounds
//   source     u32[prompts]: candidate of each place, NONE in an empty one
//   domain     u32[prompts]: its domain, the last one in an empty place
//   segments   u32[miniBatches, domains + 1]: first place of each domain within its mini-batch, then the first empty place
// A run without filter and task weights takes round 0 as it is, its segments are those of `drawDomains`. prompts is at most 2048.
// Grid (1, 1, runs), 256 threads.

struct Params {
  prompts: u32,
  miniBatches: u32,
  domains: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> place: array<u32>;
@group(0) @binding(2) var<storage, read> candidate: array<u32>;
@group(0) @binding(3) var<storage, read> hyper: array<f32>;
@group(0) @binding(4) var<storage, read> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> source: array<u32>;
@group(0) @binding(6) var<storage, read_write> domain: array<u32>;
@group(0) @binding(7) var<storage, read_write> segments: array<u32>;

// The chosen candidates in their order.
var<workgroup> chosen: array<u32, 2048>;
var<workgroup> ownCount: atomic<u32>;
var<workgroup> total: atomic<u32>;

@compute @workgroup_size(256)
fn fillBatch(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let h = run * HYPER_SIZE;
  let s = run * STATE_SIZE;
  let n = params.prompts;
  let from_ = run * params.rounds * n;
  let to = run * n;
  let weighted = hyper[h + HYPER_CURRICULUM_RULE] != CURRICULUM_RULE_OFF;
  if (hyper[h + HYPER_SAMPLER_FILTER] == SAMPLER_FILTER_NONE && !weighted) {
    for (var b = lane; b < n; b += 256u) {
      source[to + b] = b;
      domain[to + b] = candidate[from_ + b];
    }
    return;
  }
  let used = state[s + STATE_SAMPLER_ROUNDS] * n;
  // Candidates of each kind, then the place of each among the chosen.
  for (var i = lane; i < used; i += 256u) {
    let at = from_ + i;
    if (place[2u * at] != NONE) {
      atomicAdd(&total, 1u);
      if (!weighted || place[2u * at + 1u] < state[s + STATE_SAMPLER_WANTED + candidate[at]]) {
        atomicAdd(&ownCount, 1u);
      }
    }
  }
  workgroupBarrier();
  let owned = atomicLoad(&ownCount);
  let count = min(atomicLoad(&total), n);
  for (var i = lane; i < used; i += 256u) {
    let at = from_ + i;
    let mine = place[2u * at];
    if (mine == NONE) {
      continue;
    }
    var position = mine;
    if (weighted) {
      let own = place[2u * at + 1u] < state[s + STATE_SAMPLER_WANTED + candidate[at]];
      position = select(owned, 0u, own);
      for (var j = 0u; j < used; j++) {
        let other = from_ + j;
        if (place[2u * other] < mine) {
          let otherOwn = place[2u * other + 1u] < state[s + STATE_SAMPLER_WANTED + candidate[other]];
          position += select(0u, 1u, otherOwn == own);
        }
      }
    }
    if (position < n) {
      chosen[position] = i;
    }
  }
  workgroupBarrier();

  let size = n / params.miniBatches;
  for (var i = lane; i < n; i += 256u) {
    let m = i % params.miniBatches;
    let members = (count + params.miniBatches - 1u - m) / params.miniBatches;
    if (i < count) {
      let mine = candidate[from_ + chosen[i]];
      var rank = 0u;
      for (var j = m; j < count; j += params.miniBatches) {
        let other = candidate[from_ + chosen[j]];
        rank += select(0u, 1u, other < mine || (other == mine && j < i));
      }
      source[to + m * size + rank] = chosen[i];
      domain[to + m * size + rank] = mine;
    } else {
      // Places beyond the count are dealt like the others; each is the (i / miniBatches)th of its mini-batch.
      source[to + m * size + i / params.miniBatches] = NONE;
      domain[to + m * size + i / params.miniBatches] = params.domains - 1u;
    }
    if (i / params.miniBatches == 0u) {
      let table = (run * params.miniBatches + m) * (params.domains + 1u);
      for (var d = 0u; d < params.domains; d++) {
        var first = 0u;
        for (var j = m; j < count; j += params.miniBatches) {
          first += select(0u, 1u, candidate[from_ + chosen[j]] < d);
        }
        segments[table + d] = first;
      }
      segments[table + params.domains] = members;
    }
  }
}
