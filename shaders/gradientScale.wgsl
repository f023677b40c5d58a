// Finishes the gradient norms of policy and head: metrics, scale of the norm clip min(1, clip / (norm + 1e-6)), NaN guard.
//   squares  f32[groups, 2], from gradientSum
//   hyper    f32[HYPER_SIZE]: optimizer.clipNorm, head.clipNorm (0: no clip)
//   state    u32[STATE_SIZE]: adamPolicy and adamHead count the updates that will be applied, skipped the others
//   stats    f32[STATS_SIZE]: reads the losses; gradient/norm, gradient/headNorm and gradient/skipped are added to
//   scale    f32[4]: scale of the policy's and the head's gradient, then 1 or 0: whether each is to be updated
// An update is applied when both losses and its own norm are finite; otherwise Adam's state and counter stay (method.md, 10).
// With head = 0 the head is left alone. groups = size / 1024. Grid (1, 1, runs), 64 threads.

struct Params {
  size: u32,
  head: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> squares: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read> hyper: array<f32>;
@group(0) @binding(3) var<storage, read_write> state: array<u32>;
@group(0) @binding(4) var<storage, read_write> stats: array<f32>;
@group(0) @binding(5) var<storage, read_write> scale: array<vec4<f32>>;

var<workgroup> sums: array<vec2<f32>, 64>;

fn clipped(norm: f32, clip: f32) -> f32 {
  return select(1.0, min(1.0, clip / (norm + 1e-6)), clip > 0.0);
}

@compute @workgroup_size(64)
fn gradientScale(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let groups = (params.size + 1023u) / 1024u;
  var sum = vec2<f32>();
  for (var i = lane; i < groups; i += 64u) {
    let s = squares[run * groups + i];
    sum = vec2<f32>(addSquares(sum.x, s.x), addSquares(sum.y, s.y));
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  for (var i = 1u; i < 64u; i++) {
    sum = vec2<f32>(addSquares(sum.x, sums[i].x), addSquares(sum.y, sums[i].y));
  }
  let s = run * STATS_SIZE;
  let lossesFinite = isFinite(stats[s + STAT_LOSS_POLICY]) && isFinite(stats[s + STAT_LOSS_CONTRASTIVE]);
  let norm = sqrt(max(sum, vec2<f32>()));
  var result = vec4<f32>();
  var skipped = 0u;
  if (sum.x >= 0.0) {
    stats[s + STAT_GRADIENT_NORM] += norm.x;
    stats[s + STAT_GRADIENT_NORM + 1u] += 1.0;
  }
  if (lossesFinite && sum.x >= 0.0) {
    result.x = clipped(norm.x, hyper[run * HYPER_SIZE + HYPER_OPTIMIZER_CLIP_NORM]);
    result.z = 1.0;
    state[run * STATE_SIZE + STATE_ADAM_POLICY] += 1u;
  } else {
    skipped = 1u;
  }
  if (params.head != 0u) {
    if (sum.y >= 0.0) {
      stats[s + STAT_GRADIENT_HEAD_NORM] += norm.y;
      stats[s + STAT_GRADIENT_HEAD_NORM + 1u] += 1.0;
    }
    if (lossesFinite && sum.y >= 0.0) {
      result.y = clipped(norm.y, hyper[run * HYPER_SIZE + HYPER_HEAD_CLIP_NORM]);
      result.w = 1.0;
      state[run * STATE_SIZE + STATE_ADAM_HEAD] += 1u;
    } else {
      skipped = 1u;
    }
  }
  scale[run] = result;
  state[run * STATE_SIZE + STATE_SKIPPED] += skipped;
  stats[s + STAT_GRADIENT_SKIPPED] += f32(skipped);
  stats[s + STAT_GRADIENT_SKIPPED + 1u] += 1.0;
}
