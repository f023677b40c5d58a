import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { UsageError } from './io';

/** Writes a file so that an interrupted write leaves the old one whole. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

function open(path: string, flags: 'w' | 'a'): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot write ${path}: ${code === 'ENOENT' ? 'no such folder' : message}`);
  }
}

/** Makes sure, before long work, that `writeWhole(path)` can succeed. @throws UsageError */
export function checkWritable(path: string): void {
  closeSync(open(`${path}.part`, 'w'));
  rmSync(`${path}.part`);
}

/** `name.ext`, or `name-2.ext`, … : the first that does not exist yet. */
export function freeName(path: string): string {
  const dot = path.lastIndexOf('.');
  for (let n = 1; ; n++) {
    const name = n === 1 ? path : `${path.slice(0, dot)}-${n}${path.slice(dot)}`;
    if (!existsSync(name)) return name;
  }
}

/** A file of JSON Lines, each written at once. @throws UsageError when it cannot be opened */
export function jsonLines(path: string, append: boolean): { line(object: unknown): void; close(): void } {
  const file = open(path, append ? 'a' : 'w');
  return { line: (object) => void writeSync(file, `${JSON.stringify(object)}\n`), close: () => closeSync(file) };
}
