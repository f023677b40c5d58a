// dq[r] = sum_k ds[r, k] k[k] / sqrt(d),  ds[r, k] = p[r, k] (dout[r] . v[k] - delta[r]),  delta[r] = dout[r] . out[r]
// with p, the keys of a row and d = width / heads as in attention.wgsl, for each head
//   qkv    f32[X, 3 * width]
//   out    f32[X, width], from attention
//   dout   f32[X, width]
//   lse    f32[X, heads], from attention
//   dqkv   f32[X, 3 * width]: the queries' third is written
//   delta  f32[X, heads]: written, for attentionGradKey
// width / heads is a multiple of 4. Grid (prompts, heads, runs), 64 threads, which share the rows of a prompt group.

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
@group(0) @binding(2) var<storage, read> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> dout: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> lse: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn attentionGradQuery(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let width4 = params.width / 4u;
  let head4 = width4 / params.heads;
  let perPrompt = params.promptLength + params.group * params.responseLength;
  let origin = (group.z * params.prompts + group.x) * perPrompt;
  let channel = group.y * head4;
  let scale = inverseSqrt(f32(4u * head4));

  for (var inner = lane; inner < perPrompt; inner += 64u) {
    let row = origin + inner;
    let query = row * 3u * width4 + channel;
    let up = row * width4 + channel;
    var prefix = inner + 1u;
    var own = 0u;
    if (inner >= params.promptLength) {
      prefix = params.promptLength;
      own = (inner - params.promptLength) % params.responseLength + 1u;
    }
    let start = inner + 1u - own;
    var along = 0.0;
    for (var d = 0u; d < head4; d++) {
      along += dot(dout[up + d], out[up + d]);
    }
    delta[row * params.heads + group.y] = along;
    let norm = lse[row * params.heads + group.y];
    for (var c = 0u; c < head4; c += 4u) {
      let left = head4 - c;
      var q0 = vec4<f32>();
      var q1 = vec4<f32>();
      var q2 = vec4<f32>();
      var q3 = vec4<f32>();
      for (var n = 0u; n < prefix + own; n++) {
        let key = (origin + select(start + n - prefix, n, n < prefix)) * 3u * width4 + width4 + channel;
        var score = 0.0;
        var dp = 0.0;
        for (var d = 0u; d < head4; d++) {
          score += dot(qkv[query + d], qkv[key + d]);
          dp += dot(dout[up + d], qkv[key + width4 + d]);
        }
        let ds = exp(min(score * scale - norm, 0.0)) * (dp - along) * scale;
        q0 += ds * qkv[key + c];
        if (left > 1u) {
          q1 += ds * qkv[key + c + 1u];
        }
        if (left > 2u) {
          q2 += ds * qkv[key + c + 2u];
        }
        if (left > 3u) {
          q3 += ds * qkv[key + c + 3u];
        }
      }
      let at = query + c;
      dqkv[at] = q0;
      if (left > 1u) {
        dqkv[at + 1u] = q1;
      }
      if (left > 2u) {
        dqkv[at + 2u] = q2;
      }
      if (left > 3u) {
        dqkv[at + 3u] = q3;
      }
    }
  }
}
