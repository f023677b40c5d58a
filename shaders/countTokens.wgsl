// tokens = sum of length over the rollouts of a mini-batch
//   length  u32[totalPrompts * group]
//   tokens  u32[1]
// The mini-batch is the prompts `first` to `first + prompts`. Grid (1, 1, runs), 64 threads.

struct Params {
  first: u32,
  prompts: u32,
  group: u32,
  totalPrompts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> length: array<u32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;

var<workgroup> sums: array<u32, 64>;

@compute @workgroup_size(64)
fn countTokens(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let start = (group.z * params.totalPrompts + params.first) * params.group;
  var sum = 0u;
  for (var i = lane; i < params.prompts * params.group; i += 64u) {
    sum += length[start + i];
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    sum = 0u;
    for (var i = 0u; i < 64u; i++) {
      sum += sums[i];
    }
    tokens[group.z] = sum;
  }
}
