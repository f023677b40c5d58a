/** A fault of a sweep's specification: one sentence with value, place and bound. */
export class SpecError extends Error {
  override name = 'SpecError';
}

/** JSON text of a value, cut to what fits a sentence. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `invalid budget.trials: 0 (an integer from 1 to 100000)` */
export const invalid = (place: string, value: unknown, bound: string): SpecError =>
  new SpecError(`invalid ${place}: ${shown(value)} (${bound})`);

/** Edits (one character put in, left out, changed) between two texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** ` (did you mean …?)` with the names nearest to `word`, at most three, or null where none is near. */
export function nearest(word: string, names: readonly string[]): string | null {
  const far = names.map((name) => distance(word.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...far);
  const near =
    least <= Math.max(2, Math.floor(word.length / 4))
      ? names.filter((_, i) => far[i] === least)
      : names.filter((name) => word.length > 2 && name.startsWith(word));
  return near.length ? ` (did you mean ${near.slice(0, 3).join(' or ')}?)` : null;
}

/** ` (did you mean …?)`, or ` (one of …)` with the first few. */
export const hint = (word: string, names: readonly string[], most = 12): string =>
  nearest(word, names) ?? ` (one of ${names.slice(0, most).join(', ')}${names.length > most ? ' …' : ''})`;

/** A JSON object whose keys are all in `keys`; keys without a value are left out. @throws SpecError */
export function record(input: unknown, place: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw invalid(place || 'sweep', input, 'an object');
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) {
    if (!keys.includes(key)) throw new SpecError(`unknown key: ${place && `${place}.`}${key}${hint(key, keys)}`);
    if (value !== undefined) out[key] = value;
  }
  return out;
}

/** A list of `least` to `most` entries. @throws SpecError */
export function list(input: unknown, place: string, least: number, most: number): readonly unknown[] {
  if (!Array.isArray(input)) throw invalid(place, input, 'a list');
  if (input.length < least || input.length > most)
    throw new SpecError(`invalid ${place}: ${input.length} entries (${least} to ${most})`);
  return input;
}

/** An integer from `min` to `max`. @throws SpecError */
export function integer(input: unknown, place: string, min: number, max: number): number {
  if (!Number.isSafeInteger(input) || (input as number) < min || (input as number) > max)
    throw invalid(place, input, `an integer from ${min} to ${max}`);
  return (input as number) + 0;
}

/** A number above `min` and at most `max`. @throws SpecError */
export function positive(input: unknown, place: string, max: number): number {
  if (typeof input !== 'number' || !(input > 0 && input <= max)) throw invalid(place, input, `above 0, at most ${max}`);
  return input;
}

/** One of some words. @throws SpecError */
export function word<T extends string>(input: unknown, place: string, words: readonly T[]): T {
  const found = words.find((w) => w === input);
  if (found === undefined) throw invalid(place, input, `one of ${words.join(', ')}`);
  return found;
}
