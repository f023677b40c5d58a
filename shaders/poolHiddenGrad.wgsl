// Gradient of the pooled hidden states, added to that of the hidden states: dfinal[i, t] += dh_i / T_i for the response tokens t < T_i.
// Nothing is added during the contrastive warm-up (state.update < contrast.warmup) or with contrast.backbone off.
//   dh      f32[N, width], lambda included
//   length  u32[totalPrompts group]: response tokens
//   hyper   f32[HYPER_SIZE]
//   state   u32[STATE_SIZE]
//   dfinal  f32[X, width]: rows as in poolHidden
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
@group(0) @binding(1) var<storage, read> dh: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> length: array<u32>;
@group(0) @binding(3) var<storage, read> hyper: array<f32>;
@group(0) @binding(4) var<storage, read> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> dfinal: array<vec4<f32>>;

@compute @workgroup_size(64)
fn poolHiddenGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let at = run * HYPER_SIZE;
  let warm = f32(state[run * STATE_SIZE + STATE_UPDATE]) < hyper[at + HYPER_CONTRAST_WARMUP];
  if (warm || hyper[at + HYPER_CONTRAST_BACKBONE] == 0.0) { return; }
  let i = group.x;
  let width4 = params.width / 4u;
  let rows = params.promptLength + params.group * params.responseLength;
  let start = (run * params.prompts + i / params.group) * rows + params.promptLength + (i % params.group) * params.responseLength;
  let tokens = min(length[(run * params.totalPrompts + params.first) * params.group + i], params.responseLength);
  let share = 1.0 / f32(max(tokens, 1u));
  for (var k = lane; k < width4; k += 64u) {
    let each = dh[(run * params.prompts * params.group + i) * width4 + k] * share;
    for (var t = 0u; t < tokens; t++) { dfinal[(start + t) * width4 + k] += each; }
  }
}
