// Functions of a pair's logit gap x = Lam_i - S_ij; exact 0 far below.
fn softplus(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-min(abs(x), vec4<f32>(80.0)));
  // log(1 + e) by its series where 1 + e would lose digits.
  let tail = select(log(1.0 + e), e * (1.0 - e * (0.5 - e * (1.0 / 3.0))), e < vec4<f32>(0.01));
  return max(x, vec4<f32>()) + select(tail, vec4<f32>(), x < vec4<f32>(-80.0));
}

fn sigmoid(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-min(abs(x), vec4<f32>(80.0)));
  let small = select(e, vec4<f32>(), x < vec4<f32>(-80.0));
  return select(small, vec4<f32>(1.0), x >= vec4<f32>()) / (1.0 + e);
}

// Lam of an anchor that no rollout competes with, and what tells it from any other.
const NO_RIVALS: f32 = -1e30;
fn contested(lam: vec4<f32>) -> vec4<bool> {
  return lam > vec4<f32>(0.5 * NO_RIVALS);
}

// Loss of a pair: softplus(Lam - S), or Lam - S when the positive is among the rivals (denominator all); 0 without rivals.
fn pairLoss(lam: vec4<f32>, S: vec4<f32>, all: bool) -> vec4<f32> {
  if (all) { return select(vec4<f32>(), lam - S, contested(lam)); }
  return softplus(lam - S);
}

// Its derivative by Lam, which is minus that by S at fixed Lam.
fn pairSlope(lam: vec4<f32>, S: vec4<f32>, all: bool) -> vec4<f32> {
  if (all) { return select(vec4<f32>(), vec4<f32>(1.0), contested(lam)); }
  return sigmoid(lam - S);
}

// max(0, cosine); cosines below the rounding of f32 dot products count as orthogonal.
fn compatible(cosine: vec4<f32>) -> vec4<f32> {
  return select(vec4<f32>(), cosine, cosine > vec4<f32>(5e-7));
}

// Compatibility (5) by any map, from the cosine of two prototypes and the product of their means' lengths (0: a mean without direction).
fn mapped(cosine: vec4<f32>, lengths: vec4<f32>, map: f32) -> vec4<f32> {
  if (map == CONTRAST_WEIGHT_MAP_HALF) {
    return select(vec4<f32>(), max(vec4<f32>(), 0.5 + 0.5 * cosine), lengths > vec4<f32>());
  }
  return compatible(cosine) * select(vec4<f32>(1.0), lengths, map == CONTRAST_WEIGHT_MAP_RAW);
}
