// dx[r, i] (+)= act'(pre[r, i]) sum_o dy[r, o] W[o, i]
//   dy          f32[rows, outputs]
//   parameters  f32[stride]: W f32[outputs, inputs] from `weight`
//   pre         f32[rows, inputs], what the activation acted on; not read when activation is 0
//   dx          f32[rows, inputs]
// activation: 0 none, 1 relu, 2 relu squared. inputs and outputs are multiples of 4.
// Grid (rows / 256, inputs / 4, runs). A thread makes 4 rows x 4 inputs; the rows of a workgroup's threads are neighbours.

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weight: u32,
  stride: u32,
  activation: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> pre: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4<f32>>;

fn store(row: u32, at: u32, sum: vec4<f32>) {
  if (row >= params.rows) {
    return;
  }
  var value = sum;
  if (params.activation != 0u) {
    let p = pre[at];
    let slope = select(vec4<f32>(1.0), 2.0 * p, params.activation == 2u);
    value = select(vec4<f32>(), value * slope, p > vec4<f32>());
  }
  if (params.accumulate != 0u) {
    value += dx[at];
  }
  dx[at] = value;
}

@compute @workgroup_size(64)
fn linearGradInput(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let inputs4 = params.inputs / 4u;
  let outputs4 = params.outputs / 4u;
  let row = group.x * 256u + lane;
  let first = run * params.rows;
  let last = params.rows - 1u;
  let y0 = (first + min(row, last)) * outputs4;
  let y1 = (first + min(row + 64u, last)) * outputs4;
  let y2 = (first + min(row + 128u, last)) * outputs4;
  let y3 = (first + min(row + 192u, last)) * outputs4;
  var w = (run * params.stride + params.weight) / 4u + group.y;

  var d0 = vec4<f32>();
  var d1 = vec4<f32>();
  var d2 = vec4<f32>();
  var d3 = vec4<f32>();
  for (var k = 0u; k < outputs4; k++) {
    let a0 = dy[y0 + k];
    let a1 = dy[y1 + k];
    let a2 = dy[y2 + k];
    let a3 = dy[y3 + k];
    let w0 = parameters[w];
    let w1 = parameters[w + inputs4];
    let w2 = parameters[w + 2u * inputs4];
    let w3 = parameters[w + 3u * inputs4];
    w += 4u * inputs4;
    d0 += a0.x * w0 + a0.y * w1 + a0.z * w2 + a0.w * w3;
    d1 += a1.x * w0 + a1.y * w1 + a1.z * w2 + a1.w * w3;
    d2 += a2.x * w0 + a2.y * w1 + a2.z * w2 + a2.w * w3;
    d3 += a3.x * w0 + a3.y * w1 + a3.z * w2 + a3.w * w3;
  }
  let at = (first + row) * inputs4 + group.y;
  store(row, at, d0);
  store(row + 64u, at + 64u * inputs4, d1);
  store(row + 128u, at + 128u * inputs4, d2);
  store(row + 192u, at + 192u * inputs4, d3);
}
