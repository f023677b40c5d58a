/** Where a command writes: results to `out`, progress and complaints to `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
}

/** Bad input: one line naming value, place and bound; the command exits with 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
