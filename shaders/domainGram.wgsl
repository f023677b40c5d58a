// pieces[s, (a, b)] = <g_a, g_b> over stretch s of the policy's gradient, for every pair a <= b of parts (domains)
//   tensors  u32[tensors, 4]: of each policy tensor its first parameter / 4, parameters / 4 (rounded up), first stretch, block
//   grad     f32[gradLength]: part c from c * size
//   pieces  f32[stretches, parts * (parts + 1) / 2]: pairs in the order (0, 0), (0, 1), ..., (1, 1), ...
// A tensor is cut into stretches of 4 * stretch parameters from its start; the last may be shorter. parts <= 8, stretch > 0.
// Grid (stretches, 1, runs), 64 threads: a thread adds every 64th group of four, then one thread a pair adds the threads' sums.

struct Params {
  size: u32,
  parts: u32,
  tensors: u32,
  stretches: u32,
  stretch: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tensors: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> grad: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> pieces: array<f32>;

// [pair][thread], at most 36 pairs; the odd row length keeps the last step's reads in different banks.
var<workgroup> sums: array<f32, 2340>;

@compute @workgroup_size(64)
fn domainGram(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let table = run * params.tensors;
  var q = 0u;
  while (q + 1u < params.tensors && tensors[table + q + 1u].z <= group.x) {
    q++;
  }
  let tensor = tensors[table + q];
  let size4 = params.size / 4u;
  let first = (group.x - tensor.z) * params.stretch;
  let begin = tensor.x + first;
  let end = tensor.x + min(first + params.stretch, tensor.y);
  var pair = 0u;
  for (var a = 0u; a < params.parts; a++) {
    let left = (run * params.parts + a) * size4;
    for (var b = a; b < params.parts; b++) {
      let right = (run * params.parts + b) * size4;
      var sum = 0.0;
      for (var i = begin + lane; i < end; i += 64u) {
        sum += dot(grad[left + i], grad[right + i]);
      }
      sums[pair * 65u + lane] = sum;
      pair++;
    }
  }
  workgroupBarrier();
  if (lane < pair) {
    var sum = 0.0;
    for (var k = 0u; k < 64u; k++) {
      sum += sums[lane * 65u + k];
    }
    pieces[(run * params.stretches + group.x) * pair + lane] = sum;
  }
}
