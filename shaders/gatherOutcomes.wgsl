// Records, lengths and rewards of the batch from those of its candidates.
//   source           u32[prompts] of `fillBatch`
//   candidateRecord  u32[rounds, prompts]
//   candidateLength  u32[rounds, prompts, group]
//   candidateReward  f32[rounds, prompts, group]
//   record           u32[prompts]: NONE in an empty place
//   length           u32[prompts, group]: 0 in an empty place
//   reward           f32[prompts, group]: 0 in an empty place
// Grid (prompts * group / 64, 1, runs), 64 threads: one thread per rollout.

struct Params {
  prompts: u32,
  group: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read> candidateRecord: array<u32>;
@group(0) @binding(3) var<storage, read> candidateLength: array<u32>;
@group(0) @binding(4) var<storage, read> candidateReward: array<f32>;
@group(0) @binding(5) var<storage, read_write> record: array<u32>;
@group(0) @binding(6) var<storage, read_write> length: array<u32>;
@group(0) @binding(7) var<storage, read_write> reward: array<f32>;

@compute @workgroup_size(64)
fn gatherOutcomes(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  if (id.x >= params.prompts * params.group) {
    return;
  }
  let b = id.x / params.group;
  let j = id.x % params.group;
  let chosen = source[run * params.prompts + b];
  let empty = chosen == NONE;
  let from_ = run * params.rounds * params.prompts + select(chosen, 0u, empty);
  if (j == 0u) {
    record[run * params.prompts + b] = select(candidateRecord[from_], NONE, empty);
  }
  let to = run * params.prompts * params.group + id.x;
  length[to] = select(candidateLength[from_ * params.group + j], 0u, empty);
  reward[to] = select(candidateReward[from_ * params.group + j], 0.0, empty);
}
