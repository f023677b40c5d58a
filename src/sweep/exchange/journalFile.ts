import { Journal, JournalError } from '../journal';
import { shown } from '../specError';
import type { Entry } from '../types';
import { entryOf, isObject } from './entryOf';
import { exactText } from './exactText';

/** What a journal's file holds. */
export interface JournalFile {
  entries: Entry[];
  /** 1 when the last line was cut off, as by a killed writer, and left out; else 0. */
  dropped: number;
  /** The last line has no end: before more is written, it needs one (or all is written anew). */
  open: boolean;
}

/** An entry as its line, without an end. */
export const lineOf = (entry: Entry): string => exactText(entry);

/** A journal as JSON Lines: each entry a line, with its end. Numbers come back bit for bit. */
export const toJsonLines = (entries: readonly Entry[]): string => entries.map((entry) => `${lineOf(entry)}\n`).join('');

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
      fault(`not complete JSON: ${shown(line.trim())}`);
    }
    if (!isObject(row)) return fault(`${shown(row)} is not an object`);
    const entry = entryOf(row, fault);
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
