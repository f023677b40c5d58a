// An empty dispatch: what it costs to launch one.
//   sink  f32[4], written by no one
// Grid (1, 1, runs).

struct Params {
  never: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> sink: array<f32>;

@compute @workgroup_size(1)
fn nothing() {
  if (params.never != 0u) {
    sink[0] = 1.0;
  }
}
