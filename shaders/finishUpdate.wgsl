// Moves the metrics of an update into the ring, clears them, and advances the counters.
//   stats  f32[STATS_SIZE]
//   state  u32[STATE_SIZE]: update goes up by one, step too when endOfStep is 1
//   ring   f32[rows, STATS_SIZE]: row update % rows is written
// Grid (1, 1, runs), 64 threads.

struct Params {
  rows: u32,
  endOfStep: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> stats: array<f32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> ring: array<f32>;

@compute @workgroup_size(64)
fn finishUpdate(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let s = group.z * STATE_SIZE;
  let update = state[s + STATE_UPDATE];
  let row = (group.z * params.rows + update % params.rows) * STATS_SIZE;
  for (var i = lane; i < STATS_SIZE; i += 64u) {
    ring[row + i] = stats[group.z * STATS_SIZE + i];
    stats[group.z * STATS_SIZE + i] = 0.0;
  }
  storageBarrier();
  if (lane == 0u) {
    state[s + STATE_UPDATE] = update + 1u;
    state[s + STATE_STEP] += params.endOfStep;
  }
}
