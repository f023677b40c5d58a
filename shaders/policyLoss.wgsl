// Equation (3) with the entropy bonus, and its gradient by the logits (shared/method.md, 2.2), for one mini-batch:
//   z = logits / T,  logp = log softmax(z)[token],  H = entropy of softmax(z)
//   delta = clamp(logp - old, -20, 20),  rho = exp(delta),  l = max(-A rho, -A clamp(rho, 1 - low, 1 + high)),
//   A < 0 and dual > 0: l = min(l, -A dual);  L = sum over tokens of (l - entropy H) / number of tokens
//   supervised: L = sum of -logp / number of tokens, T = 1
//   logits      f32[X, vocabulary], X = prompts * (promptLength + group * responseLength); replaced by dL/dlogits
//   response    u32[totalPrompts * group, responseLength]
//   length      u32[totalPrompts * group]
//   logp        f32[totalPrompts * group, responseLength], at sampling time
//   advantage   f32[totalPrompts * group]
//   hyper       f32[HYPER_SIZE]
//   tokens      u32[1], response tokens of the mini-batch
//   tokenStats  f32[prompts * group, responseLength, 4]: l - entropy H, H, rho, 1 when the clip stops the gradient
// Row (m, j, t - 1) predicts token t of rollout j; the last prompt row predicts the first token of all rollouts of its group, so
// its gradient is their sum. vocabulary is a multiple of 4. Grid (X / 64, 1, runs), one thread per row.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  vocabulary: u32,
  supervised: u32,
  totalPrompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> logits: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> response: array<u32>;
@group(0) @binding(3) var<storage, read> length: array<u32>;
@group(0) @binding(4) var<storage, read> logp: array<f32>;
@group(0) @binding(5) var<storage, read> advantage: array<f32>;
@group(0) @binding(6) var<storage, read> hyper: array<f32>;
@group(0) @binding(7) var<storage, read> tokens: array<u32>;
@group(0) @binding(8) var<storage, read_write> tokenStats: array<vec4<f32>>;

struct Token {
  stats: vec4<f32>,
  slope: f32, // dl / dlogp
}

// Loss of one token whose log-probability was `old` and is `now`.
fn tokenLoss(now: f32, old: f32, gain: f32, entropy: f32, h: u32) -> Token {
  if (params.supervised != 0u) {
    return Token(vec4<f32>(-now, entropy, 1.0, 0.0), -1.0);
  }
  let low = 1.0 - hyper[h + HYPER_OBJECTIVE_CLIP_LOW];
  let high = 1.0 + hyper[h + HYPER_OBJECTIVE_CLIP_HIGH];
  let dual = hyper[h + HYPER_OBJECTIVE_DUAL_CLIP];
  let change = now - old;
  let ratio = exp(clamp(change, -20.0, 20.0));
  var loss = max(-gain * ratio, -gain * clamp(ratio, low, high));
  var live = ratio <= high;
  if (gain < 0.0) {
    live = ratio >= low;
    if (dual > 0.0) {
      loss = min(loss, -gain * dual);
      live = live && ratio <= dual;
    }
  }
  live = live && abs(change) < 20.0;
  let stopped = select(0.0, 1.0, !live && gain != 0.0);
  return Token(
    vec4<f32>(loss - hyper[h + HYPER_OBJECTIVE_ENTROPY] * entropy, entropy, ratio, stopped),
    select(0.0, -gain * ratio, live),
  );
}

@compute @workgroup_size(64)
fn policyLoss(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  let Q = params.promptLength;
  let T = params.responseLength;
  let perPrompt = Q + params.group * T;
  if (id.x >= params.prompts * perPrompt) {
    return;
  }
  let m = id.x / perPrompt;
  let inner = id.x % perPrompt;
  let h = run * HYPER_SIZE;
  let vocabulary4 = params.vocabulary / 4u;
  let start = (run * params.prompts * perPrompt + id.x) * vocabulary4;

  // The rollouts whose token t this row predicts.
  var begin = 0u;
  var end = 0u;
  var t = 0u;
  if (inner + 1u == Q) {
    end = params.group;
  } else if (inner >= Q) {
    begin = (inner - Q) / T;
    t = (inner - Q) % T + 1u;
    end = select(begin, begin + 1u, t < T);
  }

  let divisor = select(hyper[h + HYPER_ROLLOUT_TEMPERATURE], 1.0, params.supervised != 0u);
  let sharpness = select(1.0, 1.0 / divisor, divisor > 0.0);
  var top = -1e30;
  for (var k = 0u; k < vocabulary4; k++) {
    let z = logits[start + k] * sharpness;
    top = max(top, max(max(z.x, z.y), max(z.z, z.w)));
  }
  var sum = 0.0;
  var weighted = 0.0;
  for (var k = 0u; k < vocabulary4; k++) {
    let z = logits[start + k] * sharpness - top;
    let e = exp(z);
    sum += e.x + e.y + e.z + e.w;
    weighted += dot(e, z);
  }
  let entropy = log(sum) - weighted / sum;
  let lse = top + log(sum);

  let inverse = 1.0 / f32(max(tokens[run], 1u));
  let batch = (run * params.totalPrompts + params.first + m) * params.group;
  let pool = (run * params.prompts + m) * params.group;
  // slope: sum of dL/dlogp over the tokens; count: tokens that this row predicts.
  var slope = 0.0;
  var count = 0.0;
  for (var j = begin; j < end; j++) {
    var stats = vec4<f32>();
    if (t < length[batch + j]) {
      let at = (batch + j) * T + t;
      let y = response[at];
      let now = logits[start + y / 4u][y % 4u] * sharpness - lse;
      let token = tokenLoss(now, logp[at], advantage[batch + j], entropy, h);
      stats = token.stats;
      slope += token.slope;
      count += 1.0;
    }
    tokenStats[(pool + j) * T + t] = stats;
  }

  // dL/dz_v = inverse (sum over tokens of slope_j (1[v = y_j] - p_v) + entropy coefficient * count * p_v (log p_v + H))
  let bonus = select(hyper[h + HYPER_OBJECTIVE_ENTROPY], 0.0, params.supervised != 0u) * count;
  for (var k = 0u; k < vocabulary4; k++) {
    var d = vec4<f32>();
    if (count > 0.0) {
      let z = logits[start + k] * sharpness - lse;
      d = exp(z) * (bonus * (z + entropy) - slope);
      for (var j = begin; j < end; j++) {
        let at = (batch + j) * T + t;
        let y = response[at];
        if (y / 4u == k && t < length[batch + j]) {
          d[y % 4u] += tokenLoss(z[y % 4u], logp[at], advantage[batch + j], entropy, h).slope;
        }
      }
    }
    logits[start + k] = d * (inverse * sharpness);
  }
}
