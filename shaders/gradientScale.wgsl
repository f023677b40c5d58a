// Finishes the gradient norms of policy and heads: metrics, scale of the norm clip min(1, clip / (norm + 1e-6)), NaN guard.
//   squares  f32[groups, 4], from gradientSum
//   tokens   u32[1]: response tokens of the mini-batch; without any, nothing is updated
//   hyper    f32[HYPER_SIZE]: optimizer.clipNorm, head.clipNorm (0: no clip), contrast.lambda, clipo.lambda, clipo.warmup
//   state    u32[STATE_SIZE]: adamPolicy, adamHead and adamClipo count the updates that will be applied, skipped and empty the others
//   stats    f32[STATS_SIZE]: reads the losses and whether CLIPO had anchors; the gradient metrics are added to
//   scale    f32[8]: scale of the gradient of policy, head and CLIPO's head, 0; then 1 or 0: whether each is to be updated, 0
// An update is applied when both losses and its own norm are finite; otherwise Adam's state and counter stay (method.md, 10).
// With head = 0 or contrast.lambda = 0, and with clipo = 0, that head is left alone. groups = size / 1024. Grid (1, 1, runs), 64 threads.

struct Params {
  size: u32,
  head: u32,
  clipo: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> squares: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> hyper: array<f32>;
@group(0) @binding(4) var<storage, read_write> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> stats: array<f32>;
@group(0) @binding(6) var<storage, read_write> scale: array<vec4<f32>>;

var<workgroup> sums: array<vec4<f32>, 64>;

fn clipped(norm: f32, clip: f32) -> f32 {
  return select(1.0, min(1.0, clip / (norm + 1e-6)), clip > 0.0);
}

fn addStat(at: u32, value: f32) {
  stats[at] += value;
  stats[at + 1u] += 1.0;
}

@compute @workgroup_size(64)
fn gradientScale(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let groups = (params.size + 1023u) / 1024u;
  var sum = vec4<f32>();
  for (var i = lane; i < groups; i += 64u) {
    sum = addAll(sum, squares[run * groups + i]);
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  for (var i = 1u; i < 64u; i++) {
    sum = addAll(sum, sums[i]);
  }
  let s = run * STATS_SIZE;
  let h = run * HYPER_SIZE;
  let c = run * STATE_SIZE;
  let lossesFinite = isFinite(stats[s + STAT_LOSS_POLICY]) && isFinite(stats[s + STAT_LOSS_CONTRASTIVE]);
  let empty = tokens[run] == 0u;
  let norm = sqrt(max(sum, vec4<f32>()));
  var factor = vec4<f32>();
  var updated = vec4<f32>();
  var skipped = false;
  if (sum.x >= 0.0) { addStat(s + STAT_GRADIENT_NORM, norm.x); }
  if (lossesFinite && sum.x >= 0.0) {
    let waits = hyper[h + HYPER_CLIPO_LAMBDA] > 0.0 && f32(state[c + STATE_STEP]) < hyper[h + HYPER_CLIPO_WARMUP];
    if (!empty && !waits) {
      factor.x = clipped(norm.x, hyper[h + HYPER_OPTIMIZER_CLIP_NORM]);
      updated.x = 1.0;
      state[c + STATE_ADAM_POLICY] += 1u;
    }
  } else {
    skipped = true;
  }
  if (params.head != 0u && hyper[h + HYPER_CONTRAST_LAMBDA] > 0.0) {
    if (sum.y >= 0.0) { addStat(s + STAT_GRADIENT_HEAD_NORM, norm.y); }
    if (!lossesFinite || sum.y < 0.0) {
      skipped = true;
    } else if (!empty) {
      factor.y = clipped(norm.y, hyper[h + HYPER_HEAD_CLIP_NORM]);
      updated.y = 1.0;
      state[c + STATE_ADAM_HEAD] += 1u;
    }
  }
  if (params.clipo != 0u) {
    if (!lossesFinite || sum.z < 0.0) {
      skipped = true;
    } else if (!empty && stats[s + STAT_CLIPO_LOSS + 1u] != 0.0) {
      factor.z = 1.0;
      updated.z = 1.0;
      state[c + STATE_ADAM_CLIPO] += 1u;
    }
  }
  scale[2u * run] = factor;
  scale[2u * run + 1u] = updated;
  state[c + STATE_SKIPPED] += u32(skipped);
  state[c + STATE_EMPTY] += u32(empty);
  addStat(s + STAT_GRADIENT_SKIPPED, select(0.0, 1.0, skipped));
  addStat(s + STAT_GRADIENT_EMPTY, select(0.0, 1.0, empty));
}
