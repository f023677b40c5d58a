// Lam_i = log E_i = log sum over the rivals k of exp(S_ik), for each anchor i. Rivals are what its positives compete with in (9) and (10):
// the incorrect rollouts N-, or all other rollouts (contrast.denominator); of its prompt only with contrast.scope prompt. An anchor
// without an incorrect rollout in its scope has no rivals.
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows]
//   anchor  f32[rows + 1, 4]: (Lam_i, rivals, sum of S_ik over its incorrect rollouts, their number); Lam = -1e30 without rivals; 0 for
//           rows that are no anchors; the run's last row is (0, 0, 1 / tau, 0)
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, 1, runs), 64 threads. A workgroup owns 16 positions and walks over the rivals, 64 at a time; a thread
// makes the logits of 4 rows and 4 columns and keeps running maxima, a component a row. The 16 threads of a row are merged in order.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  begin: u32,
  span: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> prompt: array<u32>;
@group(0) @binding(5) var<storage, read_write> anchor: array<vec4<f32>>;

// [column block of 16][row block of 4]: running maximum, sum of exp(x - maximum), sum of incorrect logits, numbers of rivals and of
// incorrect rollouts, a component a row
var<workgroup> tops: array<vec4<f32>, 64>;
var<workgroup> masses: array<vec4<f32>, 64>;
var<workgroup> sums: array<vec4<f32>, 64>;
var<workgroup> counts: array<vec4<f32>, 128>;

@compute @workgroup_size(64)
fn logSumExpNegatives(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let negatives = order[slots + n + 1u];
  let scale = 1.0 / hyper[run * HYPER_SIZE + HYPER_CONTRAST_TAU];
  let all = hyper[run * HYPER_SIZE + HYPER_CONTRAST_DENOMINATOR] == CONTRAST_DENOMINATOR_ALL;
  let byPrompt = hyper[run * HYPER_SIZE + HYPER_CONTRAST_SCOPE] == CONTRAST_SCOPE_PROMPT;
  // Not every column is a rival of every row, or an incorrect rollout.
  let sifted = all || byPrompt;
  let start = select(positives, 0u, all);
  let columnsEnd = select(0u, positives + negatives, negatives > 0u);
  let first = params.begin + group.x * 16u;
  let block = lane % 4u;
  let four = min(4u, n); // known at run time only: short loops stay loops, which keeps the shader short to compile

  var top = vec4<f32>(NO_RIVALS);
  var mass = vec4<f32>();
  var sum = vec4<f32>();
  var rivals = vec4<f32>();
  var wrongs = vec4<f32>();
  if (first < positives) {
    let at = first + block * 4u + vec4<u32>(0u, 1u, 2u, 3u);
    var rows: vec4<u32>;
    var prompts: vec4<u32>;
    for (var r = 0u; r < four; r++) {
      let i = order[slots + min(first + block * 4u + r, positives - 1u)];
      rows = setLane(rows, r, (base + i) * width4);
      if (sifted) { prompts = setLane(prompts, r, prompt[run * n + i]); }
    }
    for (var begin = start + lane / 4u * 4u; begin < columnsEnd; begin += 64u) {
      var columns: vec4<u32>;
      for (var c = 0u; c < four; c++) {
        columns = setLane(columns, c, (base + order[slots + min(begin + c, columnsEnd - 1u)]) * width4);
      }
      var S = dotTile(columns, rows, width4) * scale;
      let count = min(4u, columnsEnd - begin);
      if (sifted) {
        for (var c = 0u; c < count; c++) {
          let near = vec4<bool>(!byPrompt) | (prompts == vec4<u32>(prompt[run * n + order[slots + begin + c]]));
          let rival = near & (at != vec4<u32>(begin + c));
          let wrong = near & vec4<bool>(begin + c >= positives);
          let x = pickColumn(S, c);
          rivals += select(vec4<f32>(), vec4<f32>(1.0), rival);
          wrongs += select(vec4<f32>(), vec4<f32>(1.0), wrong);
          sum += select(vec4<f32>(), x, wrong);
          S = setColumn(S, c, select(vec4<f32>(NO_RIVALS), x, rival));
        }
      }
      let before = top;
      for (var c = 0u; c < count; c++) { top = max(top, pickColumn(S, c)); }
      mass *= exp(before - top); // a mass gathered while there was no rival becomes 0
      for (var c = 0u; c < count; c++) {
        let x = pickColumn(S, c);
        mass += exp(x - top);
        if (!sifted) { sum += x; }
      }
    }
  }
  tops[lane] = top;
  masses[lane] = mass;
  sums[lane] = sum;
  counts[lane] = rivals;
  counts[64u + lane] = wrongs;
  workgroupBarrier();

  if (first == 0u && lane == 0u) { anchor[run * (n + 1u) + n] = vec4<f32>(0.0, 0.0, scale, 0.0); }
  if (lane >= 4u) { return; }
  var most = vec4<f32>(NO_RIVALS);
  for (var t = lane; t < 64u; t += 4u) { most = max(most, tops[t]); }
  mass = vec4<f32>();
  sum = vec4<f32>();
  rivals = vec4<f32>();
  wrongs = vec4<f32>();
  for (var t = lane; t < 64u; t += 4u) {
    mass += masses[t] * exp(tops[t] - most);
    sum += sums[t];
    rivals += counts[t];
    wrongs += counts[64u + t];
  }
  if (!sifted) {
    rivals = vec4<f32>(f32(negatives));
    wrongs = rivals;
  }
  let some = wrongs > vec4<f32>();
  let lam = select(vec4<f32>(NO_RIVALS), most + log(max(mass, vec4<f32>(1.0))), some);
  rivals = select(vec4<f32>(), rivals, some);
  for (var r = 0u; r < four; r++) {
    let at = first + lane * 4u + r;
    if (at < n) {
      anchor[run * (n + 1u) + order[slots + at]] = select(vec4<f32>(), vec4<f32>(lam[r], rivals[r], sum[r], wrongs[r]), at < positives);
    }
  }
}
