// CLIPO's representation of a rollout (method.md 4): h_i = mean of the final hidden states over its response tokens.
//   hidden  f32[X, width]: hidden states after the final norm; row (m, j, t) at m E + Q + j T + t, E = Q + group T
//   length  u32[totalPrompts group]: response tokens
//   reward  f32[totalPrompts group]
//   h       f32[totalPrompts group, width]: the rows of this mini-batch are written; 0 without a response
//   label   f32[totalPrompts group]: likewise; the reward, -1 without a response, which has no embedding
// The mini-batch is the `prompts` prompts from `first`; Q promptLength, T responseLength.
// Grid (prompts group, 1, runs), 64 threads: one workgroup per rollout.

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
@group(0) @binding(4) var<storage, read_write> h: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> label: array<f32>;

@compute @workgroup_size(64)
fn clipoPool(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let i = group.x;
  let prompt = i / params.group;
  let width4 = params.width / 4u;
  let rows = params.promptLength + params.group * params.responseLength;
  let start = (run * params.prompts + prompt) * rows + params.promptLength + (i % params.group) * params.responseLength;
  let rollout = (run * params.totalPrompts + params.first) * params.group + i;
  let tokens = min(length[rollout], params.responseLength);
  let share = 1.0 / f32(max(tokens, 1u));
  for (var k = lane; k < width4; k += 64u) {
    var sum = vec4<f32>();
    for (var t = 0u; t < tokens; t++) { sum += hidden[(start + t) * width4 + k]; }
    h[rollout * width4 + k] = sum * share;
  }
  if (lane == 0u) { label[rollout] = select(-1.0, reward[rollout], tokens > 0u); }
}
