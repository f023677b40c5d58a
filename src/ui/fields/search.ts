import type { Field } from '../../config/fields';

const GREEK: Record<string, string> = {
  β: 'beta',
  γ: 'gamma',
  ε: 'epsilon',
  η: 'eta',
  κ: 'kappa',
  λ: 'lambda',
  τ: 'tau',
};

const plain = (text: string) => text.toLowerCase().replaceAll(/[-_’']/g, ' ');
const spelled = (symbol: string) => [...symbol].map((c) => GREEK[c] ?? c).join('');
/** `clipHigh` is also found as `clip high`. */
const words = (path: string) => path.replaceAll('.', ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2');

const texts = new WeakMap<Field, string>();

function textOf(f: Field): string {
  const known = texts.get(f);
  if (known !== undefined) return known;
  const { label, symbol = '', path, help, unit = '', options = [] } = f;
  const text = plain([label, symbol, spelled(symbol), path, words(path), unit, ...options, help].join(' \n '));
  texts.set(f, text);
  return text;
}

/** Whether each word of the query occurs in a text; an empty query is found everywhere. */
export const found = (query: string, text: string): boolean =>
  plain(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => plain(text).includes(word));

/** Whether a field's label, symbol (ε or epsilon), key path, unit, options or help hold each word of the query. */
export const matches = (f: Field, query: string): boolean => found(query, textOf(f));
