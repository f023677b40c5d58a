// Points of a map as symbols: one quad for each, its shape by the distance to an outline. Drawn in the order of `order`.
// view: how the map comes onto the canvas; points: f32[n, 3]; looks: u32[n, 2], colour as rgba8 (alpha last, not premultiplied), then
// shape | open << 8 | radius << 16 in 1/256 CSS pixels; outlines: f32[shapes, 16, 2], (corners, reach), then the corners of radius 1, y downwards
// (no corners: the circle). Instances: rows of `order`, six vertices each.

struct View {
  /** Map to clip space; w is the distance from the eye (1 in the plane). */
  matrix: mat4x4f,
  /** Of the canvas, device pixels. */
  size: vec2f,
  /** Device pixels per CSS pixel. */
  ratio: f32,
  /** The w at which symbols have their own size. */
  reach: f32,
  /** Fades from w = fog.x over fog.y further on, by up to fog.z. */
  fog: vec4f,
  /** Colour under open symbols. */
  ground: vec4f,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> points: array<f32>;
@group(0) @binding(2) var<storage, read> looks: array<vec2u>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read> outlines: array<vec2f>;

const SLOTS: u32 = 16u;
/** Half the line of an open symbol, CSS pixels. */
const HALF_LINE: f32 = 0.625;

struct Corner {
  @builtin(position) position: vec4f,
  /** From the symbol's middle, device pixels, y downwards. */
  @location(0) offset: vec2f,
  @location(1) color: vec4f,
  /** Device pixels. */
  @location(2) radius: f32,
  @location(3) @interpolate(flat) shape: u32,
}

@vertex
fn place(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Corner {
  let row = order[instance];
  let look = looks[row];
  let at = view.matrix * vec4f(points[3u * row], points[3u * row + 1u], points[3u * row + 2u], 1.0);
  var out: Corner;
  out.shape = look.y & 0x1ffu;
  out.radius = f32(look.y >> 16u) / 256.0 * view.ratio * view.reach / max(at.w, 1e-6);
  out.color = unpack4x8unorm(look.x);
  out.color.a *= 1.0 - view.fog.z * clamp((at.w - view.fog.x) / view.fog.y, 0.0, 1.0);
  let half = out.radius * outlines[(out.shape & 0xffu) * SLOTS].y + (HALF_LINE + 1.0) * view.ratio;
  let side = vec2f(f32(select(0u, 1u, vertex == 1u || vertex == 2u || vertex == 4u)), f32(select(0u, 1u, vertex == 2u || vertex == 4u || vertex == 5u)));
  out.offset = (2.0 * side - 1.0) * half;
  // A point too near to the eye, or behind it, is put outside.
  let shown = at.w > 0.08 * view.reach;
  let clip = at.xy / max(at.w, 1e-6) + out.offset * vec2f(2.0, -2.0) / view.size;
  out.position = select(vec4f(2.0, 2.0, 2.0, 1.0), vec4f(clip, 0.5, 1.0), shown);
  return out;
}

/** Signed distance from the outline of a shape of the given radius: below zero inside. */
fn distanceTo(shape: u32, radius: f32, at: vec2f) -> f32 {
  let first = shape * SLOTS;
  let corners = u32(outlines[first].x);
  if (corners == 0u) { return length(at) - radius; }
  var least = 1e12;
  var inside = false;
  var last = outlines[first + corners] * radius;
  for (var k = 1u; k <= corners; k++) {
    let next = outlines[first + k] * radius;
    let edge = next - last;
    let reached = at - last;
    let along = clamp(dot(reached, edge) / dot(edge, edge), 0.0, 1.0);
    let gap = reached - edge * along;
    least = min(least, dot(gap, gap));
    // The ray to the right crosses the edge.
    if ((last.y > at.y) != (next.y > at.y) && at.x < last.x + edge.x * (at.y - last.y) / edge.y) { inside = !inside; }
    last = next;
  }
  return select(sqrt(least), -sqrt(least), inside);
}

/** Premultiplied colour. */
@fragment
fn paint(corner: Corner) -> @location(0) vec4f {
  let open = (corner.shape & 0x100u) != 0u;
  let away = distanceTo(corner.shape & 0xffu, corner.radius, corner.offset);
  let half = select(0.0, HALF_LINE * view.ratio, open);
  let whole = clamp(0.5 - (away - half), 0.0, 1.0);
  let core = select(0.0, clamp(0.5 - (away + half), 0.0, 1.0), open);
  let color = corner.color.rgb * (whole - core) + view.ground.rgb * core;
  return vec4f(color, whole) * corner.color.a;
}
