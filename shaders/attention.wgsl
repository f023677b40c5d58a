// out[r] = sum_k p[r, k] v[k],  p[r, k] = exp(s[r, k] - lse[r]),  s[r, k] = q[r] . k[k] / sqrt(width / heads), for each head
//   qkv  f32[X, 3 * width]: queries, keys, values; the heads lie side by side in each
//   out  f32[X, width]
//   lse  f32[X, heads], log-sum-exp of a row's scores
// X = prompts * (promptLength + group * responseLength). A prompt row attends to the prompt rows up to itself, a response row to
// all prompt rows of its group and to its own rollout up to itself (ARCHITECTURE.md, Rows). Scores are made anew for every 16
// channels of a head, so that nothing but registers is needed. width / heads is a multiple of 4.
// Grid (prompts, heads, runs), 64 threads, which share the rows of a prompt group.

struct Params {
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  width: u32,
  heads: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> qkv: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(64)
fn attention(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let width4 = params.width / 4u;
  let head4 = width4 / params.heads;
  let perPrompt = params.promptLength + params.group * params.responseLength;
  let origin = (group.z * params.prompts + group.x) * perPrompt;
  let channel = group.y * head4;
  let scale = inverseSqrt(f32(4u * head4));

  for (var inner = lane; inner < perPrompt; inner += 64u) {
    let row = origin + inner;
    let query = row * 3u * width4 + channel;
    // The row's keys: the prompt up to `prefix`, then `own` rows from `start`.
    var prefix = inner + 1u;
    var own = 0u;
    if (inner >= params.promptLength) {
      prefix = params.promptLength;
      own = (inner - params.promptLength) % params.responseLength + 1u;
    }
    let start = inner + 1u - own;
    for (var c = 0u; c < head4; c += 4u) {
      let left = head4 - c;
      var top = -1e30;
      var sum = 0.0;
      var o0 = vec4<f32>();
      var o1 = vec4<f32>();
      var o2 = vec4<f32>();
      var o3 = vec4<f32>();
      for (var n = 0u; n < prefix + own; n++) {
        let key = (origin + select(start + n - prefix, n, n < prefix)) * 3u * width4 + width4 + channel;
        var score = 0.0;
        for (var d = 0u; d < head4; d++) {
          score += dot(qkv[query + d], qkv[key + d]);
        }
        score *= scale;
        let high = max(top, score);
        let fade = exp(top - high);
        let p = exp(score - high);
        top = high;
        sum = sum * fade + p;
        let value = key + width4 + c;
        o0 = o0 * fade + p * qkv[value];
        if (left > 1u) {
          o1 = o1 * fade + p * qkv[value + 1u];
        }
        if (left > 2u) {
          o2 = o2 * fade + p * qkv[value + 2u];
        }
        if (left > 3u) {
          o3 = o3 * fade + p * qkv[value + 3u];
        }
      }
      let at = row * width4 + channel + c;
      out[at] = o0 / sum;
      if (left > 1u) {
        out[at + 1u] = o1 / sum;
      }
      if (left > 2u) {
        out[at + 2u] = o2 / sum;
      }
      if (left > 3u) {
        out[at + 3u] = o3 / sum;
      }
      lse[row * params.heads + group.y] = top + log(sum);
    }
  }
}
