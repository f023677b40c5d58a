// AdamW with decoupled weight decay, on the parameters `start` to `start + count`:
//   g = scale * total,  m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g^2,  n: updates so far, this one included,
//   p -= lr (m / (1 - b1^n) / (sqrt(v / (1 - b2^n)) + epsilon) + decay p)
//   parameters, total, moment1, moment2  f32[size]
//   hyper  f32[HYPER_SIZE]
//   state  u32[STATE_SIZE]: step, update, and n as adamPolicy, adamHead or adamClipo, as gradientScale left them
//   scale  f32[8], from gradientScale
// group 0, the policy: lr = optimizer.lr * min(1, (step + 1) / warmup) * (from 1 at step 0 linearly to optimizer.decay at the last
// step). group 1, the head: head.lr and head.weightDecay, constant, lr = 0 where head.freeze says so; group 2, CLIPO's head: clipo.lr and
// clipo.weightDecay. start, count and size are multiples of 4.
// Grid (count / 256, 1, runs), 64 threads, 4 parameters each.

struct Params {
  start: u32,
  count: u32,
  group: u32,
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> total: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> moment1: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> moment2: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> hyper: array<f32>;
@group(0) @binding(6) var<storage, read> state: array<u32>;
@group(0) @binding(7) var<storage, read> scale: array<f32>;

// base^n by squaring: pow() is too coarse near 1.
fn power(base: f32, n: u32) -> f32 {
  var result = 1.0;
  var square = base;
  for (var left = n; left > 0u; left /= 2u) {
    if (left % 2u == 1u) {
      result *= square;
    }
    square *= square;
  }
  return result;
}

fn policyRate(h: u32, step: f32) -> f32 {
  let warmup = hyper[h + HYPER_OPTIMIZER_WARMUP];
  let steps = hyper[h + HYPER_STEPS];
  let rise = select(1.0, min(1.0, (step + 1.0) / warmup), warmup > 0.0);
  let progress = select(0.0, min(1.0, step / (steps - 1.0)), steps > 1.0);
  return hyper[h + HYPER_OPTIMIZER_LR] * rise * (1.0 + (hyper[h + HYPER_OPTIMIZER_DECAY] - 1.0) * progress);
}

@compute @workgroup_size(64)
fn adamW(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  if (id.x >= params.count / 4u || scale[run * 8u + 4u + params.group] == 0.0) {
    return;
  }
  let h = run * HYPER_SIZE;
  let s = run * STATE_SIZE;
  var rate = hyper[h + HYPER_HEAD_LR];
  var decay = hyper[h + HYPER_HEAD_WEIGHT_DECAY];
  var updates = state[s + STATE_ADAM_HEAD];
  let freeze = hyper[h + HYPER_HEAD_FREEZE];
  if (freeze == HEAD_FREEZE_START || (freeze == HEAD_FREEZE_WARMUP && f32(state[s + STATE_UPDATE]) >= hyper[h + HYPER_CONTRAST_WARMUP])) {
    rate = 0.0;
  }
  if (params.group == 2u) {
    rate = hyper[h + HYPER_CLIPO_LR];
    decay = hyper[h + HYPER_CLIPO_WEIGHT_DECAY];
    updates = state[s + STATE_ADAM_CLIPO];
  } else if (params.group == 0u) {
    rate = policyRate(h, f32(state[s + STATE_STEP]));
    decay = hyper[h + HYPER_OPTIMIZER_WEIGHT_DECAY];
    updates = state[s + STATE_ADAM_POLICY];
  }
  let beta1 = hyper[h + HYPER_OPTIMIZER_BETA1];
  let beta2 = hyper[h + HYPER_OPTIMIZER_BETA2];
  let i = (run * params.size + params.start) / 4u + id.x;
  let g = total[i] * scale[run * 8u + params.group];
  let m = beta1 * moment1[i] + (1.0 - beta1) * g;
  let v = beta2 * moment2[i] + (1.0 - beta2) * g * g;
  moment1[i] = m;
  moment2[i] = v;
  let mean = m / (1.0 - power(beta1, updates));
  let root = sqrt(v / (1.0 - power(beta2, updates)));
  let p = parameters[i];
  parameters[i] = p - rate * (mean / (root + hyper[h + HYPER_OPTIMIZER_EPSILON]) + decay * p);
}
