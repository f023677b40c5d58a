// dW[c, o, i] = sum of dy[r, o] act(x[r, i]) over the rows of part c;  db[c, o] = sum of dy[r, o] over the same rows
//   x         f32[rows, inputs]
//   dy        f32[rows, outputs]
//   segments  u32[segmentsLength]: from `segments`, first prompt of each part, then their number; not read when parts is 1
//   grad      f32[gradLength]: part c from c * stride; dW from `weight`, db from `bias` (-1: none); overwritten
// Part c holds the rows of prompts segments[c] to segments[c + 1], rowsPerPrompt each; with parts = 1 it holds all rows.
// activation, applied to x: 0 none, 1 relu, 2 relu squared. inputs and outputs are multiples of 4.
// Grid (outputs / 4 * inputs / 4 / 16, parts, runs). A workgroup makes 16 tiles of 4 outputs x 4 inputs; four threads share a
// tile, each takes every fourth row, and their sums are added in the order of the threads.

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weight: u32,
  bias: i32,
  stride: u32,
  parts: u32,
  segments: u32,
  segmentsLength: u32,
  rowsPerPrompt: u32,
  activation: u32,
  gradLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> dy: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> segments: array<u32>;
@group(0) @binding(4) var<storage, read_write> grad: array<vec4<f32>>;

// Sums by [what: 4 outputs and the bias][split][tile].
var<workgroup> sums: array<vec4<f32>, 320>;

@compute @workgroup_size(64)
fn linearGradWeight(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let part = group.y;
  let inputs4 = params.inputs / 4u;
  let outputs4 = params.outputs / 4u;
  let tiles = inputs4 * outputs4;
  let index = group.x * 16u + lane % 16u;
  let split = lane / 16u;
  let tile = min(index, tiles - 1u);
  let output = tile / inputs4;
  let input = tile % inputs4;
  var begin = 0u;
  var end = params.rows;
  if (params.parts > 1u) {
    let at = run * params.segmentsLength + params.segments + part;
    begin = segments[at] * params.rowsPerPrompt;
    end = segments[at + 1u] * params.rowsPerPrompt;
  }

  var d0 = vec4<f32>();
  var d1 = vec4<f32>();
  var d2 = vec4<f32>();
  var d3 = vec4<f32>();
  var db = vec4<f32>();
  for (var r = begin + split; r < end; r += 4u) {
    let row = run * params.rows + r;
    var a = x[row * inputs4 + input];
    if (params.activation != 0u) {
      a = max(a, vec4<f32>());
    }
    if (params.activation == 2u) {
      a *= a;
    }
    let d = dy[row * outputs4 + output];
    d0 += d.x * a;
    d1 += d.y * a;
    d2 += d.z * a;
    d3 += d.w * a;
    db += d;
  }
  sums[lane] = d0;
  sums[64u + lane] = d1;
  sums[128u + lane] = d2;
  sums[192u + lane] = d3;
  sums[256u + lane] = db;
  workgroupBarrier();

  if (index >= tiles) {
    return;
  }
  let home = lane % 16u;
  let out = (run * params.gradLength + part * params.stride) / 4u;
  // Each of the tile's four threads finishes one of its outputs.
  let s = split * 64u + home;
  grad[out + params.weight / 4u + (output * 4u + split) * inputs4 + input] = sums[s] + sums[s + 16u] + sums[s + 32u] + sums[s + 48u];
  if (params.bias >= 0 && input == 0u && split == 0u) {
    let b = 256u + home;
    grad[out + u32(params.bias) / 4u + output] = sums[b] + sums[b + 16u] + sums[b + 32u] + sums[b + 48u];
  }
}
