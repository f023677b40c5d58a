/** Counter-based random numbers: a hash of (seed, stream, a, b). Bit for bit equal to shaders/lib/random.wgsl. */

/** PCG output permutation (O'Neill 2014) of a 32-bit word. */
export function hash32(value: number): number {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}

/** 32 random bits of counter (a, b) in a stream of a seed; all arguments are taken modulo 2³². */
export function randomBits(seed: number, stream: number, a: number, b: number): number {
  return hash32((b + hash32((a + hash32((stream + hash32(seed >>> 0)) >>> 0)) >>> 0)) >>> 0);
}

/** In (0, 1): the upper 23 bits, centred, so that neither 0 nor 1 occurs. */
export function randomUnit(seed: number, stream: number, a: number, b: number): number {
  return ((randomBits(seed, stream, a, b) >>> 9) + 0.5) * 1.1920928955078125e-7;
}

/** Streams keep unrelated draws apart. */
export const STREAM = {
  domainOffset: 1,
  instance: 2,
  token: 3,
  init: 4,
  demonstration: 5,
  world: 6,
  bank: 7,
  evaluation: 8,
  task: 9,
  order: 10,
  surgery: 11,
  clipo: 12,
  analysis: 13,
  sweep: 14,
} as const;

/** A sequential generator on top of the counter, for set-up work on the CPU. */
export class Random {
  private counter = 0;
  constructor(
    readonly seed: number,
    readonly stream: number,
    readonly key = 0,
  ) {}

  /** Uniform in (0, 1). */
  unit(): number {
    return randomUnit(this.seed, this.stream, this.key, this.counter++);
  }

  /** Uniform integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** A shuffled copy (Fisher–Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const out = items.slice();
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}
