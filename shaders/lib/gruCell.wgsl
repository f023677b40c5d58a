// Gated recurrent units. The kernel declares `parameters` and `hidden` as array<vec4<f32>>.

// Products of four rows of a matrix with up to four vectors in `hidden`: column c is (row w, ..., row w + 3) times vector x[c].
// w, x: first vec4 of the first row, and of each vector; with `one` only x[0] is multiplied.
fn gateTile(w: u32, x: vec4<u32>, width4: u32, one: bool) -> mat4x4<f32> {
  var y0 = vec4<f32>();
  var y1 = vec4<f32>();
  var y2 = vec4<f32>();
  var y3 = vec4<f32>();
  for (var k = 0u; k < width4; k++) {
    let w0 = parameters[w + k];
    let w1 = parameters[w + k + width4];
    let w2 = parameters[w + k + 2u * width4];
    let w3 = parameters[w + k + 3u * width4];
    let x0 = hidden[x.x + k];
    y0 += vec4<f32>(dot(x0, w0), dot(x0, w1), dot(x0, w2), dot(x0, w3));
    if (!one) {
      let x1 = hidden[x.y + k];
      let x2 = hidden[x.z + k];
      let x3 = hidden[x.w + k];
      y1 += vec4<f32>(dot(x1, w0), dot(x1, w1), dot(x1, w2), dot(x1, w3));
      y2 += vec4<f32>(dot(x2, w0), dot(x2, w1), dot(x2, w2), dot(x2, w3));
      y3 += vec4<f32>(dot(x3, w0), dot(x3, w1), dot(x3, w2), dot(x3, w3));
    }
  }
  return mat4x4<f32>(y0, y1, y2, y3);
}

fn openness(x: vec4<f32>) -> vec4<f32> {
  let e = exp(-min(abs(x), vec4<f32>(80.0)));
  return select(e, vec4<f32>(1.0), x >= vec4<f32>()) / (1.0 + e);
}

// tanh; by its series near 0, where 1 - e would lose digits.
fn squash(x: vec4<f32>) -> vec4<f32> {
  let s = x * x;
  let series = x * (1.0 - s * (1.0 / 3.0 - s * (2.0 / 15.0 - s * (17.0 / 315.0 - s * (62.0 / 2835.0)))));
  let e = exp(-2.0 * min(abs(x), vec4<f32>(40.0)));
  return select(sign(x) * (1.0 - e) / (1.0 + e), series, s < vec4<f32>(0.04));
}
