// Scores s = reward + overlong punishment + bonus, and the group-relative advantage, equation (2): A = (s - mean) / (std + 1e-6) within
// each prompt's group, std unbiased. A group with equal scores gets 0 (division may round), a single rollout s / (1 + 1e-6).
// objective.normalizeStd off leaves s - mean (Dr. GRPO).
//
// reward     f32[prompts, group]  rewards, 0 or 1
// length     u32[prompts, group]  response tokens
// bonus      f32[prompts, group]  contrastive reward (CLIPO)
// hyper      f32[HYPER_SIZE]      objective.normalizeStd, reward.*
// score      f32[prompts, group]  out
// advantages f32[prompts, group]  out
//
// grid: (prompts / 64, 1, runs), one thread per prompt.

struct Params {
  prompts: u32,
  group: u32,
  responseLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> reward: array<f32>;
@group(0) @binding(2) var<storage, read> length: array<u32>;
@group(0) @binding(3) var<storage, read> bonus: array<f32>;
@group(0) @binding(4) var<storage, read> hyper: array<f32>;
@group(0) @binding(5) var<storage, read_write> score: array<f32>;
@group(0) @binding(6) var<storage, read_write> advantages: array<f32>;

const EPSILON: f32 = 1e-6;

@compute @workgroup_size(64)
fn advantage(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.prompts) {
    return;
  }
  let n = params.group;
  let first = (id.z * params.prompts + id.x) * n;
  let h = id.z * HYPER_SIZE;
  let normalize = hyper[h + HYPER_OBJECTIVE_NORMALIZE_STD] > 0.5;
  let buffer = hyper[h + HYPER_REWARD_OVERLONG_BUFFER];
  let factor = hyper[h + HYPER_REWARD_OVERLONG_FACTOR];
  var low = 1e30;
  var high = -1e30;
  var sum = 0.0;
  for (var i = first; i < first + n; i++) {
    let s = reward[i] + overlong(f32(length[i]), f32(params.responseLength), buffer, factor) + bonus[i];
    score[i] = s;
    low = min(low, s);
    high = max(high, s);
    sum += s;
  }
  var mean = sum / f32(n);
  var deviation = 1.0;
  if (n == 1u) {
    mean = 0.0;
  } else {
    var squares = 0.0;
    for (var i = first; i < first + n; i++) {
      let d = score[i] - mean;
      squares += d * d;
    }
    deviation = sqrt(squares / f32(n - 1u));
  }
  let scale = select(1.0, 1.0 / (deviation + EPSILON), normalize);
  for (var i = first; i < first + n; i++) {
    advantages[i] = select((score[i] - mean) * scale, 0.0, n > 1u && low == high);
  }
}
