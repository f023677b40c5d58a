// Judges responses, equation (1): reward 1 when the record's verifier accepts the response, else 0. Only tokens before EOS count.
// Answer match: the tokens after the only mark equal the answer; without a mark the whole response does. Program: reverse Polish
// notation on a stack machine modulo the record's modulus gives the wanted result for all three inputs.
//
// records  u32[records, 36]                      bank records
// record   u32[rounds, prompts]                          bank record of each prompt; NONE: an empty place, reward 0
// response u32[rounds, prompts · group, responseLength]  tokens
// length   u32[rounds, prompts · group]                  tokens, EOS included
// reward   f32[rounds, prompts · group]                  out: 0 or 1
// Row `round` of each is worked on.
//
// grid: (prompts · group / 64, 1, runs), one thread per rollout.

struct Params {
  prompts: u32,
  group: u32,
  responseLength: u32,
  records: u32,
  round: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> records: array<u32>;
@group(0) @binding(2) var<storage, read> record: array<u32>;
@group(0) @binding(3) var<storage, read> response: array<u32>;
@group(0) @binding(4) var<storage, read> length: array<u32>;
@group(0) @binding(5) var<storage, read_write> reward: array<f32>;

const TESTS: u32 = 3u;
const STACK: u32 = 16u;

// rule: position of the record; start, end: the response's tokens before EOS.
fn matches(rule: u32, start: u32, end: u32) -> bool {
  let mark = records[rule + RECORD_MARK];
  var at = start;
  if (mark != 0u) {
    var marks = 0u;
    for (var i = start; i < end; i++) {
      if (response[i] == mark) {
        marks++;
        at = i + 1u;
      }
    }
    if (marks != 1u) {
      return false;
    }
  }
  let count = records[rule + RECORD_ANSWER_LENGTH];
  if (end - at != count) {
    return false;
  }
  for (var i = 0u; i < count; i++) {
    if (response[at + i] != records[rule + RECORD_ANSWER + i]) {
      return false;
    }
  }
  return true;
}

fn passes(rule: u32, start: u32, end: u32, test: u32) -> bool {
  let modulus = records[rule + RECORD_MODULUS];
  let input = rule + RECORD_ANSWER + 4u * test;
  var stack: array<u32, STACK>;
  var depth = 0u;
  for (var i = start; i < end; i++) {
    let t = response[i];
    if (t == TOKEN_PLUS || t == TOKEN_MINUS || t == TOKEN_TIMES) {
      if (depth < 2u) {
        return false;
      }
      let b = stack[depth - 1u];
      let a = stack[depth - 2u];
      var value = a * b;
      if (t == TOKEN_PLUS) {
        value = a + b;
      } else if (t == TOKEN_MINUS) {
        value = a + modulus - b;
      }
      depth--;
      stack[depth - 1u] = value % modulus;
      continue;
    }
    var value = 0u;
    if (t >= TOKEN_DIGIT0 && t < TOKEN_DIGIT0 + 10u) {
      value = (t - TOKEN_DIGIT0) % modulus;
    } else if (t >= TOKEN_X && t <= TOKEN_Z) {
      value = records[input + t - TOKEN_X];
    } else {
      return false;
    }
    if (depth == STACK) {
      return false;
    }
    stack[depth] = value;
    depth++;
  }
  return depth == 1u && stack[0] == records[input + 3u];
}

@compute @workgroup_size(64)
fn verify(@builtin(global_invocation_id) id: vec3<u32>) {
  let rollouts = params.prompts * params.group;
  if (id.x >= rollouts) {
    return;
  }
  let here = (id.z * params.rounds + params.round) * rollouts + id.x;
  let chosen = record[here / params.group];
  if (chosen == NONE) {
    reward[here] = 0.0;
    return;
  }
  let rule = (id.z * params.records + chosen) * RECORD_SIZE;
  let start = here * params.responseLength;
  let limit = start + min(length[here], params.responseLength);
  var end = start;
  while (end < limit && response[end] != TOKEN_EOS) {
    end++;
  }
  var correct = false;
  if (records[rule + RECORD_VERIFIER] == VERIFIER_PROGRAM) {
    correct = true;
    for (var test = 0u; test < TESTS && correct; test++) {
      correct = passes(rule, start, end, test);
    }
  } else {
    correct = matches(rule, start, end);
  }
  reward[here] = f32(correct);
}
