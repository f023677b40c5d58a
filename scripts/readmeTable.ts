import { bounds, FIELDS, type Field } from '../src/config/fields';

const START = '<!-- configuration: made by `npm run readme` -->';
const END = '<!-- /configuration -->';

const cell = (text: string) => text.replaceAll('|', '\\|');
const value = (v: Field['default'] | undefined) => (v === undefined ? '' : typeof v === 'string' ? `\`${v}\`` : String(v));

function row(f: Field): string {
  const name = `${f.label}${f.symbol ? ` ${f.symbol}` : ''}${f.unit ? ` (${f.unit})` : ''}`;
  const range = f.kind === 'text' ? 'text' : bounds(f).replace('an integer from ', '');
  return `| \`${f.path}\` | ${[value(f.default), range, value(f.paper), `${name}. ${f.help}`].map(cell).join(' | ')} |`;
}

/** The configuration table in Markdown. */
export const configurationTable = (): string =>
  ['| key | default | bounds | paper | meaning |', '|---|---|---|---|---|', ...FIELDS.map(row)].join('\n');

/**
 * The README with a fresh table between its markers.
 * @throws Error when a marker is missing.
 */
export function withTable(readme: string): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md lacks its markers: ${START} and ${END}`);
  return `${readme.slice(0, start)}${START}\n${configurationTable()}\n${readme.slice(end)}`;
}
