// How far the embeddings spread: sums over the ordered pairs i != j of usable rollouts of exp(-2 |z_i - z_j|^2) and of <z_i, z_j>^2.
//   z        f32[points, width]: the pool's rows
//   order    u32[rows + 4] of `arrange`
//   partial  f32[tiles, tiles, 2], tiles = rows / 32: both sums over one tile of positions; 0 below the diagonal, whose tiles count in
//            their mirror images
// Grid (tiles, tiles, runs), 8 x 8 threads: a thread makes 4 x 4 pairs.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> partial: array<vec2<f32>>;

var<workgroup> sums: array<vec2<f32>, 64>;

@compute @workgroup_size(8, 8)
fn embeddingSpread(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let run = group.z;
  let n = params.rows;
  let width4 = params.width / 4u;
  let slots = run * (n + 4u);
  let used = order[slots + n] + order[slots + n + 1u];
  let firstRow = (group.y * 8u + local.y) * 4u;
  let firstColumn = (group.x * 8u + local.x) * 4u;
  let four = min(4u, n); // known at run time only: short loops stay loops, which keeps the shader short to compile

  var sum = vec2<f32>();
  if (group.x >= group.y && firstRow < used && firstColumn < used) {
    var rows: vec4<u32>;
    var columns: vec4<u32>;
    for (var c = 0u; c < four; c++) {
      rows = setLane(rows, c, (run * params.points + order[slots + min(firstRow + c, used - 1u)]) * width4);
      columns = setLane(columns, c, (run * params.points + order[slots + min(firstColumn + c, used - 1u)]) * width4);
    }
    let at = firstRow + vec4<u32>(0u, 1u, 2u, 3u);
    let C = dotTile(columns, rows, width4);
    for (var c = 0u; c < min(4u, used - firstColumn); c++) {
      let cosine = pickColumn(C, c);
      let counts = select(vec4<f32>(), vec4<f32>(1.0), (at < vec4<u32>(used)) & (at != vec4<u32>(firstColumn + c)));
      sum += vec2<f32>(dot(counts, exp(4.0 * (min(cosine, vec4<f32>(1.0)) - 1.0))), dot(counts, cosine * cosine));
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var reach = 32u; reach > 0u; reach /= 2u) {
    if (lane < reach) { sums[lane] += sums[lane + reach]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let tiles = (n + 31u) / 32u;
    partial[(run * tiles + group.y) * tiles + group.x] = sums[0] * select(1.0, 2.0, group.x > group.y);
  }
}
