// Takes prompts from a list in order: slot s holds record cursor + s / repeats. Slots beyond the list's end repeat its last record and
// are marked unused.
//
// records u32[records, 36]            the list: bank records
// state   u32[STATE_SIZE]             cursor
// record  u32[prompts]                out: bank record of each prompt
// domain  u32[prompts]                out: its domain
// prompt  u32[prompts, promptLength]  out: its tokens
// used    u32[prompts]                out: 1, or 0 beyond the end
//
// grid: (prompts / 64, 1, runs), one thread per prompt.

struct Params {
  prompts: u32,
  repeats: u32,
  records: u32,
  promptLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> records: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> record: array<u32>;
@group(0) @binding(4) var<storage, read_write> domain: array<u32>;
@group(0) @binding(5) var<storage, read_write> prompt: array<u32>;
@group(0) @binding(6) var<storage, read_write> used: array<u32>;

@compute @workgroup_size(64)
fn drawListed(@builtin(global_invocation_id) id: vec3<u32>) {
  let slot = id.x;
  let run = id.z;
  if (slot >= params.prompts) {
    return;
  }
  let wanted = state[run * STATE_SIZE + STATE_CURSOR] + slot / params.repeats;
  let chosen = min(wanted, params.records - 1u);
  let source = (run * params.records + chosen) * RECORD_SIZE;
  let here = run * params.prompts + slot;
  record[here] = chosen;
  domain[here] = records[source + RECORD_DOMAIN];
  used[here] = u32(wanted < params.records);
  for (var t = 0u; t < params.promptLength; t++) {
    prompt[here * params.promptLength + t] = records[source + RECORD_PROMPT + t];
  }
}
