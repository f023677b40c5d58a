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

// Cosines below the rounding of f32 dot products count as orthogonal.
fn compatible(cosine: vec4<f32>) -> vec4<f32> {
  return select(vec4<f32>(), cosine, cosine > vec4<f32>(5e-7));
}
