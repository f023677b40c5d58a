// Domains drawn by weight. The kernel declares `curriculum` as array<f32>.

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
