/** JSON in which −0 stays −0; what JSON has no number for is null. */
export function exactText(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? String(value) : 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(exactText).join(',')}]`;
  const pairs = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${pairs.map(([key, v]) => `${JSON.stringify(key)}:${exactText(v)}`).join(',')}}`;
}

/** Numbers in place of the nulls that `exactText` wrote, for objects that hold nothing but numbers. */
export function withNumbers<T>(value: T): T {
  if (value === null) return Number.NaN as T;
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, v]) => [key, withNumbers(v)])) as T;
}
