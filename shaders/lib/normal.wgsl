// Standard normal distribution function. erfc by a Chebyshev fit with relative error 1.2e-7 everywhere (Numerical Recipes, erfcc), so that
// small tails keep their digits; 0 beyond 12 deviations.
fn normalCdf(x: vec4<f32>) -> vec4<f32> {
  let y = min(abs(x), vec4<f32>(12.0)) * 0.70710678;
  let t = 1.0 / (1.0 + 0.5 * y);
  var p = -0.82215223 + t * 0.17087277;
  p = 1.48851587 + t * p;
  p = -1.13520398 + t * p;
  p = 0.27886807 + t * p;
  p = -0.18628806 + t * p;
  p = 0.09678418 + t * p;
  p = 0.37409196 + t * p;
  p = 1.00002368 + t * p;
  let tail = select(0.5 * t * exp(-y * y - 1.26551223 + t * p), vec4<f32>(), abs(x) > vec4<f32>(12.0));
  return select(tail, 1.0 - tail, x >= vec4<f32>());
}
