// Draws the prompts of one step. Within mini-batch i of M prompts, domains are sampled systematically: slot s gets the domain whose
// cumulative share contains (s + offset) / M, with one random offset per step and mini-batch, so that prompts are sorted by domain.
// Columns are uniform within the domain, instances uniform within the column.
//
// records  u32[records, 36]             bank records
// index    u32[2·domains + 2·columns]   per domain: first column, columns; per column: first record, records
// hyper    f32[HYPER_SIZE]              shares at HYPER_MIX
// state    u32[STATE_SIZE]              seed, step
// record   u32[prompts]                 out: bank record of each prompt
// domain   u32[prompts]                 out: its domain
// prompt   u32[prompts, promptLength]   out: its tokens
// segments u32[miniBatches, domains+1]  out: first prompt of each domain within its mini-batch, then M
//
// grid: (prompts / 64, 1, runs), one thread per prompt; the first of a mini-batch also writes its segments.

struct Params {
  prompts: u32,
  miniBatches: u32,
  domains: u32,
  columns: u32,
  records: u32,
  promptLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> records: array<u32>;
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read> hyper: array<f32>;
@group(0) @binding(4) var<storage, read> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> record: array<u32>;
@group(0) @binding(6) var<storage, read_write> domain: array<u32>;
@group(0) @binding(7) var<storage, read_write> prompt: array<u32>;
@group(0) @binding(8) var<storage, read_write> segments: array<u32>;

// First slot s in [0, slots] with s + offset >= bound.
fn firstSlot(bound: f32, offset: f32, slots: u32) -> u32 {
  var s = min(u32(bound), slots);
  while (s < slots && f32(s) + offset < bound) {
    s++;
  }
  while (s > 0u && f32(s - 1u) + offset >= bound) {
    s--;
  }
  return s;
}

@compute @workgroup_size(64)
fn drawPrompts(@builtin(global_invocation_id) id: vec3<u32>) {
  let b = id.x;
  let run = id.z;
  if (b >= params.prompts) {
    return;
  }
  let slots = params.prompts / params.miniBatches;
  let miniBatch = b / slots;
  let slot = b % slots;
  let seed = state[run * STATE_SIZE + STATE_SEED];
  let step = state[run * STATE_SIZE + STATE_STEP];
  let offset = randomUnit(seed, STREAM_DOMAIN_OFFSET, step, miniBatch);
  let mix = run * HYPER_SIZE + HYPER_MIX;
  let table = (run * params.miniBatches + miniBatch) * (params.domains + 1u);

  // The last domain with a share takes what rounding leaves over.
  var last = 0u;
  for (var d = 0u; d < params.domains; d++) {
    if (hyper[mix + d] > 0.0) {
      last = d;
    }
  }
  var mine = 0u;
  var first = 0u;
  var sum = 0.0;
  for (var d = 0u; d < params.domains; d++) {
    if (slot == 0u) {
      segments[table + d] = first;
    }
    sum += hyper[mix + d];
    var next = slots;
    if (d < last) {
      next = max(first, firstSlot(sum * f32(slots), offset, slots));
    }
    if (slot >= first && slot < next) {
      mine = d;
    }
    first = next;
  }
  if (slot == 0u) {
    segments[table + params.domains] = slots;
  }

  let tables = run * 2u * (params.domains + params.columns);
  let column = index[tables + 2u * mine] + randomBits(seed, STREAM_INSTANCE, step, 2u * b) % index[tables + 2u * mine + 1u];
  let place = tables + 2u * (params.domains + column);
  let chosen = index[place] + randomBits(seed, STREAM_INSTANCE, step, 2u * b + 1u) % index[place + 1u];
  let here = run * params.prompts + b;
  record[here] = chosen;
  domain[here] = mine;
  let source = (run * params.records + chosen) * RECORD_SIZE + RECORD_PROMPT;
  for (var t = 0u; t < params.promptLength; t++) {
    prompt[here * params.promptLength + t] = records[source + t];
  }
}
