// Modular gradient surgery (MGS): per module and domain i, v_i = g_i, then for j in a random order of the other domains
//   v_i -= <v_i, g_j> / |g_j|^2 g_j   where <v_i, g_j> < 0 and |g_j|^2 > 1e-12,
// carried as coefficients v_i = sum_k a_ik g_k, so that <v_i, g_j> = sum_k a_ik <g_k, g_j>. The module's gradient is
// sum_j weight_j g_j with weight_j = sum_i a_ij. Domains without a gradient in the module drop out by their norm, which leaves a
// uniformly random order of the others. Also the metrics of the interference panel.
//   pieces  f32[stretches, pairs], from domainGram
//   tensors  u32[tensors, 4]: first parameter / 4, parameters / 4, first stretch, first tensor of its block
//   hyper    f32[HYPER_SIZE]: surgery.granularity decides which tensors are one module; off leaves every weight 1
//   state    u32[STATE_SIZE]: seed, update
//   gram     f32[tensors, parts, parts]: inner products of the domains' gradients, per tensor
//   weight   f32[tensors, parts]
//   stats    f32[STATS_SIZE]: gradient/conflicts over tensors, cosines from STAT_GRADIENT_COSINE over all of them
// parts <= 8. A module with a product that is not finite keeps weights 1: the NaN guard sees its gradient.
// Grid (tensors, 1, runs), 64 threads: thread 8 a + b makes entry (a, b), thread i the row a_i. Workgroup 0 writes the metrics.

struct Params {
  parts: u32,
  tensors: u32,
  stretches: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pieces: array<f32>;
@group(0) @binding(2) var<storage, read> tensors: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> hyper: array<f32>;
@group(0) @binding(4) var<storage, read> state: array<u32>;
@group(0) @binding(5) var<storage, read_write> gram: array<f32>;
@group(0) @binding(6) var<storage, read_write> weight: array<f32>;
@group(0) @binding(7) var<storage, read_write> stats: array<f32>;

// The module's inner products and the coefficients a, then the whole policy's inner products and counts of pairs: [8 a + b].
var<workgroup> products: array<f32, 64>;
var<workgroup> coefficients: array<f32, 64>;
var<workgroup> conflicts: array<vec2<f32>, 64>;

// Position of (a, b) among the pairs a <= b.
fn pairAt(a: u32, b: u32) -> u32 {
  let low = min(a, b);
  return low * (2u * params.parts - low + 1u) / 2u + max(a, b) - low;
}

// <g_a, g_b> over tensor q, for the pair at `pair`.
fn product(run: u32, q: u32, pair: u32) -> f32 {
  let pairs = params.parts * (params.parts + 1u) / 2u;
  let table = run * params.tensors;
  var last = params.stretches;
  if (q + 1u < params.tensors) {
    last = tensors[table + q + 1u].z;
  }
  var sum = 0.0;
  for (var s = tensors[table + q].z; s < last; s++) {
    sum += pieces[(run * params.stretches + s) * pairs + pair];
  }
  return sum;
}

// The module of tensor q, known by its first tensor.
fn moduleOf(run: u32, q: u32, granularity: f32) -> u32 {
  if (granularity == SURGERY_GRANULARITY_GLOBAL) {
    return 0u;
  }
  return select(q, tensors[run * params.tensors + q].w, granularity == SURGERY_GRANULARITY_BLOCK);
}

fn norm(square: f32) -> f32 {
  return select(0.0, sqrt(max(square, 0.0)), isFinite(square));
}

// Row a_i of module `key` from `products`.
fn project(run: u32, key: u32, i: u32) {
  let seed = state[run * STATE_SIZE + STATE_SEED];
  let update = state[run * STATE_SIZE + STATE_UPDATE];
  let others = params.parts - 1u;
  var order: array<u32, 8>;
  var a: array<f32, 8>;
  for (var k = 0u; k < others; k++) {
    order[k] = k + u32(k >= i);
  }
  for (var k = others; k > 1u; k--) {
    let other = randomBits(seed, STREAM_SURGERY, update, (key * 8u + i) * 8u + k - 1u) % k;
    let kept = order[k - 1u];
    order[k - 1u] = order[other];
    order[other] = kept;
  }
  a[i] = 1.0;
  for (var n = 0u; n < others; n++) {
    let j = order[n];
    let square = products[9u * j];
    var along = 0.0;
    for (var k = 0u; k < params.parts; k++) {
      along += a[k] * products[8u * k + j];
    }
    if (along < 0.0 && square > 1e-12) {
      a[j] -= along / square;
    }
  }
  for (var k = 0u; k < params.parts; k++) {
    coefficients[8u * i + k] = a[k];
  }
}

// Conflicts over all tensors, and cosines over the whole policy.
fn measure(run: u32, lane: u32) {
  let a = lane / 8u;
  let b = lane % 8u;
  let inside = max(a, b) < params.parts;
  var whole = 0.0;
  var counts = vec2<f32>();
  if (inside) {
    for (var q = 0u; q < params.tensors; q++) {
      let ab = product(run, q, pairAt(a, b));
      whole += ab;
      if (a < b) {
        let known = isFinite(ab) && min(norm(product(run, q, pairAt(a, a))), norm(product(run, q, pairAt(b, b)))) > 1e-8;
        counts += select(vec2<f32>(), vec2<f32>(f32(ab < 0.0), 1.0), known);
      }
    }
  }
  products[lane] = whole;
  conflicts[lane] = counts;
  workgroupBarrier();
  let s = run * STATS_SIZE;
  if (inside) {
    let na = norm(products[9u * a]);
    let nb = norm(products[9u * b]);
    let known = isFinite(whole) && min(na, nb) > 1e-8;
    let cosine = select(clamp(whole / max(na * nb, 1e-30), -1.0, 1.0), 1.0, a == b);
    let at = s + STAT_GRADIENT_COSINE + 2u * (a * MAX_DOMAINS + b);
    stats[at] = select(0.0, cosine, known);
    stats[at + 1u] = select(0.0, 1.0, known);
  }
  if (lane == 0u) {
    for (var k = 1u; k < 64u; k++) {
      counts += conflicts[k];
    }
    stats[s + STAT_GRADIENT_CONFLICTS] = counts.x;
    stats[s + STAT_GRADIENT_CONFLICTS + 1u] = counts.y;
  }
}

@compute @workgroup_size(64)
fn surgery(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let q = group.x;
  let run = group.z;
  let parts = params.parts;
  let a = lane / 8u;
  let b = lane % 8u;
  let granularity = hyper[run * HYPER_SIZE + HYPER_SURGERY_GRANULARITY];
  let key = moduleOf(run, q, granularity);
  let home = run * params.tensors + q;
  var sum = 0.0;
  if (max(a, b) < parts) {
    let pair = pairAt(a, b);
    gram[(home * parts + a) * parts + b] = product(run, q, pair);
    for (var p = 0u; p < params.tensors; p++) {
      if (moduleOf(run, p, granularity) == key) {
        sum += product(run, p, pair);
      }
    }
  }
  products[lane] = sum;
  coefficients[lane] = select(0.0, 1.0, a == b);
  workgroupBarrier();
  var usable = granularity != SURGERY_GRANULARITY_OFF;
  for (var k = 0u; k < 64u; k++) {
    usable = usable && isFinite(products[k]);
  }
  if (usable && lane < parts) {
    project(run, key, lane);
  }
  workgroupBarrier();
  if (lane < parts) {
    var total = 0.0;
    for (var i = 0u; i < parts; i++) {
      total += coefficients[8u * i + lane];
    }
    weight[home * parts + lane] = total;
  }
  if (q == 0u) {
    measure(run, lane);
  }
}
