// Counts correct and drawn rollouts of each benchmark column over the used prompts of a batch, adds them to what was counted before,
// and moves the list's cursor on.
//
// records u32[records, 36]     bank records
// record  u32[prompts]         bank record of each prompt
// used    u32[prompts]         1, or 0 for prompts that do not count
// reward  f32[prompts, group]  0 or 1
// counts  u32[columns, 2]      in and out: correct, drawn
// state   u32[STATE_SIZE]      in and out: cursor
//
// grid: (columns / 64, 1, runs), one thread per column; the first also moves the cursor.

struct Params {
  prompts: u32,
  group: u32,
  repeats: u32,
  records: u32,
  columns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> records: array<u32>;
@group(0) @binding(2) var<storage, read> record: array<u32>;
@group(0) @binding(3) var<storage, read> used: array<u32>;
@group(0) @binding(4) var<storage, read> reward: array<f32>;
@group(0) @binding(5) var<storage, read_write> counts: array<u32>;
@group(0) @binding(6) var<storage, read_write> state: array<u32>;

@compute @workgroup_size(64)
fn tally(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  let run = id.z;
  if (column >= params.columns) {
    return;
  }
  var correct = 0u;
  var drawn = 0u;
  for (var p = run * params.prompts; p < (run + 1u) * params.prompts; p++) {
    if (used[p] == 0u || records[(run * params.records + record[p]) * RECORD_SIZE + RECORD_COLUMN] != column) {
      continue;
    }
    drawn += params.group;
    for (var j = 0u; j < params.group; j++) {
      correct += u32(reward[p * params.group + j] > 0.5);
    }
  }
  let here = 2u * (run * params.columns + column);
  counts[here] += correct;
  counts[here + 1u] += drawn;
  if (column == 0u) {
    let cursor = run * STATE_SIZE + STATE_CURSOR;
    state[cursor] = min(state[cursor] + params.prompts / params.repeats, params.records);
  }
}
