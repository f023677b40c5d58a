/** Affine map [a, b, c, d, e, f] as a canvas writes it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** `m` after `n`: first n, then m. */
export const after = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
];

/** Factor by which a map scales lengths (exact for similarities, the geometric mean otherwise). */
export const scaleOf = ([a, b, c, d]: Matrix): number => Math.sqrt(Math.abs(a * d - b * c));

/** A coordinate with at most two decimals. */
export const px = (value: number): string => String(Math.round(value * 100) / 100 || 0);

const TURN = 2 * Math.PI;

/** Signed angle that a canvas arc covers. */
function sweepOf(start: number, end: number, counterclockwise: boolean): number {
  const by = counterclockwise ? start - end : end - start;
  const angle = by >= TURN ? TURN : ((by % TURN) + TURN) % TURN;
  return counterclockwise ? -angle : angle;
}

/** Path data in root coordinates: points are mapped when they are added, as on a canvas. Calls with NaN or ∞ do nothing. */
export class SvgPath {
  private parts: string[] = [];

  get data(): string {
    return this.parts.join('');
  }

  private add(m: Matrix, command: string, ...points: number[]): void {
    const mapped: string[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i], points[i + 1]];
      mapped.push(`${px(m[0] * x + m[2] * y + m[4])},${px(m[1] * x + m[3] * y + m[5])}`);
    }
    this.parts.push(command + mapped.join(' '));
  }

  moveTo(m: Matrix, x: number, y: number): void {
    if (!Number.isFinite(x + y)) return;
    this.add(m, 'M', x, y);
  }

  lineTo(m: Matrix, x: number, y: number): void {
    if (!Number.isFinite(x + y)) return;
    this.add(m, this.parts.length ? 'L' : 'M', x, y);
  }

  curveTo(m: Matrix, ...points: [number, number, number, number] | [number, number, number, number, number, number]): void {
    if (!points.every(Number.isFinite)) return;
    if (!this.parts.length) this.add(m, 'M', points[0], points[1]);
    this.add(m, points.length === 4 ? 'Q' : 'C', ...points);
  }

  close(): void {
    if (this.parts.length) this.parts.push('Z');
  }

  rect(m: Matrix, x: number, y: number, width: number, height: number): void {
    if (![x, y, width, height].every(Number.isFinite)) return;
    this.moveTo(m, x, y);
    this.add(m, 'L', x + width, y);
    this.add(m, 'L', x + width, y + height);
    this.add(m, 'L', x, y + height);
    this.close();
  }

  /** An elliptic arc; round ones stay arcs, others become Bézier curves of at most a quarter turn. */
  ellipse(
    m: Matrix,
    x: number,
    y: number,
    rx: number,
    ry: number,
    rotation: number,
    start: number,
    end: number,
    counterclockwise = false,
  ): void {
    if (![x, y, rx, ry, rotation, start, end].every(Number.isFinite)) return;
    const own = after(m, [Math.cos(rotation), Math.sin(rotation), -Math.sin(rotation), Math.cos(rotation), x, y]);
    const sweep = sweepOf(start, end, counterclockwise);
    const point = (t: number): [number, number] => [rx * Math.cos(t), ry * Math.sin(t)];
    this.add(own, this.parts.length ? 'L' : 'M', ...point(start));
    const scale = scaleOf(m);
    const square = scale * scale;
    const even = Math.abs(m[0] ** 2 + m[1] ** 2 - square) + Math.abs(m[0] * m[2] + m[1] * m[3]) < 1e-9 * square;
    const round = rx === ry && even;
    const pieces = Math.max(1, Math.ceil(Math.abs(sweep) / (round ? Math.PI * 0.999 : Math.PI / 2) - 1e-9));
    const step = sweep / pieces;
    const k = (4 / 3) * Math.tan(step / 4);
    for (let i = 0; i < pieces && sweep !== 0; i++) {
      const [s, e] = [start + i * step, start + (i + 1) * step];
      if (round) {
        const clockwise = step > 0 === m[0] * m[3] - m[1] * m[2] > 0;
        this.add(own, `A${px(rx * scale)},${px(rx * scale)} 0 0 ${clockwise ? 1 : 0} `, ...point(e));
        continue;
      }
      const [[sx, sy], [ex, ey]] = [point(s), point(e)];
      const [tx, ty, ux, uy] = [-rx * Math.sin(s), ry * Math.cos(s), -rx * Math.sin(e), ry * Math.cos(e)];
      this.add(own, 'C', sx + k * tx, sy + k * ty, ex - k * ux, ey - k * uy, ex, ey);
    }
  }
}
