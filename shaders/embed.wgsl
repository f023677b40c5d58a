// x[r] = tokenEmbedding[token(r)] + positionEmbedding[position(r)] for the rows of a mini-batch (ARCHITECTURE.md, Rows)
//   prompt      u32[totalPrompts, promptLength]
//   response    u32[totalPrompts * group, responseLength]
//   parameters  f32[stride]: the two tables, f32[.., width], from tokenEmbedding and positionEmbedding
//   x           f32[prompts * (promptLength + group * responseLength), width]
// width is a multiple of 4. Grid (rows * width / 4 / 64, 1, runs), one thread per 4 channels of a row.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  width: u32,
  tokenEmbedding: u32,
  positionEmbedding: u32,
  stride: u32,
  totalPrompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> prompt: array<u32>;
@group(0) @binding(2) var<storage, read> response: array<u32>;
@group(0) @binding(3) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> x: array<vec4<f32>>;

@compute @workgroup_size(64)
fn embed(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  let width4 = params.width / 4u;
  let perPrompt = params.promptLength + params.group * params.responseLength;
  let row = id.x / width4;
  if (row >= params.prompts * perPrompt) {
    return;
  }
  let channel = id.x % width4;
  let p = run * params.totalPrompts + params.first + row / perPrompt;
  let inner = row % perPrompt;
  var token: u32;
  var position = inner;
  if (inner < params.promptLength) {
    token = prompt[p * params.promptLength + inner];
  } else {
    let at = inner - params.promptLength;
    token = response[p * params.group * params.responseLength + at];
    position = params.promptLength + at % params.responseLength;
  }
  let base = run * params.stride / 4u + channel;
  x[(run * params.prompts * perPrompt + row) * width4 + channel] =
    parameters[base + params.tokenEmbedding / 4u + token * width4] +
    parameters[base + params.positionEmbedding / 4u + position * width4];
}
