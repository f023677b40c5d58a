// Gated recurrent units over the rows of a mini-batch (ARCHITECTURE.md, Rows), with a = W_ih y + b made before and h' the state before
// the row: r = sigmoid(a_r + W_r h'), z = sigmoid(a_z + W_z h'), n = tanh(a_n + r (W_n h')), h = (1 - z) n + z h'; x += h
//   parameters  f32[stride]: W_hh = (W_r, W_z, W_n), f32[3 width, width], from `weight`
//   gates       f32[rows, 3 width]: a before, (r, z, n) after
//   hidden      f32[rows, width]: h'. 0 at a prompt's first row; the state after its last row is h' of all its rollouts
//   candidate   f32[rows, width]: W_n h'
//   x           f32[rows, width]: residual stream
// rows = prompts * (promptLength + group * responseLength); width is a multiple of 4.
// Grid (prompts, 1, runs), 64 threads. A workgroup walks through one prompt and then through all its rollouts side by side; a
// thread makes 4 channels of up to 4 rollouts.

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
@group(0) @binding(2) var<storage, read_write> gates: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> hidden: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> candidate: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> x: array<vec4<f32>>;

// One row's channels from their products with h'. The state goes to `copies` rows from `next`, responseLength apart.
fn cell(row: u32, channel: u32, fromR: vec4<f32>, fromZ: vec4<f32>, fromN: vec4<f32>, next: u32, copies: u32) {
  let width4 = params.width / 4u;
  let at = row * width4 + channel;
  let gate = row * 3u * width4 + channel;
  let r = openness(gates[gate] + fromR);
  let z = openness(gates[gate + width4] + fromZ);
  let n = squash(gates[gate + 2u * width4] + r * fromN);
  let h = (1.0 - z) * n + z * hidden[at];
  gates[gate] = r;
  gates[gate + width4] = z;
  gates[gate + 2u * width4] = n;
  candidate[at] = fromN;
  x[at] += h;
  for (var j = 0u; j < copies; j++) {
    hidden[(next + j * params.responseLength) * width4 + channel] = h;
  }
}

@compute @workgroup_size(64)
fn gru(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let width4 = params.width / 4u;
  let first = (run * params.prompts + group.x) * (params.promptLength + params.group * params.responseLength);
  let weights = (run * params.stride + params.weight) / 4u;
  for (var k = lane; k < width4; k += 64u) {
    hidden[first * width4 + k] = vec4<f32>();
  }
  let steps = params.promptLength + params.responseLength;
  let three = min(3u, params.width); // known at run time only: a loop that stays one keeps the shader short to compile
  for (var step = 0u; step < steps; step++) {
    storageBarrier();
    let reading = step < params.promptLength;
    let columns = select(params.group, 1u, reading);
    // Distance between the rows of two rollouts.
    let apart = select(params.responseLength, 0u, reading);
    var copies = 1u;
    if (step + 1u == params.promptLength) {
      copies = params.group;
    } else if (step + 1u == steps) {
      copies = 0u;
    }
    for (var item = lane; item < width4 * ((columns + 3u) / 4u); item += 64u) {
      let channel = item % width4;
      let c = item / width4 * 4u;
      // Rows of four rollouts; the last rollout stands in for those beyond it.
      let rows = first + step + min(vec4<u32>(c, c + 1u, c + 2u, c + 3u), vec4<u32>(columns - 1u)) * apart;
      var r: mat4x4<f32>;
      var z: mat4x4<f32>;
      var n: mat4x4<f32>;
      for (var gate = 0u; gate < three; gate++) {
        r = z;
        z = n;
        n = gateTile(weights + (gate * width4 + channel) * params.width, rows * width4, width4, columns == 1u);
      }
      let members = min(4u, columns - c);
      for (var i = 0u; i < members; i++) {
        let row = rows.x + i * apart;
        cell(row, channel, pickColumn(r, i), pickColumn(z, i), pickColumn(n, i), row + 1u, copies);
      }
    }
  }
}
