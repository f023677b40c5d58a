// Task weights and domains drawn by weight. The kernel declares `hyper` and `curriculum` as array<f32>.

// z = softmax of the logits at c over the domains whose share of the mix at h is positive; 0 for the others.
fn taskWeights(h: u32, c: u32, domains: u32) -> array<f32, MAX_DOMAINS> {
  var z: array<f32, MAX_DOMAINS>;
  var top = -1e30;
  for (var d = 0u; d < domains; d++) {
    if (hyper[h + HYPER_MIX + d] > 0.0) {
      top = max(top, curriculum[c + CURRICULUM_LOGIT + d]);
    }
  }
  var total = 0.0;
  for (var d = 0u; d < domains; d++) {
    z[d] = 0.0;
    if (hyper[h + HYPER_MIX + d] > 0.0) {
      z[d] = exp(curriculum[c + CURRICULUM_LOGIT + d] - top);
    }
    total += z[d];
  }
  for (var d = 0u; d < domains; d++) {
    z[d] = z[d] / total;
  }
  return z;
}

// Compensation for prompts that the filter drops: min(1 / (1 - rate), most), with 1 - rate at least 0.01.
fn compensation(rate: f32, most: f32) -> f32 {
  return min(1.0 / max(1.0 - rate, 0.01), most);
}

// First domain of positive share whose cumulative share exceeds `unit`; the last one where rounding leaves none.
fn pickShare(at: u32, domains: u32, unit: f32) -> u32 {
  var before = 0.0;
  var last = 0u;
  for (var d = 0u; d < domains; d++) {
    let bound = curriculum[at + d];
    if (bound > before) {
      last = d;
      if (unit < bound) {
        return d;
      }
    }
    before = bound;
  }
  return last;
}
