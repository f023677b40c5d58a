// dToken[c, v] = sum of dx[r] over the rows of part c that hold token v;  dPosition[c, p] = the same over rows at position p
//   prompt    u32[totalPrompts, promptLength]
//   response  u32[totalPrompts * group, responseLength]
//   segments  u32[segmentsLength]: from `segments`, first prompt of each part, then their number; not read when parts is 1
//   dx        f32[prompts * (promptLength + group * responseLength), width]
//   grad      f32[gradLength]: part c from c * stride; the tables from tokenEmbedding and positionEmbedding; overwritten
// width is a multiple of 4. Grid ((vocabulary + promptLength + responseLength) * width / 4 / 64, parts, runs). A thread gathers
// 4 channels of one table row, in the order of the rows.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  width: u32,
  vocabulary: u32,
  tokenEmbedding: u32,
  positionEmbedding: u32,
  stride: u32,
  totalPrompts: u32,
  parts: u32,
  segments: u32,
  segmentsLength: u32,
  gradLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> prompt: array<u32>;
@group(0) @binding(2) var<storage, read> response: array<u32>;
@group(0) @binding(3) var<storage, read> segments: array<u32>;
@group(0) @binding(4) var<storage, read> dx: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> grad: array<vec4<f32>>;

@compute @workgroup_size(64)
fn embedGrad(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  let part = id.y;
  let width4 = params.width / 4u;
  let entry = id.x / width4;
  let channel = id.x % width4;
  let positions = params.promptLength + params.responseLength;
  if (entry >= params.vocabulary + positions) {
    return;
  }
  var begin = 0u;
  var end = params.prompts;
  if (params.parts > 1u) {
    let at = run * params.segmentsLength + params.segments + part;
    begin = segments[at];
    end = segments[at + 1u];
  }
  let answers = params.group * params.responseLength;
  let perPrompt = params.promptLength + answers;
  let origin = run * params.prompts * perPrompt;
  let batch = run * params.totalPrompts + params.first;
  var sum = vec4<f32>();

  if (entry < params.vocabulary) {
    for (var m = begin; m < end; m++) {
      let row = origin + m * perPrompt;
      for (var q = 0u; q < params.promptLength; q++) {
        if (prompt[(batch + m) * params.promptLength + q] == entry) {
          sum += dx[(row + q) * width4 + channel];
        }
      }
      for (var a = 0u; a < answers; a++) {
        if (response[(batch + m) * answers + a] == entry) {
          sum += dx[(row + params.promptLength + a) * width4 + channel];
        }
      }
    }
  } else {
    // Position p lies in one prompt row, or in a row of each of the rollouts.
    let position = entry - params.vocabulary;
    let rollouts = select(params.group, 1u, position < params.promptLength);
    for (var m = begin; m < end; m++) {
      let row = origin + m * perPrompt + position;
      for (var j = 0u; j < rollouts; j++) {
        sum += dx[(row + j * params.responseLength) * width4 + channel];
      }
    }
  }
  let table = select(params.positionEmbedding / 4u + (entry - params.vocabulary) * width4, params.tokenEmbedding / 4u + entry * width4, entry < params.vocabulary);
  grad[(run * params.gradLength + part * params.stride) / 4u + table + channel] = sum;
}
