// Counter-based random numbers: a hash of (seed, stream, a, b). Bit for bit equal to src/math/random.ts.
// PCG output permutation (O'Neill 2014) applied along the words, as in Jarzynski & Olano 2020, "Hash Functions for GPU Rendering".

fn hash32(value: u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

fn randomBits(seed: u32, stream: u32, a: u32, b: u32) -> u32 {
  return hash32(b + hash32(a + hash32(stream + hash32(seed))));
}

// In (0, 1): the upper 23 bits, centred, so that neither 0 nor 1 occurs.
fn randomUnit(seed: u32, stream: u32, a: u32, b: u32) -> f32 {
  return (f32(randomBits(seed, stream, a, b) >> 9u) + 0.5) * 1.1920928955078125e-7;
}
