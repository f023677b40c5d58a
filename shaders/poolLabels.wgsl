// Labels of the contrastive pool. A rollout is positive by the verifier's reward, or by its score with all punishments of at least 0.5
// (contrast.labels shaped).
//   hyper       f32[HYPER_SIZE]
//   reward      f32[totalPrompts group]
//   score       f32[totalPrompts group]
//   length      u32[totalPrompts group]: response tokens
//   domain      u32[totalPrompts]
//   poolReward  f32[N]: the reward, or 1 and 0; -1 for an empty response, which leaves it out of the pool
//   poolPrompt  u32[N]: prompt within the mini-batch
//   poolDomain  u32[N]
// The mini-batch is the `prompts` prompts from `first`; N = prompts group. Grid (N / 64, 1, runs), 64 threads.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  totalPrompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> reward: array<f32>;
@group(0) @binding(3) var<storage, read> score: array<f32>;
@group(0) @binding(4) var<storage, read> length: array<u32>;
@group(0) @binding(5) var<storage, read> domain: array<u32>;
@group(0) @binding(6) var<storage, read_write> poolReward: array<f32>;
@group(0) @binding(7) var<storage, read_write> poolPrompt: array<u32>;
@group(0) @binding(8) var<storage, read_write> poolDomain: array<u32>;

@compute @workgroup_size(64)
fn poolLabels(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  let i = id.x;
  let pool = params.prompts * params.group;
  if (i >= pool) { return; }
  let prompt = i / params.group;
  let rollout = (run * params.totalPrompts + params.first) * params.group + i;
  var label = reward[rollout];
  if (hyper[run * HYPER_SIZE + HYPER_CONTRAST_LABELS] == CONTRAST_LABELS_SHAPED) { label = select(0.0, 1.0, score[rollout] >= 0.5); }
  let out = run * pool + i;
  poolReward[out] = select(-1.0, label, length[rollout] > 0u);
  poolPrompt[out] = prompt;
  poolDomain[out] = domain[run * params.totalPrompts + params.first + prompt];
}
