// Dot products of four rows of `z` with four others; component [r][c] is <row a_r, row b_c>. a and b: first vec4 of each row.
// The kernel declares `z` as array<vec4<f32>>.
fn dotTile(a: vec4<u32>, b: vec4<u32>, width4: u32) -> mat4x4<f32> {
  var s0 = vec4<f32>();
  var s1 = vec4<f32>();
  var s2 = vec4<f32>();
  var s3 = vec4<f32>();
  for (var k = 0u; k < width4; k++) {
    let a0 = z[a.x + k];
    let a1 = z[a.y + k];
    let a2 = z[a.z + k];
    let a3 = z[a.w + k];
    let b0 = z[b.x + k];
    let b1 = z[b.y + k];
    let b2 = z[b.z + k];
    let b3 = z[b.w + k];
    s0 += vec4<f32>(dot(a0, b0), dot(a0, b1), dot(a0, b2), dot(a0, b3));
    s1 += vec4<f32>(dot(a1, b0), dot(a1, b1), dot(a1, b2), dot(a1, b3));
    s2 += vec4<f32>(dot(a2, b0), dot(a2, b1), dot(a2, b2), dot(a2, b3));
    s3 += vec4<f32>(dot(a3, b0), dot(a3, b1), dot(a3, b2), dot(a3, b3));
  }
  return mat4x4<f32>(s0, s1, s2, s3);
}
