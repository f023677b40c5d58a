// Gradient of the pooled hidden states, added to that of the hidden states: dfinal[row] += dh_i / T_i for the rows that h_i is the mean of
// (poolHidden). Nothing is added during the contrastive warm-up (state.update < contrast.warmup) or with contrast.backbone off.
//   dh      f32[N, width], lambda included
//   length  u32[totalPrompts group]: response tokens
//   hyper   f32[HYPER_SIZE]
//   state   u32[STATE_SIZE]
//   dfinal  f32[X, width]: rows as in poolHidden
// Grid (N + prompts, 1, runs), 64 threads: a workgroup owns the response rows of a rollout or, behind those, the last prompt row of a
// group, which predicts the first token of all its rollouts: their shares are added in order.

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

fn tokensOf(run: u32, i: u32) -> u32 {
  return min(length[(run * params.totalPrompts + params.first) * params.group + i], params.responseLength);
}

@compute @workgroup_size(64)
fn poolHiddenGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let at = run * HYPER_SIZE;
  let warm = f32(state[run * STATE_SIZE + STATE_UPDATE]) < hyper[at + HYPER_CONTRAST_WARMUP];
  if (warm || hyper[at + HYPER_CONTRAST_BACKBONE] == 0.0) { return; }
  let lastOnly = hyper[at + HYPER_CONTRAST_POOLING] == CONTRAST_POOLING_LAST;
  let before = hyper[at + HYPER_CONTRAST_POSITION] == CONTRAST_POSITION_BEFORE;
  let pool = params.prompts * params.group;
  let width4 = params.width / 4u;
  let rows = params.promptLength + params.group * params.responseLength;
  let i = group.x;

  if (i >= pool) {
    if (!before) { return; }
    let prompt = i - pool;
    let row = run * params.prompts * rows + prompt * rows + params.promptLength - 1u;
    for (var k = lane; k < width4; k += 64u) {
      var sum = vec4<f32>();
      for (var j = prompt * params.group; j < (prompt + 1u) * params.group; j++) {
        let tokens = tokensOf(run, j);
        var share = 1.0 / f32(max(tokens, 1u));
        if (lastOnly) { share = 1.0; }
        if (tokens == 1u || (tokens > 1u && !lastOnly)) { sum += dh[(run * pool + j) * width4 + k] * share; }
      }
      dfinal[row * width4 + k] += sum;
    }
    return;
  }

  let start = (run * params.prompts + i / params.group) * rows + params.promptLength + (i % params.group) * params.responseLength;
  let tokens = tokensOf(run, i);
  let first = select(0u, max(tokens, 1u) - 1u, lastOnly);
  let share = 1.0 / f32(max(tokens - first, 1u));
  // Rows from the one of token `first`; before it, a token's row is the previous token's, and that of token 0 is the group's.
  let begin = select(first, max(first, 1u) - 1u, before);
  let end = select(tokens, max(tokens, 1u) - 1u, before);
  for (var k = lane; k < width4; k += 64u) {
    let each = dh[(run * pool + i) * width4 + k] * share;
    for (var t = begin; t < end; t++) { dfinal[(start + t) * width4 + k] += each; }
  }
}
