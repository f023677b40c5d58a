// Pooled hidden states h_i (method.md 7.1): mean over the response tokens of rollout i of the state after reading each, or the one that
// predicts it (contrast.position before); or that of the last token alone (contrast.pooling last).
//   hyper   f32[HYPER_SIZE]
//   hidden  f32[X, width]: hidden states after the final norm; row (m, j, t) at m E + Q + j T + t, E = Q + group T. Token t is predicted by
//           row (m, j, t - 1), the first one by the last prompt row of its group
//   length  u32[totalPrompts group]: response tokens
//   h       f32[N, width], 0 for an empty response
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
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> hidden: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> length: array<u32>;
@group(0) @binding(4) var<storage, read_write> h: array<vec4<f32>>;

@compute @workgroup_size(64)
fn poolHidden(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let i = group.x;
  let prompt = i / params.group;
  let width4 = params.width / 4u;
  let rows = params.promptLength + params.group * params.responseLength;
  let question = run * params.prompts * rows + prompt * rows + params.promptLength;
  let start = question + (i % params.group) * params.responseLength;
  let tokens = min(length[(run * params.totalPrompts + params.first) * params.group + i], params.responseLength);
  let out = run * params.prompts * params.group + i;
  let lastOnly = hyper[run * HYPER_SIZE + HYPER_CONTRAST_POOLING] == CONTRAST_POOLING_LAST;
  let before = hyper[run * HYPER_SIZE + HYPER_CONTRAST_POSITION] == CONTRAST_POSITION_BEFORE;
  let first = select(0u, max(tokens, 1u) - 1u, lastOnly);
  let share = 1.0 / f32(max(tokens - first, 1u));
  for (var k = lane; k < width4; k += 64u) {
    var sum = vec4<f32>();
    for (var t = first; t < tokens; t++) {
      let row = select(start + t, select(start + t, question, t == 0u) - 1u, before);
      sum += hidden[row * width4 + k];
    }
    h[out * width4 + k] = sum * share;
  }
}
