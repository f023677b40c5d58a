// Sums of squares that may be spoilt: -1 stands for "not finite" and stays. Needs lib/finite.wgsl.
fn addSquares(a: f32, b: f32) -> f32 {
  if (a < 0.0 || b < 0.0 || !isFinite(a) || !isFinite(b)) {
    return -1.0;
  }
  let sum = a + b;
  return select(-1.0, sum, isFinite(sum));
}
