import { sizeText } from './full';
import { discard, type Parts, recordOf, saving } from './parts';
import { checkStep, newId } from './record';
import type { CheckpointRow } from './tables';
import { surplus } from './thin';
import type { Archive, Bytes } from './types';

const END = Number.MAX_SAFE_INTEGER;

/** Name of a new file: run, step, time, something unique. Names never repeat, so a file is never overwritten. */
export const fileName = ({ now }: Parts, run: string, step: number): string => [run, step, now().toString(36), newId()].join('-');
/** When a file was begun, from its name; 0 for names of other makes. */
export const fileTime = (name: string): number => Number.parseInt(name.split('-')[2] ?? '', 36) || 0;

type Checkpoints = Pick<Archive, 'keep' | 'keepAll' | 'checkpoints' | 'checkpoint' | 'resumable'>;

/**
 * Checkpoints: first the new file, then its row, then the old files go. Whatever is cut short in between, rows name whole files, and the
 * one before is still there.
 */
export function checkpoints(parts: Parts): Checkpoints {
  const { tables, vault } = parts;
  const rows = (id: string) => tables.checkpoints.range(id, 0, END);

  async function keepAll(step: number, entries: readonly { id: string; bytes: Bytes }[]): Promise<void> {
    if (!entries.length) return;
    checkStep(step);
    const fresh: CheckpointRow[] = entries.map(({ id, bytes }) => ({
      run: id,
      step,
      file: fileName(parts, id, step),
      bytes: bytes.length,
    }));
    const size = entries.reduce((sum, e) => sum + e.bytes.length, 0);
    const what = `the checkpoint of step ${step} (${sizeText(size)})`;
    const ids = entries.map((e) => e.id);
    let stale: string[];
    try {
      stale = await saving(parts, what, ids, async () => {
        for (const id of ids) await recordOf(parts, id);
        for (const [i, { bytes }] of entries.entries()) await vault.write(fresh[i].file, bytes);
        return tables.atomically(async () => {
          const files: string[] = [];
          for (const row of fresh) {
            await recordOf(parts, row.run);
            const before = await rows(row.run);
            const steps = [...new Set([...before.map((r) => r.step), step])].sort((a, b) => a - b);
            const thinned = new Set(surplus(steps));
            const dropped = before.filter((r) => thinned.has(r.step));
            files.push(...dropped.map((r) => r.file), ...before.filter((r) => r.step === step).map((r) => r.file));
            await tables.checkpoints.dropRows(dropped);
          }
          await tables.checkpoints.put(fresh);
          return files;
        });
      });
    } catch (error) {
      await discard(
        parts,
        fresh.map((r) => r.file),
      );
      throw error;
    }
    await discard(parts, stale);
  }

  /** A checkpoint's bytes; null when its file is gone or not whole. */
  async function read(row: CheckpointRow): Promise<Bytes | null> {
    const bytes = await vault.read(row.file);
    return bytes?.length === row.bytes ? bytes : null;
  }

  return {
    keepAll,
    keep: (id, step, bytes) => keepAll(step, [{ id, bytes }]),
    checkpoints: async (id) => (await rows(id)).map(({ step, bytes }) => ({ step, bytes })),
    async checkpoint(id, step) {
      for (const row of (await rows(id)).reverse()) {
        if (step !== undefined && row.step !== step) continue;
        const bytes = await read(row);
        if (bytes) return { step: row.step, bytes };
        if (step !== undefined) throw new Error(`the checkpoint of step ${step} is damaged: its file is not whole`);
      }
      return null;
    },
    async resumable(fleet) {
      const records = (await tables.runs.all())
        .filter((r) => r.fleet === fleet && r.deleted === undefined)
        .sort((a, b) => a.place - b.place);
      if (!records.length) return null;
      const kept = await Promise.all(records.map((r) => rows(r.id)));
      const common = kept[0].map((r) => r.step).filter((step) => kept.every((own) => own.some((r) => r.step === step)));
      for (const step of common.reverse()) {
        const runs: { record: (typeof records)[number]; bytes: Bytes }[] = [];
        for (const [i, record] of records.entries()) {
          const bytes = await read(kept[i].find((r) => r.step === step) as CheckpointRow);
          if (!bytes) break;
          runs.push({ record, bytes });
        }
        if (runs.length === records.length) return { step, runs };
      }
      return null;
    },
  };
}
