// Gradient of `gru`, backwards in time. dh = dx + sum of z dh + W_hh^T dhidden over the rows that follow;
// da_n = dh (1 - z) (1 - n^2), da_z = dh (h' - n) z (1 - z), da_r = da_n (W_n h') r (1 - r)
//   parameters  f32[stride]: W_hh, f32[3 width, width], from `weight`
//   gates       f32[rows, 3 width]: r, z, n
//   hidden      f32[rows, width]: h'
//   candidate   f32[rows, width]: W_n h'
//   dx          f32[rows, width]
//   dgates      f32[rows, 3 width]: da_r, da_z, da_n, gradient of W_ih y
//   dhidden     f32[rows, 3 width]: da_r, da_z, da_n r, gradient of W_hh h'
//   carry       f32[prompts * group, width]: z dh of the row just passed
// rows = prompts * (promptLength + group * responseLength); width is a multiple of 4.
// Grid (prompts, 1, runs), 64 threads. A workgroup walks back through all rollouts of a prompt side by side, adds up what they
// send to the end of the prompt in the order of the rollouts, and walks back through the prompt. A thread makes 4 channels of a
// rollout, the same ones at every step.

struct Params {
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  width: u32,
  weight: u32,
  stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> gates: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> hidden: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> candidate: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> dx: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> dgates: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> dhidden: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> carry: array<vec4<f32>>;

// 4 channels of W_hh^T dhidden for one row.
fn sentBack(weights: u32, row: u32) -> vec4<f32> {
  let width4 = params.width / 4u;
  var w = weights;
  var sum = vec4<f32>();
  for (var k = 0u; k < 3u * width4; k++) {
    let d = dhidden[row * 3u * width4 + k];
    sum += d.x * parameters[w] + d.y * parameters[w + width4] + d.z * parameters[w + 2u * width4] + d.w * parameters[w + 3u * width4];
    w += params.width;
  }
  return sum;
}

@compute @workgroup_size(64)
fn gruGrad(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let width4 = params.width / 4u;
  let prompt = run * params.prompts + group.x;
  let first = prompt * (params.promptLength + params.group * params.responseLength);
  let weights = (run * params.stride + params.weight) / 4u;
  let steps = params.promptLength + params.responseLength;
  for (var back = 1u; back <= steps; back++) {
    let step = steps - back;
    let reading = step < params.promptLength;
    for (var item = lane; item < width4 * select(params.group, 1u, reading); item += 64u) {
      let channel = item % width4;
      let row = first + step + item / width4 * params.responseLength;
      // The rows that follow: the next one, or at the prompt's end the first one of each rollout.
      let followers = select(select(1u, 0u, back == 1u), params.group, step + 1u == params.promptLength);
      let keep = prompt * params.group * width4 + item;
      var dh = dx[row * width4 + channel];
      for (var j = 0u; j < followers; j++) {
        dh += carry[keep + j * width4] + sentBack(weights + channel, row + 1u + j * params.responseLength);
      }

      let at = row * width4 + channel;
      let gate = row * 3u * width4 + channel;
      let r = gates[gate];
      let z = gates[gate + width4];
      let n = gates[gate + 2u * width4];
      let dn = dh * (1.0 - z) * (1.0 - n * n);
      let dz = dh * (hidden[at] - n) * z * (1.0 - z);
      let dr = dn * candidate[at] * r * (1.0 - r);
      carry[keep] = dh * z;
      dgates[gate] = dr;
      dgates[gate + width4] = dz;
      dgates[gate + 2u * width4] = dn;
      dhidden[gate] = dr;
      dhidden[gate + width4] = dz;
      dhidden[gate + 2u * width4] = dn * r;
    }
    storageBarrier();
  }
}
