// y[r, o] (+)= sum_i act(x[r, i]) W[o, i] + b[o]
//   x           f32[rows, inputs]
//   parameters  f32[stride]: W f32[outputs, inputs] from `weight`, b f32[outputs] from `bias` (-1: none)
//   y           f32[rows, outputs]
// activation, applied to x: 0 none, 1 relu, 2 relu squared. inputs and outputs are multiples of 4.
// Grid (rows / 256, outputs / 4, runs). A thread makes 4 rows x 4 outputs; the rows of a workgroup's threads are neighbours.

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weight: u32,
  bias: i32,
  stride: u32,
  activation: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

fn store(row: u32, at: u32, value: vec4<f32>) {
  if (row >= params.rows) {
    return;
  }
  if (params.accumulate != 0u) {
    y[at] += value;
  } else {
    y[at] = value;
  }
}

@compute @workgroup_size(64)
fn linear(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let inputs4 = params.inputs / 4u;
  let outputs4 = params.outputs / 4u;
  let row = group.x * 256u + lane;
  let first = run * params.rows;
  let last = params.rows - 1u;
  let x0 = (first + min(row, last)) * inputs4;
  let x1 = (first + min(row + 64u, last)) * inputs4;
  let x2 = (first + min(row + 128u, last)) * inputs4;
  let x3 = (first + min(row + 192u, last)) * inputs4;
  let w = (run * params.stride + params.weight) / 4u + group.y * 4u * inputs4;

  var y0 = vec4<f32>();
  if (params.bias >= 0) {
    y0 = parameters[(run * params.stride + u32(params.bias)) / 4u + group.y];
  }
  var y1 = y0;
  var y2 = y0;
  var y3 = y0;
  for (var k = 0u; k < inputs4; k++) {
    var a0 = x[x0 + k];
    var a1 = x[x1 + k];
    var a2 = x[x2 + k];
    var a3 = x[x3 + k];
    if (params.activation != 0u) {
      a0 = max(a0, vec4<f32>());
      a1 = max(a1, vec4<f32>());
      a2 = max(a2, vec4<f32>());
      a3 = max(a3, vec4<f32>());
    }
    if (params.activation == 2u) {
      a0 *= a0;
      a1 *= a1;
      a2 *= a2;
      a3 *= a3;
    }
    let w0 = parameters[w + k];
    let w1 = parameters[w + k + inputs4];
    let w2 = parameters[w + k + 2u * inputs4];
    let w3 = parameters[w + k + 3u * inputs4];
    y0 += vec4<f32>(dot(a0, w0), dot(a0, w1), dot(a0, w2), dot(a0, w3));
    y1 += vec4<f32>(dot(a1, w0), dot(a1, w1), dot(a1, w2), dot(a1, w3));
    y2 += vec4<f32>(dot(a2, w0), dot(a2, w1), dot(a2, w2), dot(a2, w3));
    y3 += vec4<f32>(dot(a3, w0), dot(a3, w1), dot(a3, w2), dot(a3, w3));
  }
  let at = (first + row) * outputs4 + group.y;
  store(row, at, y0);
  store(row + 64u, at + 64u * outputs4, y1);
  store(row + 128u, at + 128u * outputs4, y2);
  store(row + 192u, at + 192u * outputs4, y3);
}
