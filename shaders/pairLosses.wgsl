// Sums over the positives j of each anchor i: cross-domain C(i) (6) and in-domain I(i) (7), with the pair loss
// l_ij = softplus(Lam_i - S_ij) of (9) and (10) and its slope sig_ij = sigmoid(Lam_i - S_ij); Lam_i - S_ij and 1 where the positive is
// among its rivals (contrast.denominator all). With contrast.scope prompt I(i) holds same-prompt positives and C(i) nothing. Normalisers
// come later.
//   hyper   f32[HYPER_SIZE]
//   z       f32[points, width]: the pool's rows, then prototypes from row `rows`
//   order   u32[rows + 4] of `arrange`
//   prompt  u32[rows]
//   domain  u32[rows]
//   anchor  f32[rows + 1, 4]: Lam_i first
//   weight  f32[prompts, prompts] when `table`; else f32[points - rows, 2], the sizes of `groupMean`, and w is made from the prototypes
//   pairs   f32[rows, 8]: over C(i): w, w l, w sig, S, w (1 - cos); over I(i): l, sig, S; 0 for rows that are no anchors
// tau is that of the run's last row of `anchor`.
// Positions begin .. begin + span are done; begin is a multiple of 16.
// Grid (span / 16, 1, runs), 64 threads, tiles as in logSumExpNegatives.

struct Params {
  rows: u32,
  width: u32,
  points: u32,
  begin: u32,
  span: u32,
  prompts: u32,
  table: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hyper: array<f32>;
@group(0) @binding(2) var<storage, read> z: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> prompt: array<u32>;
@group(0) @binding(5) var<storage, read> domain: array<u32>;
@group(0) @binding(6) var<storage, read> anchor: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read> weight: array<f32>;
@group(0) @binding(8) var<storage, read_write> pairs: array<f32>;

var<workgroup> parts: array<vec4<f32>, 512>; // [column block of 16][row block of 4][channel of `pairs`], a component a row

@compute @workgroup_size(64)
fn pairLosses(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let run = group.z;
  let n = params.rows;
  let width4 = params.width / 4u;
  let base = run * params.points;
  let slots = run * (n + 4u);
  let positives = order[slots + n];
  let compete = order[slots + n + 1u] > 0u;
  let scale = anchor[run * (n + 1u) + n].z;
  let all = hyper[run * HYPER_SIZE + HYPER_CONTRAST_DENOMINATOR] == CONTRAST_DENOMINATOR_ALL;
  let byPrompt = hyper[run * HYPER_SIZE + HYPER_CONTRAST_SCOPE] == CONTRAST_SCOPE_PROMPT;
  let map = hyper[run * HYPER_SIZE + HYPER_CONTRAST_WEIGHT_MAP];
  let sizes = 2u * run * (params.points - n) + 1u;
  let first = params.begin + group.x * 16u;
  let block = lane % 4u;
  let four = min(4u, n); // known at run time only: short loops stay loops, which keeps the shader short to compile

  var crossW = vec4<f32>();
  var crossL = vec4<f32>();
  var crossSig = vec4<f32>();
  var crossS = vec4<f32>();
  var crossGap = vec4<f32>();
  var ownL = vec4<f32>();
  var ownSig = vec4<f32>();
  var ownS = vec4<f32>();
  if (first < positives) {
    let at = first + block * 4u + vec4<u32>(0u, 1u, 2u, 3u);
    var rows: vec4<u32>;
    var prompts: vec4<u32>;
    var labels: vec4<u32>;
    var lengths: vec4<f32>;
    var lam: vec4<f32>;
    for (var r = 0u; r < four; r++) {
      let i = order[slots + min(first + block * 4u + r, positives - 1u)];
      rows = setLane(rows, r, i);
      let p = prompt[run * n + i];
      prompts = setLane(prompts, r, p);
      labels = setLane(labels, r, select(domain[run * n + i], p, byPrompt));
      if (params.table == 0u) { lengths = setLaneF(lengths, r, weight[sizes + 2u * p]); }
      lam = setLaneF(lam, r, anchor[run * (n + 1u) + i].x);
    }
    for (var begin = lane / 4u * 4u; begin < positives; begin += 64u) {
      var columns: vec4<u32>;
      var others: vec4<u32>;
      for (var c = 0u; c < four; c++) {
        let j = order[slots + min(begin + c, positives - 1u)];
        columns = setLane(columns, c, j);
        others = setLane(others, c, n + prompt[run * n + j]);
      }
      // First the prototypes', unless there is a table, then the rollouts'.
      var W: mat4x4<f32>;
      var C: mat4x4<f32>;
      for (var round = params.table; round < 2u; round++) {
        W = C;
        let p = round == 0u;
        C = dotTile((base + select(columns, others, p)) * width4, (base + select(rows, n + prompts, p)) * width4, width4);
      }
      for (var c = 0u; c < min(4u, positives - begin); c++) {
        let j = columns[c];
        let cosine = pickColumn(C, c);
        let S = cosine * scale;
        var l = vec4<f32>();
        var sig = vec4<f32>();
        if (compete) {
          l = pairLoss(lam, S, all);
          sig = pairSlope(lam, S, all);
        }
        var w: vec4<f32>;
        if (params.table == 0u) {
          w = mapped(pickColumn(W, c), lengths * weight[sizes + 2u * (others[c] - n)], map);
        } else {
          for (var r = 0u; r < four; r++) {
            w = setLaneF(w, r, weight[(run * params.prompts + others[c] - n) * params.prompts + prompts[r]]);
          }
        }
        let same = labels == vec4<u32>(select(domain[run * n + j], others[c] - n, byPrompt));
        let apart = !(same | vec4<bool>(byPrompt));
        w = select(vec4<f32>(), w, apart);
        crossW += w;
        crossL += w * l;
        crossSig += w * sig;
        crossS += select(vec4<f32>(), S, apart);
        crossGap += w * (1.0 - cosine);
        let own = same & (at != vec4<u32>(begin + c));
        ownL += select(vec4<f32>(), l, own);
        ownSig += select(vec4<f32>(), sig, own);
        ownS += select(vec4<f32>(), S, own);
      }
    }
  }
  let slot = lane * 8u;
  parts[slot] = crossW;
  parts[slot + 1u] = crossL;
  parts[slot + 2u] = crossSig;
  parts[slot + 3u] = crossS;
  parts[slot + 4u] = crossGap;
  parts[slot + 5u] = ownL;
  parts[slot + 6u] = ownSig;
  parts[slot + 7u] = ownS;
  workgroupBarrier();

  if (lane >= 32u) { return; }
  var sums = vec4<f32>();
  for (var t = lane; t < 512u; t += 32u) { sums += parts[t]; }
  for (var r = 0u; r < four; r++) {
    let at = first + lane / 8u * 4u + r;
    if (at < n) { pairs[8u * (run * n + order[slots + at]) + lane % 8u] = select(0.0, sums[r], at < positives); }
  }
}
