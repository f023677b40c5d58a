import type { Box, Lasso } from './view';

/** Points of the plane in square cells, for quick questions about what is near. */
export class PointGrid {
  private readonly start: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly columns: number;
  private readonly lines: number;
  private readonly x0: number = 0;
  private readonly y0: number = 0;
  private readonly cell: number;

  /** `points` is f[n, stride]: x and y are the first two of each row; rows that are not finite are in no cell. */
  constructor(
    private readonly points: ArrayLike<number>,
    private readonly stride = 2,
  ) {
    const n = Math.floor(points.length / stride);
    let [x0, y0, x1, y1, count] = [Infinity, Infinity, -Infinity, -Infinity, 0];
    for (let i = 0; i < n; i++) {
      const [x, y] = [points[i * stride], points[i * stride + 1]];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      count++;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
    }
    const [w, h] = count ? [x1 - x0, y1 - y0] : [0, 0];
    this.x0 = count ? x0 : 0;
    this.y0 = count ? y0 : 0;
    // About two points per cell, and never more cells than that in one direction.
    this.cell = Math.max(
      Math.sqrt((2 * w * h) / Math.max(1, count)),
      (2 * Math.max(w, h)) / Math.max(1, count),
      Number.MIN_VALUE,
    );
    this.columns = Math.floor(w / this.cell) + 1;
    this.lines = Math.floor(h / this.cell) + 1;
    this.start = new Uint32Array(this.columns * this.lines + 1);
    this.rows = new Uint32Array(count);
    const at = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      const [x, y] = [points[i * stride], points[i * stride + 1]];
      at[i] = Number.isFinite(x) && Number.isFinite(y) ? this.line(y) * this.columns + this.column(x) : -1;
      if (at[i] >= 0) this.start[at[i] + 1]++;
    }
    for (let c = 1; c < this.start.length; c++) this.start[c] += this.start[c - 1];
    const next = this.start.slice();
    for (let i = 0; i < n; i++) if (at[i] >= 0) this.rows[next[at[i]]++] = i;
  }

  private column = (x: number) => Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.x0) / this.cell)));
  private line = (y: number) => Math.min(this.lines - 1, Math.max(0, Math.floor((y - this.y0) / this.cell)));

  private each([x0, y0, x1, y1]: Box, visit: (row: number, x: number, y: number) => void): void {
    const [left, right] = [this.column(Math.min(x0, x1)), this.column(Math.max(x0, x1))];
    const [low, high] = [this.line(Math.min(y0, y1)), this.line(Math.max(y0, y1))];
    for (let l = low; l <= high; l++)
      for (let k = this.start[l * this.columns + left]; k < this.start[l * this.columns + right + 1]; k++) {
        const row = this.rows[k];
        visit(row, this.points[row * this.stride], this.points[row * this.stride + 1]);
      }
  }

  /** The row nearest to (x, y) within `radius` among those that `shown` allows; −1 without any. */
  nearest(x: number, y: number, radius: number, shown: (row: number) => boolean = () => true): number {
    let [best, least] = [-1, radius * radius];
    this.each([x - radius, y - radius, x + radius, y + radius], (row, px, py) => {
      const away = (px - x) ** 2 + (py - y) ** 2;
      if (away > least || (away === least && best >= 0 && row > best) || !shown(row)) return;
      [best, least] = [row, away];
    });
    return best;
  }

  /** Rows in the box, ascending. */
  inBox(box: Box): number[] {
    const [left, right] = [Math.min(box[0], box[2]), Math.max(box[0], box[2])];
    const [low, high] = [Math.min(box[1], box[3]), Math.max(box[1], box[3])];
    const found: number[] = [];
    this.each(box, (row, x, y) => {
      if (x >= left && x <= right && y >= low && y <= high) found.push(row);
    });
    return found.sort((a, b) => a - b);
  }

  /** Rows inside the closed line (even-odd rule), ascending. */
  inLasso(lasso: Lasso): number[] {
    if (lasso.length < 3) return [];
    const [xs, ys] = [lasso.map((p) => p[0]), lasso.map((p) => p[1])];
    const around = this.inBox([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
    return around.filter((row) => inside(lasso, this.points[row * this.stride], this.points[row * this.stride + 1]));
  }
}

/** Whether (x, y) is inside the closed line (even-odd rule). */
export function inside(lasso: Lasso, x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = lasso.length - 1; i < lasso.length; j = i++) {
    const [[ax, ay], [bx, by]] = [lasso[i], lasso[j]];
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) within = !within;
  }
  return within;
}
