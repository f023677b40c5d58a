import { afterEach, beforeEach } from 'vitest';
import { type Archive, openArchive } from '../../src/archive/archive';
import { opfsVault } from '../../src/archive/vault';

let count = 0;
const opened: Archive[] = [];

/** A name of its own for each test's archive; what a test leaves is cleared away. */
export const room = {
  name: '',
  /** Opens the test's archive as one more tab would. */
  async open(parts: Parameters<typeof openArchive>[1] = {}): Promise<Archive> {
    const archive = await openArchive(room.name, parts);
    opened.push(archive);
    return archive;
  },
  /** Files in the private file system. */
  files: async (): Promise<string[]> => (await (await opfsVault(room.name))?.names())?.sort() ?? [],
};

export function inRoom(): void {
  beforeEach(() => {
    room.name = `test-${Date.now()}-${count++}`;
  });
  afterEach(async () => {
    for (const archive of opened.splice(0)) archive.close();
    indexedDB.deleteDatabase(room.name);
    await (await navigator.storage.getDirectory()).removeEntry(room.name, { recursive: true }).catch(() => undefined);
  });
}
