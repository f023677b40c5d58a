// Sums of squares that may be spoilt: -1 stands for "not finite" and stays. Needs lib/finite.wgsl.
fn addSquares(a: f32, b: f32) -> f32 {
  if (a < 0.0 || b < 0.0 || !isFinite(a) || !isFinite(b)) {
    return -1.0;
  }
  let sum = a + b;
  return select(-1.0, sum, isFinite(sum));
}

fn addAll(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(addSquares(a.x, b.x), addSquares(a.y, b.y), addSquares(a.z, b.z), addSquares(a.w, b.w));
}
