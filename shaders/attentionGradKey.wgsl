// dk[k] = sum_r ds[r, k] q[r] / sqrt(d),  dv[k] = sum_r p[r, k] dout[r], over the rows r that attend to row k, for each head
// with p and d as in attention.wgsl, ds and delta as in attentionGradQuery.wgsl
//   qkv    f32[X, 3 * width]
//   dout   f32[X, width]
//   lse    f32[X, heads]
//   delta  f32[X, heads]
//   dqkv   f32[X, 3 * width]: the keys' and values' thirds are written
// A prompt row is read by the later prompt rows and by every response row of its group, a response row by the later rows of its
// rollout. width / heads is a multiple of 4. Grid (prompts, heads, runs), 64 threads, which share the rows of a prompt group.

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
@group(0) @binding(2) var<storage, read> dout: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> lse: array<f32>;
@group(0) @binding(4) var<storage, read> delta: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<vec4<f32>>;

@compute @workgroup_size(64)
fn attentionGradKey(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let width4 = params.width / 4u;
  let head4 = width4 / params.heads;
  let perPrompt = params.promptLength + params.group * params.responseLength;
  let origin = (group.z * params.prompts + group.x) * perPrompt;
  let channel = group.y * head4;
  let scale = inverseSqrt(f32(4u * head4));

  for (var inner = lane; inner < perPrompt; inner += 64u) {
    let key = (origin + inner) * 3u * width4 + width4 + channel;
    // The rows that attend to this one are `inner` to `end`.
    var end = perPrompt;
    if (inner >= params.promptLength) {
      end = inner + params.responseLength - (inner - params.promptLength) % params.responseLength;
    }
    for (var c = 0u; c < head4; c += 4u) {
      let left = head4 - c;
      var k0 = vec4<f32>();
      var k1 = vec4<f32>();
      var k2 = vec4<f32>();
      var k3 = vec4<f32>();
      var v0 = vec4<f32>();
      var v1 = vec4<f32>();
      var v2 = vec4<f32>();
      var v3 = vec4<f32>();
      for (var r = origin + inner; r < origin + end; r++) {
        let query = r * 3u * width4 + channel;
        let up = r * width4 + channel;
        var score = 0.0;
        var dp = 0.0;
        for (var d = 0u; d < head4; d++) {
          score += dot(qkv[query + d], qkv[key + d]);
          dp += dot(dout[up + d], qkv[key + width4 + d]);
        }
        let p = exp(min(score * scale - lse[r * params.heads + group.y], 0.0));
        let ds = p * (dp - delta[r * params.heads + group.y]) * scale;
        k0 += ds * qkv[query + c];
        v0 += p * dout[up + c];
        if (left > 1u) {
          k1 += ds * qkv[query + c + 1u];
          v1 += p * dout[up + c + 1u];
        }
        if (left > 2u) {
          k2 += ds * qkv[query + c + 2u];
          v2 += p * dout[up + c + 2u];
        }
        if (left > 3u) {
          k3 += ds * qkv[query + c + 3u];
          v3 += p * dout[up + c + 3u];
        }
      }
      dqkv[key + c] = k0;
      dqkv[key + width4 + c] = v0;
      if (left > 1u) {
        dqkv[key + c + 1u] = k1;
        dqkv[key + width4 + c + 1u] = v1;
      }
      if (left > 2u) {
        dqkv[key + c + 2u] = k2;
        dqkv[key + width4 + c + 2u] = v2;
      }
      if (left > 3u) {
        dqkv[key + c + 3u] = k3;
        dqkv[key + width4 + c + 3u] = v3;
      }
    }
  }
}
