import type { FileRow, Shelf } from './tables';
import type { Bytes } from './types';

/** Files by name. A file is there whole, or not at all. */
export interface Vault {
  write(name: string, bytes: Bytes): Promise<void>;
  /** Null when there is none. */
  read(name: string): Promise<Bytes | null>;
  /** Files that are not there are no error. */
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
}

/** Bytes of one write: with more, Chromium may report a broken pipe (AbortError) where the quota is what stopped it. */
const PIECE = 1 << 16;

const absent = (error: unknown) => (error as Error).name === 'NotFoundError';

/** The browser's private file system; null where it has none, or none that this thread may write to. */
export async function opfsVault(folder: string): Promise<Vault | null> {
  try {
    if (!('createWritable' in FileSystemFileHandle.prototype)) return null;
    const root = await navigator.storage.getDirectory();
    const home = await root.getDirectoryHandle(folder, { create: true });
    const remove = async (name: string) => {
      await home.removeEntry(name).catch((error: unknown) => {
        if (!absent(error)) throw error;
      });
    };
    return {
      async write(name, bytes) {
        const file = await home.getFileHandle(name, { create: true });
        const out = await file.createWritable();
        try {
          for (let at = 0; at < bytes.length; at += PIECE) await out.write(bytes.subarray(at, at + PIECE));
          await out.close();
        } catch (error) {
          await out.abort().catch(() => undefined);
          await remove(name).catch(() => undefined);
          throw error;
        }
      },
      async read(name) {
        try {
          const file = await (await home.getFileHandle(name)).getFile();
          return new Uint8Array(await file.arrayBuffer());
        } catch (error) {
          if (absent(error)) return null;
          throw error;
        }
      },
      remove,
      async names() {
        const out: string[] = [];
        for await (const name of home.keys()) out.push(name);
        return out;
      },
    };
  } catch {
    return null;
  }
}

/** Files as rows of a table. */
export const tableVault = (files: Shelf<FileRow>): Vault => ({
  write: (file, bytes) => files.put([{ file, bytes }]),
  read: async (file) => (await files.get(file))?.bytes ?? null,
  remove: (file) => files.drop([file]),
  names: () => files.keys(),
});
