/** The 64 tokens of the toy world, and their text. */

/** Prompt tokens Q: the question is right-filled with `pad` before the closing `?`. */
export const PROMPT_LENGTH = 16;
/** Most response tokens T, `eos` included. */
export const RESPONSE_LENGTH = 12;

const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i}`);

/** Text of each token. `[U]` is a spare domain mark for a domain of your own. */
export const TOKEN_NAMES: readonly string[] = [
  ...['·', '<eos>', '|', '#', '[M]', '[C]', '[S]', '[T]', '[F]'],
  ...numbered('', 10),
  ...['+', '-', '*', '?', 'A', 'B', 'C', 'D', 'x', 'y', 'z'],
  ...numbered('F', 6),
  ...numbered('t', 6),
  ...numbered('v', 6),
  ...numbered('k', 3),
  ...numbered('w', 12),
  '[U]',
];

/** Vocabulary V: a multiple of 4. */
export const VOCABULARY_SIZE = TOKEN_NAMES.length;

const tokenOf = new Map(TOKEN_NAMES.map((name, token) => [name, token]));

/** Token of a name. @throws Error when there is no such token. */
export function token(name: string): number {
  const found = tokenOf.get(name);
  if (found === undefined) throw new Error(`unknown token: ${name} (one of ${TOKEN_NAMES.join(' ')})`);
  return found;
}

/** Named tokens, and the first token of each numbered kind. */
export const TOKEN = {
  pad: 0,
  eos: 1,
  bar: token('|'),
  hash: token('#'),
  math: token('[M]'),
  code: token('[C]'),
  science: token('[S]'),
  toolUse: token('[T]'),
  safety: token('[F]'),
  digit0: token('0'),
  plus: token('+'),
  minus: token('-'),
  times: token('*'),
  question: token('?'),
  optionA: token('A'),
  x: token('x'),
  y: token('y'),
  z: token('z'),
  formula0: token('F0'),
  tool0: token('t0'),
  verb0: token('v0'),
  key0: token('k0'),
  word0: token('w0'),
  user: token('[U]'),
} as const;

/** The operators `+ - *`, in this order. */
export const OPERATORS: readonly number[] = [TOKEN.plus, TOKEN.minus, TOKEN.times];

/** Digit of a digit token. */
export const digitOf = (t: number): number => t - TOKEN.digit0;
/** Token of a digit 0–9. */
export const digit = (value: number): number => TOKEN.digit0 + value;

/** Text of a prompt or response: without the filling before a closing `?` and without what follows `<eos>`. */
export function show(tokens: ArrayLike<number>): string {
  const all = Array.from(tokens);
  const end = all.indexOf(TOKEN.eos);
  const kept = end < 0 ? all : all.slice(0, end + 1);
  if (kept.at(-1) === TOKEN.question) while (kept.at(-2) === TOKEN.pad) kept.splice(-2, 1);
  return kept.map((t) => TOKEN_NAMES[t] ?? `<${t}>`).join(' ');
}

/** Tokens of a text with one space between names. @throws Error when a name is unknown. */
export const tokenize = (text: string): number[] => text.split(/\s+/).filter(Boolean).map(token);

const constant = (name: string) => name.replace(/([A-Z])/g, '_$1').toUpperCase();

/** WGSL constants `TOKEN_PAD`, `TOKEN_DIGIT0`, `TOKEN_OPTION_A`, …, and `VOCABULARY_SIZE`. */
export const vocabularyWgsl: string = [
  ...Object.entries(TOKEN).map(([name, t]) => `const TOKEN_${constant(name)}: u32 = ${t}u;`),
  `const VOCABULARY_SIZE: u32 = ${VOCABULARY_SIZE}u;`,
].join('\n');
