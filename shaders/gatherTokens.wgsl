// Tokens of the batch from those of its candidates.
//   source             u32[prompts] of `fillBatch`
//   record             u32[rounds, prompts]: bank record of each candidate
//   records            u32[records, 36]
//   candidateResponse  u32[rounds, prompts, group, responseLength]
//   candidateLogp      f32[rounds, prompts, group, responseLength]
//   prompt             u32[prompts, promptLength]; this and the next two: 0 in an empty place
//   response           u32[prompts, group, responseLength]
//   logp               f32[prompts, group, responseLength]
// Grid (prompts * group / 64, 1, runs), 64 threads: one thread per rollout; the first of a group copies the prompt.

struct Params {
  prompts: u32,
  group: u32,
  promptLength: u32,
  responseLength: u32,
  rounds: u32,
  records: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read> record: array<u32>;
@group(0) @binding(3) var<storage, read> records: array<u32>;
@group(0) @binding(4) var<storage, read> candidateResponse: array<u32>;
@group(0) @binding(5) var<storage, read> candidateLogp: array<f32>;
@group(0) @binding(6) var<storage, read_write> prompt: array<u32>;
@group(0) @binding(7) var<storage, read_write> response: array<u32>;
@group(0) @binding(8) var<storage, read_write> logp: array<f32>;

@compute @workgroup_size(64)
fn gatherTokens(@builtin(global_invocation_id) id: vec3<u32>) {
  let run = id.z;
  if (id.x >= params.prompts * params.group) {
    return;
  }
  let b = id.x / params.group;
  let j = id.x % params.group;
  let chosen = source[run * params.prompts + b];
  let empty = chosen == NONE;
  let from_ = run * params.rounds * params.prompts + select(chosen, 0u, empty);
  if (j == 0u) {
    let rule = (run * params.records + select(record[from_], 0u, empty)) * RECORD_SIZE + RECORD_PROMPT;
    let to = (run * params.prompts + b) * params.promptLength;
    for (var t = 0u; t < params.promptLength; t++) {
      prompt[to + t] = select(records[rule + t], 0u, empty);
    }
  }
  let start = (from_ * params.group + j) * params.responseLength;
  let to = (run * params.prompts * params.group + id.x) * params.responseLength;
  for (var t = 0u; t < params.responseLength; t++) {
    response[to + t] = select(candidateResponse[start + t], 0u, empty);
    logp[to + t] = select(candidateLogp[start + t], 0.0, empty);
  }
}
