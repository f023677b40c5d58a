// total = sum over the parts of weight * grad; squares: sums of total^2 over 1024 parameters each, for the norms
//   grad     f32[parts, size]
//   tensors  u32[tensors, 4]: first parameter / 4 of each policy tensor, ascending from 0; the rest is not read
//   weight   f32[tensors, parts]: of each part in a tensor, from surgery; the heads' parameters have weight 1
//   total    f32[size]
//   squares  f32[groups, 4]: of the policy's parameters [0, headStart), of the head's [headStart, clipoStart), of CLIPO's head, and 0;
//            -1 when one of them is not finite
// With weighted = 0 every weight is 1 and neither table is read: the same bits as with weights of exactly 1.
// size, headStart and clipoStart are multiples of 4. Grid (groups = size / 1024, 1, runs), 64 threads.

struct Params {
  size: u32,
  headStart: u32,
  clipoStart: u32,
  parts: u32,
  weighted: u32,
  tensors: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grad: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> tensors: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read_write> total: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> squares: array<vec4<f32>>;

var<workgroup> sums: array<vec4<f32>, 64>;

@compute @workgroup_size(64)
fn gradientSum(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let size4 = params.size / 4u;
  let table = group.z * params.tensors;
  var tensor = 0u;
  var sum = vec4<f32>();
  for (var n = 0u; n < 4u; n++) {
    let i = group.x * 256u + n * 64u + lane;
    if (i < size4) {
      var g = vec4<f32>();
      if (params.weighted != 0u && i < params.headStart / 4u) {
        while (tensor + 1u < params.tensors && tensors[table + tensor + 1u].x <= i) {
          tensor++;
        }
        for (var c = 0u; c < params.parts; c++) {
          g += weight[(table + tensor) * params.parts + c] * grad[(group.z * params.parts + c) * size4 + i];
        }
      } else {
        for (var c = 0u; c < params.parts; c++) {
          g += grad[(group.z * params.parts + c) * size4 + i];
        }
      }
      total[group.z * size4 + i] = g;
      let s = dot(g, g);
      if (i < params.headStart / 4u) {
        sum.x = addSquares(sum.x, s);
      } else if (i < params.clipoStart / 4u) {
        sum.y = addSquares(sum.y, s);
      } else {
        sum.z = addSquares(sum.z, s);
      }
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane > 0u) {
    return;
  }
  for (var i = 1u; i < 64u; i++) {
    sum = addAll(sum, sums[i]);
  }
  squares[group.z * groups.x + group.x] = sum;
}
