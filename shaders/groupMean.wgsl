// Mean direction of the correct rollouts of each group: prompt prototypes c_p (5), or domain centroids.
//   label  u32[rows]: group of each row, ascending
//   order  u32[rows + 4] of `arrange`
//   z      f32[points, width]: reads the pool's rows, writes rows first .. first + groups; 0 for a group without correct rollouts
//          or whose mean is shorter than 1e-6
//   size   f32[points - rows, 2]: entries first - rows ..: correct rollouts, length of their mean (0 when shorter than 1e-6)
// Grid (groups, 1, runs), 64 threads: one workgroup per group.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  first: u32,
  groups: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> label: array<u32>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> z: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> size: array<f32>;

var<workgroup> partial: array<f32, 64>;

// First position among the positives whose label is at least `value`.
fn lowerBound(run: u32, positives: u32, value: u32) -> u32 {
  var low = 0u;
  var high = positives;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (label[run * params.rows + order[run * (params.rows + 4u) + middle]] < value) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

@compute @workgroup_size(64)
fn groupMean(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (params.rows + 4u);
  let positives = order[slots + params.rows];
  let begin = lowerBound(run, positives, group.x);
  let end = lowerBound(run, positives, group.x + 1u);
  let to = (base + params.first + group.x) * width4;
  let share = 1.0 / f32(max(end - begin, 1u));

  var squares = 0.0;
  for (var k = lane; k < width4; k += 64u) {
    var mean = vec4<f32>();
    // Sums of 64 rows, then their sum: fewer digits are lost.
    for (var block = begin; block < end; block += 64u) {
      var sum = vec4<f32>();
      for (var q = block; q < min(block + 64u, end); q++) { sum += z[(base + order[slots + q]) * width4 + k]; }
      mean += sum;
    }
    mean *= share;
    z[to + k] = mean;
    squares += dot(mean, mean);
  }
  partial[lane] = squares;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let length = sqrt(partial[0]);
  var scale = 0.0;
  if (length >= 1e-6) { scale = 1.0 / length; }
  for (var k = lane; k < width4; k += 64u) { z[to + k] = z[to + k] * scale; }
  if (lane == 0u) {
    let at = 2u * (run * (params.points - params.rows) + params.first - params.rows + group.x);
    size[at] = f32(end - begin);
    size[at + 1u] = select(0.0, length, scale > 0.0);
  }
}
