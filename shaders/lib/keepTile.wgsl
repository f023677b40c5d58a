// Stores a 4 x 4 tile of cosines at positions below `end` (rows, columns). The kernel declares params.rows and `cosines`.
fn keepRow(run: u32, row: u32, columns: vec4<u32>, end: vec2<u32>, c: vec4<f32>) {
  if (row >= end.x) { return; }
  let first = (run * params.rows + row) * params.rows;
  if (columns.x < end.y) { cosines[first + columns.x] = c.x; }
  if (columns.y < end.y) { cosines[first + columns.y] = c.y; }
  if (columns.z < end.y) { cosines[first + columns.z] = c.z; }
  if (columns.w < end.y) { cosines[first + columns.w] = c.w; }
}

fn keepTile(run: u32, rows: vec4<u32>, columns: vec4<u32>, end: vec2<u32>, tile: mat4x4<f32>) {
  keepRow(run, rows.x, columns, end, tile[0]);
  keepRow(run, rows.y, columns, end, tile[1]);
  keepRow(run, rows.z, columns, end, tile[2]);
  keepRow(run, rows.w, columns, end, tile[3]);
}
