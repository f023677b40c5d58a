// Takes the demonstrations of one supervised step: slot s gets row (step · prompts + s) modulo the list's length.
//
// demoPrompt   u32[count, promptLength]      prompts
// demoResponse u32[count, responseLength]    responses, pad after EOS
// demoLength   u32[count]                    response tokens, EOS included
// state        u32[STATE_SIZE]               step
// prompt       u32[prompts, promptLength]    out
// response     u32[prompts, responseLength]  out
// length       u32[prompts]                  out
//
// grid: (prompts / 64, 1, runs), one thread per prompt.

struct Params {
  prompts: u32,
  count: u32,
  promptLength: u32,
  responseLength: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> demoPrompt: array<u32>;
@group(0) @binding(2) var<storage, read> demoResponse: array<u32>;
@group(0) @binding(3) var<storage, read> demoLength: array<u32>;
@group(0) @binding(4) var<storage, read> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> prompt: array<u32>;
@group(0) @binding(6) var<storage, read_write> response: array<u32>;
@group(0) @binding(7) var<storage, read_write> length: array<u32>;

@compute @workgroup_size(64)
fn drawDemonstrations(@builtin(global_invocation_id) id: vec3<u32>) {
  let slot = id.x;
  let run = id.z;
  if (slot >= params.prompts) {
    return;
  }
  let row = (state[run * STATE_SIZE + STATE_STEP] * params.prompts + slot) % params.count;
  let source = run * params.count + row;
  let here = run * params.prompts + slot;
  length[here] = demoLength[source];
  for (var t = 0u; t < params.promptLength; t++) {
    prompt[here * params.promptLength + t] = demoPrompt[source * params.promptLength + t];
  }
  for (var t = 0u; t < params.responseLength; t++) {
    response[here * params.responseLength + t] = demoResponse[source * params.responseLength + t];
  }
}
