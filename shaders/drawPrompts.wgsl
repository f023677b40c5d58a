// Draws the prompts of one round of a step, their domains given: columns uniform within the domain, instances uniform within the column.
//
// records  u32[records, 36]             bank records
// index    u32[2·domains + 2·columns]   per domain: first column, columns; per column: first record, records
// state    u32[STATE_SIZE]              seed, step
// domain   u32[rounds, prompts]         row `round`; NONE: an empty place
// record   u32[rounds, prompts]         out: bank record of each prompt; NONE in an empty place
// prompt   u32[prompts, promptLength]   out: its tokens; the first one NONE in an empty place
//
// grid: (prompts / 64, 1, runs), one thread per prompt.

struct Params {
  prompts: u32,
  domains: u32,
  columns: u32,
  records: u32,
  promptLength: u32,
  round: u32,
  rounds: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> records: array<u32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read> state: array<u32>;
@group(0) @binding(4) var<storage, read> domain: array<u32>;
@group(0) @binding(5) var<storage, read_write> record: array<u32>;
@group(0) @binding(6) var<storage, read_write> prompt: array<u32>;

@compute @workgroup_size(64)
fn drawPrompts(@builtin(global_invocation_id) id: vec3<u32>) {
  let b = id.x;
  let run = id.z;
  if (b >= params.prompts) {
    return;
  }
  let here = (run * params.rounds + params.round) * params.prompts + b;
  let to = (run * params.prompts + b) * params.promptLength;
  let mine = domain[here];
  if (mine == NONE) {
    record[here] = NONE;
    prompt[to] = NONE;
    return;
  }
  let seed = state[run * STATE_SIZE + STATE_SEED];
  let step = state[run * STATE_SIZE + STATE_STEP];
  let counter = 2u * (params.round * params.prompts + b);
  let tables = run * 2u * (params.domains + params.columns);
  let column = index[tables + 2u * mine] + randomBits(seed, STREAM_INSTANCE, step, counter) % index[tables + 2u * mine + 1u];
  let place = tables + 2u * (params.domains + column);
  let chosen = index[place] + randomBits(seed, STREAM_INSTANCE, step, counter + 1u) % index[place + 1u];
  record[here] = chosen;
  let source = (run * params.records + chosen) * RECORD_SIZE + RECORD_PROMPT;
  for (var t = 0u; t < params.promptLength; t++) {
    prompt[to + t] = records[source + t];
  }
}
