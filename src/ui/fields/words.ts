import { bounds, type Field, type Value } from '../../config/fields';

/** Options whose names in the schema are not words. */
const OPTION_WORDS: Record<string, string> = {
  gru: 'GRU',
  relu: 'ReLU',
  gelu: 'GELU',
  infonce: 'InfoNCE',
  supconOut: 'SupCon, mean outside',
  supconIn: 'SupCon, mean inside',
  softNn: 'Soft nearest neighbours',
  mixed: 'Mixed groups',
  half: '(1 + cos) / 2',
  raw: 'Raw dot product',
  cosine: 'max(0, cos)',
  anchor: 'Per anchor',
  start: 'From the start',
  warmup: 'After warm-up',
  tensor: 'Per tensor',
  block: 'Per block',
  cross: 'Group against batch',
  negatives: 'Wrong ones',
  verifier: 'Verifier',
  last: 'Last token',
  coefficients: 'β and γ',
};

/** What the page calls an option of a choice. */
export const optionWord = (option: string): string => OPTION_WORDS[option] ?? option.charAt(0).toUpperCase() + option.slice(1);

/** A value as it is shown and as it may be typed. */
export function valueText(value: Value): string {
  if (typeof value !== 'number') return String(value);
  const short = String(value);
  return short.length > 7 && value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : short;
}

/** A number without an exponent, as ARIA wants it. */
export const decimal = (value: number): string =>
  String(value).includes('e') ? value.toFixed(15).replace(/\.?0+$/, '') : String(value);

/** A value in words: `off`, `Per tensor`, `0.1`. */
export function valueWord(f: Field, value: Value): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return f.kind === 'choice' ? optionWord(String(value)) : valueText(value);
}

/** What a reader calls a field: its symbol where it has one. */
export const shortName = (f: Field): string => (f.symbol ?? f.label).replace('_', ' ');

/** What the help of a field says, with its bounds and its key. */
export function hintText(f: Field): string {
  const words = [f.help];
  if (f.kind === 'integer' || f.kind === 'number')
    words.push(`From ${f.min} to ${f.max}${f.kind === 'integer' ? ', whole' : ''}.`);
  if (f.kind === 'choice') words.push(`One of ${bounds(f)}.`);
  if (f.paper !== undefined) words.push(`The paper: ${valueWord(f, f.paper)}.`);
  words.push(`Key: ${f.path}`);
  return words.join(' ');
}
