// Drawing one of many entries by the largest z - log(-log u). A partial result is (best score, its entry, maximum of z, sum of
// exp(z - maximum)).

// -log u, exact near u = 1 too, where log is coarse.
fn exponential(u: f32) -> f32 {
  let v = 1.0 - u;
  if (v > 0.05) {
    return -log(u);
  }
  return v * (1.0 + v * (0.5 + v * (0.33333334 + v * (0.25 + v * (0.2 + v * 0.16666667)))));
}

const NOTHING_DRAWN = vec4<f32>(-1e30, 0.0, -1e30, 0.0);

// Adds one entry: entries come in ascending order.
fn addEntry(found: vec4<f32>, entry: u32, score: f32, z: f32) -> vec4<f32> {
  let top = max(found.z, z);
  let sum = found.w * exp(found.z - top) + exp(z - top);
  if (score > found.x) {
    return vec4<f32>(score, f32(entry), top, sum);
  }
  return vec4<f32>(found.xy, top, sum);
}

// Joins two partial results; equal scores go to the smaller entry.
fn joinDrawn(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let top = max(a.z, b.z);
  let sum = a.w * exp(a.z - top) + b.w * exp(b.z - top);
  let other = b.x > a.x || (b.x == a.x && b.y < a.y);
  return vec4<f32>(select(a.xy, b.xy, other), top, sum);
}
