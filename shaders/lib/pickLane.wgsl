// Component or column by a number known at run time only: loops over four stay loops, which keeps shaders short to compile.
fn setLane(v: vec4<u32>, at: u32, value: u32) -> vec4<u32> {
  return select(v, vec4<u32>(value), vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(at));
}

fn setLaneF(v: vec4<f32>, at: u32, value: f32) -> vec4<f32> {
  return select(v, vec4<f32>(value), vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(at));
}

fn pickColumn(m: mat4x4<f32>, at: u32) -> vec4<f32> {
  return select(select(m[0], m[1], at == 1u), select(m[2], m[3], at == 3u), at >= 2u);
}

fn setColumn(m: mat4x4<f32>, at: u32, value: vec4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(
    select(m[0], value, at == 0u),
    select(m[1], value, at == 1u),
    select(m[2], value, at == 2u),
    select(m[3], value, at == 3u)
  );
}
