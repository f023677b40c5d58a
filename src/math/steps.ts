/** Long computations in small steps: a generator yields the share done (0 to 1), so that a worker can breathe, report and stop between. */
export type Steps<T> = Generator<number, T, void>;

/** Runs to the end without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same steps as the part of a longer work between the shares `from` and `to`. */
export function* part<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield from + (to - from) * value;
  }
}
