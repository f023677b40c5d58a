import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../host/protocol';
import type { Snapshot } from '../host/sweep/protocol';
import { fromJsonLines, toJsonLines } from '../sweep/exchange/journalFile';
import type { Entry } from '../sweep/types';
import { writeWhole } from './files';
import { UsageError } from './io';

/** A snapshot as one file: the length of a JSON head, the head, then the checkpoints one after another. */
function encodeSnapshot({ entries, fleets, trials }: Snapshot): Uint8Array {
  const head = { entries, fleets, trials: trials.map((t) => ({ ...t, bytes: t.bytes?.length ?? null })) };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const out = new Uint8Array(4 + text.length + trials.reduce((sum, t) => sum + (t.bytes?.length ?? 0), 0));
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  let at = 4 + text.length;
  for (const { bytes } of trials) {
    if (!bytes) continue;
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

function decodeSnapshot(file: Uint8Array): Snapshot {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  const { entries, fleets, trials } = JSON.parse(new TextDecoder().decode(file.subarray(4, 4 + length)));
  let at = 4 + length;
  return {
    entries,
    fleets,
    trials: trials.map(({ bytes, ...t }: { trial: number; fleet: number; bytes: number | null }) => {
      const own = bytes === null ? null : (file.slice(at, at + bytes) as Bytes);
      at += bytes ?? 0;
      return { ...t, bytes: own };
    }),
  };
}

/** Whether a process runs. */
function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * A sweep on disk: `journal.jsonl` grows line by line and is on the disk before the sweep goes on; `snapshot.bin` and
 * `checkpoints/trial-N.safetensors` are written whole or not at all.
 */
export class SweepFolder {
  private file: number | undefined;
  private locked: string | undefined;

  /** @throws UsageError when the folder cannot be made */
  constructor(readonly path: string) {
    try {
      mkdirSync(join(path, 'checkpoints'), { recursive: true });
    } catch (error) {
      throw new UsageError(`cannot write --out ${path}: ${(error as Error).message}`);
    }
  }

  /** The journal so far; a last line that a kill cut is dropped. @throws UsageError naming the line that is wrong */
  async journal(): Promise<Entry[]> {
    const path = join(this.path, 'journal.jsonl');
    if (!existsSync(path)) return [];
    const text = readFileSync(path, 'utf8');
    try {
      const { entries, dropped, open } = fromJsonLines(text);
      if (dropped || open) await writeWhole(path, new TextEncoder().encode(toJsonLines(entries)));
      return entries;
    } catch (error) {
      throw new UsageError(`${path}: ${(error as Error).message}`);
    }
  }

  /** The last snapshot; null when there is none that can be read: all is then made again. */
  snapshot(say: (line: string) => void): Snapshot | null {
    const path = join(this.path, 'snapshot.bin');
    if (!existsSync(path)) return null;
    try {
      return decodeSnapshot(new Uint8Array(readFileSync(path)));
    } catch (error) {
      say(`${path} cannot be read (${(error as Error).message}): the sweep is made again from its journal`);
      return null;
    }
  }

  /** Keeps other commands off the folder until `close`. @throws UsageError when one is at work in it */
  lock(): void {
    const path = join(this.path, 'lock');
    const owner = existsSync(path) ? Number(readFileSync(path, 'utf8')) : Number.NaN;
    if (owner !== process.pid && isAlive(owner)) throw new UsageError(`${this.path} is in use by process ${owner}`);
    writeFileSync(path, String(process.pid));
    this.locked = path;
  }

  append(entries: readonly Entry[]): void {
    this.file ??= openSync(join(this.path, 'journal.jsonl'), 'a');
    writeFileSync(this.file, toJsonLines(entries));
    fsyncSync(this.file);
  }

  keep(snapshot: Snapshot): Promise<void> {
    return writeWhole(join(this.path, 'snapshot.bin'), encodeSnapshot(snapshot));
  }

  checkpoint(trial: number, bytes: Bytes): Promise<void> {
    return writeWhole(join(this.path, 'checkpoints', `trial-${trial}.safetensors`), bytes);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.path, name);
    await writeWhole(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return path;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    if (this.locked) rmSync(this.locked, { force: true });
  }
}
