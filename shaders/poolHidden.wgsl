// Pooled hidden states h_i = mean over the response tokens of rollout i (method.md 7.1), and the labels of the pool.
//   hidden      f32[X, width]: hidden states after the final norm; row (m, j, t) at m E + Q + j T + t, E = Q + group T
//   length      u32[totalPrompts group]: response tokens
//   reward      f32[totalPrompts group]
//   domain      u32[totalPrompts]
//   h           f32[N, width], 0 for an empty response
//   poolReward  f32[N]: the reward, -1 for an empty response, which leaves it out of the pool
//   poolPrompt  u32[N]: prompt within the mini-batch
//   poolDomain  u32[N]
// The mini-batch is the `prompts` prompts from `first`; N = prompts group; Q promptLength, T responseLength.
// Grid (N, 1, runs), 64 threads: one workgroup per rollout.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  width: u32,
  totalPrompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hidden: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> length: array<u32>;
@group(0) @binding(3) var<storage, read> reward: array<f32>;
@group(0) @binding(4) var<storage, read> domain: array<u32>;
@group(0) @binding(5) var<storage, read_write> h: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> poolReward: array<f32>;
@group(0) @binding(7) var<storage, read_write> poolPrompt: array<u32>;
@group(0) @binding(8) var<storage, read_write> poolDomain: array<u32>;

@compute @workgroup_size(64)
fn poolHidden(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let i = group.x;
  let prompt = i / params.group;
  let width4 = params.width / 4u;
  let rows = params.promptLength + params.group * params.responseLength;
  let start = run * params.prompts * rows + prompt * rows + params.promptLength + (i % params.group) * params.responseLength;
  let rollout = (run * params.totalPrompts + params.first) * params.group + i;
  let tokens = min(length[rollout], params.responseLength);
  let out = run * params.prompts * params.group + i;
  let share = 1.0 / f32(max(tokens, 1u));
  for (var k = lane; k < width4; k += 64u) {
    var sum = vec4<f32>();
    for (var t = 0u; t < tokens; t++) { sum += hidden[(start + t) * width4 + k]; }
    h[out * width4 + k] = sum * share;
  }
  if (lane == 0u) {
    poolReward[out] = select(-1.0, reward[rollout], tokens > 0u);
    poolPrompt[out] = prompt;
    poolDomain[out] = domain[run * params.totalPrompts + params.first + prompt];
  }
}
