import { Journal, JournalError } from '../journal';
import type { Entry } from '../types';
import { exactText, withNumbers } from './exactText';

/** What a journal's file holds. */
export interface JournalFile {
  entries: Entry[];
  /** 1 when the last line was cut off, as by a killed writer, and left out; else 0. */
  dropped: number;
  /** The last line has no end: before more is written, it needs one (or all is written anew). */
  open: boolean;
}

/** Version of the journal that is written, and the newest that is read. */
const VERSION = 1;

/** An entry as its line, without an end. */
export const lineOf = (entry: Entry): string => exactText(entry);

/** A journal as JSON Lines: each entry a line, with its end. Numbers come back bit for bit. */
export const toJsonLines = (entries: readonly Entry[]): string => entries.map((entry) => `${lineOf(entry)}\n`).join('');

type Kind = 'number' | 'whole' | 'text' | 'object' | 'list' | 'lists' | 'number?';
const KINDS: Record<Kind, { is: (x: unknown) => boolean; words: string }> = {
  number: { is: Number.isFinite, words: 'a number' },
  whole: { is: (x) => Number.isSafeInteger(x) && (x as number) >= 0, words: 'a whole number from 0' },
  text: { is: (x) => typeof x === 'string', words: 'a text' },
  object: { is: (x) => typeof x === 'object' && x !== null && !Array.isArray(x), words: 'an object' },
  list: { is: Array.isArray, words: 'a list' },
  lists: {
    is: (x) => {
      if (!KINDS.object.is(x)) return false;
      const lists = Object.values(x as object);
      const good = (list: unknown) => Array.isArray(list) && list.every((v) => v === null || Number.isFinite(v));
      return lists.every((list) => good(list) && list.length === lists[0].length);
    },
    words: 'lists of equally many numbers, by metric',
  },
  'number?': { is: (x) => x === null || Number.isFinite(x), words: 'a number or null' },
};

/** What each type of entry must hold. */
const SHAPES: Record<Entry['type'], Record<string, Kind>> = {
  sweep: { spec: 'object', version: 'text', backend: 'text', adapter: 'text', memory: 'number', at: 'number' },
  point: { point: 'whole', values: 'object' },
  trial: { trial: 'whole', point: 'whole', seed: 'whole' },
  steps: { trial: 'whole', from: 'whole', metrics: 'lists' },
  evaluation: { trial: 'whole', step: 'whole', result: 'object' },
  end: { trial: 'whole', state: 'text', step: 'whole', value: 'number?', why: 'text' },
  map: { trial: 'whole', x: 'list', y: 'list', domain: 'list', correct: 'list' },
  order: { order: 'object' },
  round: { round: 'whole', seconds: 'number' },
};

const brief = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

function entryOf(row: Record<string, unknown>, fault: (what: string) => never): Entry {
  const type = row.type as Entry['type'];
  if (!Object.hasOwn(SHAPES, type)) return fault(`unknown type: ${brief(row.type)} (${Object.keys(SHAPES).join(', ')})`);
  for (const [key, kind] of Object.entries(SHAPES[type]))
    if (!KINDS[kind].is(row[key])) return fault(`invalid ${key} of a ${type} entry: ${brief(row[key])} (${KINDS[kind].words})`);
  const entry = row as unknown as Entry;
  if (entry.type === 'sweep') {
    const { version, seeds, fields, objective } = entry.spec as Partial<typeof entry.spec>;
    if (version !== VERSION) return fault(`is a sweep of version ${brief(version)} (this program reads ${VERSION})`);
    if (!Array.isArray(seeds) || !Array.isArray(fields) || !KINDS.object.is(objective))
      return fault('invalid spec: it has no seeds, fields or objective');
  }
  if (entry.type === 'end' && !['finished', 'pruned', 'stopped', 'failed'].includes(entry.state))
    return fault(`invalid state of an end entry: ${brief(entry.state)} (finished, pruned, stopped, failed)`);
  return entry.type === 'evaluation' ? { ...entry, result: withNumbers(entry.result) } : entry;
}

/**
 * Reads what `toJsonLines` wrote, also when its writer was killed in the middle of the last line.
 * @throws Error naming line (from 1) and fault: no JSON, an unknown or incomplete entry, one that does not follow from those before it, a
 * newer version; or that there is no entry at all
 */
export function fromJsonLines(text: string): JournalFile {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const journal = new Journal();
  const entries: Entry[] = [];
  let dropped = 0;
  lines.forEach((line, i) => {
    const fault = (what: string): never => {
      throw new Error(`line ${i + 1}: ${what}`);
    };
    if (!line.trim()) return;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      // Only what has no end of line can have been cut off.
      if (i === lines.length - 1) {
        dropped = 1;
        return;
      }
      fault(`not complete JSON: ${brief(line.trim())}`);
    }
    if (!KINDS.object.is(row)) fault(`${brief(row)} is not an object`);
    const entry = entryOf(row as Record<string, unknown>, fault);
    try {
      journal.push([entry]);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      fault(error.message.replace(/^entry \d+ of the journal: /, ''));
    }
    entries.push(entry);
  });
  // A writer killed in its first line leaves nothing, which is no fault.
  if (!entries.length && !(dropped && text.startsWith('{"type":"sweep"')))
    throw new Error(dropped ? 'line 1: not complete JSON' : 'the journal is empty: it begins with an entry of type sweep');
  return { entries, dropped, open: text !== '' && !text.endsWith('\n') };
}
