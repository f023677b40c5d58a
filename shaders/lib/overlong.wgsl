// Overlong soft punishment of DAPO: 0 up to limit - buffer tokens, then linear down to -factor at the limit; buffer 0 turns it off.
fn overlong(length: f32, limit: f32, buffer: f32, factor: f32) -> f32 {
  if (buffer <= 0.0) {
    return 0.0;
  }
  return min(-(length - (limit - buffer)) / buffer * factor, 0.0);
}
