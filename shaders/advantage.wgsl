// Group-relative advantage, equation (2): A = (r − mean) / (std + 1e-6) within each prompt's group, std unbiased. A group with equal
// rewards gets 0 (division may round), a single rollout r / (1 + 1e-6). objective.normalizeStd off leaves r − mean (Dr. GRPO).
//
// reward     f32[prompts, group]  rewards
// hyper      f32[HYPER_SIZE]      objective.normalizeStd
// advantages f32[prompts, group]  out
//
// grid: (prompts / 64, 1, runs), one thread per prompt.

struct Params {
  prompts: u32,
  group: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> reward: array<f32>;
@group(0) @binding(2) var<storage, read> hyper: array<f32>;
@group(0) @binding(3) var<storage, read_write> advantages: array<f32>;

const EPSILON: f32 = 1e-6;

@compute @workgroup_size(64)
fn advantage(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.prompts) {
    return;
  }
  let n = params.group;
  let first = (id.z * params.prompts + id.x) * n;
  let normalize = hyper[id.z * HYPER_SIZE + HYPER_OBJECTIVE_NORMALIZE_STD] > 0.5;
  var low = reward[first];
  var high = low;
  var sum = 0.0;
  for (var i = 0u; i < n; i++) {
    let r = reward[first + i];
    low = min(low, r);
    high = max(high, r);
    sum += r;
  }
  var mean = sum / f32(n);
  var deviation = 1.0;
  if (n == 1u) {
    mean = 0.0;
  } else {
    var squares = 0.0;
    for (var i = 0u; i < n; i++) {
      let d = reward[first + i] - mean;
      squares += d * d;
    }
    deviation = sqrt(squares / f32(n - 1u));
  }
  let scale = select(1.0, 1.0 / (deviation + EPSILON), normalize);
  for (var i = 0u; i < n; i++) {
    advantages[first + i] = select((reward[first + i] - mean) * scale, 0.0, n > 1u && low == high);
  }
}
