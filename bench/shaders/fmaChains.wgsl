// Peak arithmetic: each thread runs independent chains x <- fma(x, scale, step) of vec4, `rounds` long.
//   out  f32[4 threads]: the sum of a thread's chains
// chains: 2 or 8 (few where registers are scarce, many where latency must be hidden).
// Grid (threads / 64, 1, runs), 64 threads.

struct Params {
  threads: u32,
  rounds: u32,
  chains: u32,
  scale: f32,
  step: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> out: array<vec4<f32>>;

@compute @workgroup_size(64)
fn fmaChains(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.threads) {
    return;
  }
  let scale = vec4<f32>(params.scale);
  let step = vec4<f32>(params.step);
  let start = f32(id.x % 64u) / 64.0;
  var a = vec4<f32>(start);
  var b = vec4<f32>(start + 1.0);
  if (params.chains == 2u) {
    for (var i = 0u; i < params.rounds; i++) {
      a = fma(a, scale, step);
      b = fma(b, scale, step);
      a = fma(a, scale, step);
      b = fma(b, scale, step);
      a = fma(a, scale, step);
      b = fma(b, scale, step);
      a = fma(a, scale, step);
      b = fma(b, scale, step);
    }
  } else {
    var c = vec4<f32>(start + 2.0);
    var d = vec4<f32>(start + 3.0);
    var e = vec4<f32>(start + 4.0);
    var f = vec4<f32>(start + 5.0);
    var g = vec4<f32>(start + 6.0);
    var h = vec4<f32>(start + 7.0);
    for (var i = 0u; i < params.rounds; i++) {
      a = fma(a, scale, step);
      b = fma(b, scale, step);
      c = fma(c, scale, step);
      d = fma(d, scale, step);
      e = fma(e, scale, step);
      f = fma(f, scale, step);
      g = fma(g, scale, step);
      h = fma(h, scale, step);
    }
    b += c + d + e + f + g + h;
  }
  out[id.z * params.threads + id.x] = a + b;
}
