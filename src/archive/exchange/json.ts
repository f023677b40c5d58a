/**
 * JSON that gives back every number bit for bit: −0 as `-0`, and what JSON has no numbers for as the texts `"NaN"`, `"Infinity"`,
 * `"-Infinity"`.
 */
export function exactJson(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${exactJson(v)}`).join(',')}}`;
}

function numberText(x: number): string {
  if (!Number.isFinite(x)) return `"${x}"`;
  return Object.is(x, -0) ? '-0' : String(x);
}

/** A value in an error message. */
export function brief(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Ends the reading of a file with a sentence about the place. */
export type Fault = (what: string) => never;

/** Faults of one line. */
export const faultAt = (name: string, line: number): Fault => {
  return (what) => {
    throw new Error(`${name}, line ${line}: ${what}`);
  };
};

/** Faults of one row of a table without lines; 1 is the first. */
export const faultIn = (name: string, row: number): Fault => {
  return (what) => {
    throw new Error(`${name}, row ${row}: ${what}`);
  };
};

/** One line's JSON object. */
export function parseObject(text: string, fault: Fault): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const bare = /[[:,]\s*(-?(?:NaN|Infinity))\b/.exec(text)?.[1];
    if (bare) fault(`holds ${bare}, which JSON has no number for (null, or "${bare}" in quotes)`);
    const shown = text.trim();
    fault(`not complete JSON: ${shown.length > 60 ? `${shown.slice(0, 40)} … ${shown.slice(-12)}` : shown}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fault(`${brief(value)} is not an object`);
  return value as Record<string, unknown>;
}
