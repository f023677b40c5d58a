// CLIPO's contrastive loss and reward (method.md 4), with S_ia = <z_i, z_a> / tau - 1 / tau = -|z_i - z_a|^2 / (2 tau), which keeps its digits
// where embeddings are alike. An anchor i is a correct rollout with another correct one (the positives P_i) and an incorrect one in its
// group; A_i are all other rollouts of its group.
//   infonce    l_i = -S_ij + log(Q_i + 1e-8), j drawn uniformly from P_i;      Q_i = sum over A_i of exp S_ia
//   supconOut  l_i = log Q_i - mean over P_i of S_ij
//   supconIn   l_i = log Q_i - log(mean over P_i of exp S_ij);        softNn: sum in place of the mean
//   R_i = max(-clamp, -lambda l_i)
// clipo.level cross: A_i is taken from the whole batch; batch: P_i and the incorrect rollouts as well.
//   hyper   f32[HYPER_SIZE]: clipo.*; without lambda there are no anchors
//   state   u32[STATE_SIZE]: seed, step
//   z       f32[N, width]: unit embeddings, N = prompts group
//   norm    f32[N]: 0 where there is no embedding: such a rollout takes no part
//   label   f32[N]: reward
//   anchor  f32[N, 4]: (l_i, log of the denominator, what the gradient needs of P_i, 1): infonce j, supconOut 1 / #P_i, supconIn and
//           softNn log of the sum over P_i; zeros for rollouts that are no anchors
//   bonus   f32[N]: R_i, 0 for rollouts that are no anchors
// Grid (N, 1, runs), 64 threads: one workgroup per rollout; a thread takes a stretch of A_i, and stretches are merged in order.

struct Params {
  prompts: u32,
  group: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> norm: array<f32>;
@group(0) @binding(5) var<storage, read> label: array<f32>;
@group(0) @binding(6) var<storage, read_write> anchor: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> bonus: array<f32>;

const NO_LOGIT: f32 = -1e30;
var<workgroup> counts: array<vec2<u32>, 64>; // positives, incorrect rollouts
var<workgroup> tops: array<vec2<f32>, 64>; // largest logit over A_i, over P_i
var<workgroup> masses: array<vec2<f32>, 64>; // sums of exp(S - largest)
var<workgroup> extras: array<vec3<f32>, 64>; // sum over P_i of S; S and index of the drawn positive

@compute @workgroup_size(64)
fn clipoLoss(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let i = group.x;
  let n = params.prompts * params.group;
  let base = run * n;
  let width4 = params.width / 4u;
  let h = run * HYPER_SIZE;
  let lambda = hyper[h + HYPER_CLIPO_LAMBDA];
  let level = hyper[h + HYPER_CLIPO_LEVEL];
  let own = i / params.group;
  let everywhere = level == CLIPO_LEVEL_BATCH;
  let first = select(own * params.group, 0u, level != CLIPO_LEVEL_GROUP);
  let count = select(params.group, n, level != CLIPO_LEVEL_GROUP);
  let share = (count + 63u) / 64u;
  let stretches = (count + share - 1u) / share;
  let candidate = lambda > 0.0 && norm[base + i] > 0.0 && label[base + i] >= 0.5;
  let begin = first + min(lane * share, count);
  let end = select(begin, first + min((lane + 1u) * share, count), candidate);

  var found = vec2<u32>();
  for (var a = begin; a < end; a++) {
    let near = (everywhere || a / params.group == own) && a != i && norm[base + a] > 0.0;
    let correct = label[base + a] >= 0.5;
    found += select(vec2<u32>(), vec2<u32>(u32(correct), u32(!correct)), near);
  }
  counts[lane] = found;
  workgroupBarrier();
  var all = vec2<u32>();
  var seen = 0u;
  for (var t = 0u; t < stretches; t++) {
    seen += select(0u, counts[t].x, t < lane);
    all += counts[t];
  }
  let valid = all.x > 0u && all.y > 0u;

  let scale = -0.5 / hyper[h + HYPER_CLIPO_TAU];
  let s = run * STATE_SIZE;
  let drawn = randomBits(state[s + STATE_SEED], STREAM_CLIPO, state[s + STATE_STEP], i) % max(all.x, 1u);
  var top = vec2<f32>(NO_LOGIT);
  var mass = vec2<f32>();
  var extra = vec3<f32>();
  for (var a = begin; a < select(begin, end, valid); a++) {
    if (a == i || norm[base + a] <= 0.0) {
      continue;
    }
    var square = 0.0;
    for (var k = 0u; k < width4; k++) {
      let d = z[(base + i) * width4 + k] - z[(base + a) * width4 + k];
      square += dot(d, d);
    }
    let S = square * scale;
    let positive = (everywhere || a / params.group == own) && label[base + a] >= 0.5;
    let next = vec2<f32>(max(top.x, S), select(top.y, max(top.y, S), positive));
    mass = mass * exp(top - next) + vec2<f32>(exp(S - next.x), select(0.0, exp(min(S - next.y, 0.0)), positive));
    top = next;
    if (positive) {
      extra.x += S;
      if (seen == drawn) {
        extra.y = S;
        extra.z = f32(a);
      }
      seen++;
    }
  }
  tops[lane] = top;
  masses[lane] = mass;
  extras[lane] = extra;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }

  for (var t = 1u; t < stretches; t++) { top = max(top, tops[t]); }
  mass = vec2<f32>();
  extra = vec3<f32>();
  for (var t = 0u; t < stretches; t++) {
    mass += masses[t] * exp(tops[t] - top);
    extra += extras[t];
  }
  let logs = top + log(max(mass, vec2<f32>(1e-30)));
  let loss = hyper[h + HYPER_CLIPO_LOSS];
  let positives = f32(max(all.x, 1u));
  var row = vec4<f32>(logs.x - logs.y, logs.x, logs.y, 1.0);
  if (loss == CLIPO_LOSS_INFONCE) {
    let least = log(exp(top.x) * mass.x + 1e-8);
    row = vec4<f32>(least - extra.y, least, extra.z, 1.0);
  } else if (loss == CLIPO_LOSS_SUPCON_OUT) {
    row = vec4<f32>(logs.x - extra.x / positives, logs.x, 1.0 / positives, 1.0);
  } else if (loss == CLIPO_LOSS_SUPCON_IN) {
    row.x += log(positives);
  }
  anchor[base + i] = select(vec4<f32>(), row, valid);
  bonus[base + i] = select(0.0, max(-hyper[h + HYPER_CLIPO_CLAMP], -lambda * row.x), valid);
}
