// Distance of domains, 1 - <nu_a, nu_b> of their unit centroids, as |nu_a - nu_b|^2 / 2, which keeps its digits when they are close.
//   z         f32[points, width]: centroids nu from row `first`; a zero row is a domain without one
//   distance  f32[domains, domains]: -1 where a domain has no centroid
//   stats     f32[STATS_SIZE]: metrics from STAT_CENTROID, for the first MAX_DOMAINS domains
// Grid (domains^2 / 64, 1, runs), 64 threads: one thread per pair.

struct Params {
  domains: u32,
  width: u32,
  points: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> distance: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(64)
fn centroidDistance(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let domains = params.domains;
  let pair = group.x * 64u + lane;
  if (pair >= domains * domains) { return; }
  let a = pair / domains;
  let b = pair % domains;
  let width4 = params.width / 4u;
  let base = group.z * params.points + params.first;
  var aa = 0.0;
  var bb = 0.0;
  var apart = 0.0;
  for (var k = 0u; k < width4; k++) {
    let x = z[(base + a) * width4 + k];
    let y = z[(base + b) * width4 + k];
    aa += dot(x, x);
    bb += dot(y, y);
    apart += dot(x - y, x - y);
  }
  let known = aa > 0.5 && bb > 0.5;
  distance[group.z * domains * domains + pair] = select(-1.0, 0.5 * apart, known);
  if (a < MAX_DOMAINS && b < MAX_DOMAINS) {
    let at = group.z * STATS_SIZE + STAT_CENTROID + 2u * (a * MAX_DOMAINS + b);
    stats[at] = select(0.0, 0.5 * apart, known);
    stats[at + 1u] = select(0.0, 1.0, known);
  }
}
