// True unless `value` is infinite or not a number: a test of the exponent's bits, which no compiler may fold away.
fn isFinite(value: f32) -> bool {
  return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}
