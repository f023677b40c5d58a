import { describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { NewerArchiveError, openArchive } from '../../src/archive/archive';
import { dexieTables } from '../../src/archive/dexieTables';
import { ArchiveFullError, isFull } from '../../src/archive/full';
import { opfsVault, type Vault } from '../../src/archive/vault';
import { inRoom, room } from './room';
import { bytesOf, newRun, stepsOf } from './support';

inRoom();
const { open, files } = room;
const full = () => new DOMException('The quota has been exceeded.', 'QuotaExceededError');

describe('cut short', () => {
  test('between file and row: the older checkpoint is whole, the orphan is swept later', async () => {
    let now = Date.now();
    const tables = await dexieTables(room.name);
    const archive = await open({ tables, now: () => now });
    const [run] = await archive.create([newRun('grpo')]);
    await archive.keep(run.id, 10, bytesOf(10));
    // The page dies once the new file is written: nothing after that happens.
    const atomically = tables.atomically;
    const dead = vi.fn(() => new Promise<never>(() => undefined));
    tables.atomically = dead;
    void archive.keep(run.id, 20, bytesOf(20));
    await expect.poll(() => dead.mock.calls.length).toBe(1);
    tables.atomically = atomically;
    expect(await files()).toHaveLength(2);

    const next = await open({ now: () => now });
    expect(await next.checkpoint(run.id)).toEqual({ step: 10, bytes: bytesOf(10) });
    await next.purge();
    expect(await files()).toHaveLength(2);
    now += 3_600_000;
    await next.purge();
    expect(await files()).toHaveLength(1);
    expect(await next.checkpoint(run.id)).toEqual({ step: 10, bytes: bytesOf(10) });
  });

  test('after the row, before the old files go: the new checkpoint counts', async () => {
    const vault = (await opfsVault(room.name)) as Vault;
    const archive = await open({ vault: { ...vault, remove: () => new Promise(() => undefined) } });
    const [run] = await archive.create([newRun('grpo')]);
    await archive.keep(run.id, 10, bytesOf(10));
    void archive.keep(run.id, 10, bytesOf(11));
    await expect.poll(async () => (await archive.checkpoint(run.id))?.bytes).toEqual(bytesOf(11));
    const next = await open();
    expect(await next.checkpoint(run.id)).toEqual({ step: 10, bytes: bytesOf(11) });
  });

  test('a file that is gone or short makes the older one the newest', async () => {
    const vault = (await opfsVault(room.name)) as Vault;
    const archive = await open();
    const [run] = await archive.create([newRun('grpo')]);
    for (const step of [10, 20, 30]) await archive.keep(run.id, step, bytesOf(step));
    const fileOf = async (step: number) => (await files()).find((f) => f.startsWith(`${run.id}-${step}-`)) as string;
    await vault.remove(await fileOf(30));
    expect((await archive.checkpoint(run.id))?.step).toBe(20);
    await vault.write(await fileOf(20), bytesOf(20, 10));
    expect((await archive.checkpoint(run.id))?.step).toBe(10);
    expect((await archive.resumable(run.fleet))?.step).toBe(10);
    await expect(archive.checkpoint(run.id, 20)).rejects.toThrow('the checkpoint of step 20 is damaged');
  });
});

describe('full storage', () => {
  test('a checkpoint that does not fit leaves those before it, and says what was to be saved', async () => {
    const vault = (await opfsVault(room.name)) as Vault;
    let space = true;
    const write: Vault['write'] = (file, bytes) => (space ? vault.write(file, bytes) : Promise.reject(full()));
    const archive = await open({ vault: { ...vault, write } });
    const runs = await archive.create([newRun('grpo'), newRun('dapo')]);
    await archive.keepAll(
      10,
      runs.map((r) => ({ id: r.id, bytes: bytesOf(10) })),
    );
    space = false;
    const error = await archive
      .keepAll(
        20,
        runs.map((r) => ({ id: r.id, bytes: bytesOf(20) })),
      )
      .catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'ArchiveFullError', what: 'the checkpoint of step 20 (0.1 MB) of "GRPO" and 1 more' });
    expect((error as Error).message).toMatch(
      /^storage is full \(.+ used.+\): the checkpoint of step 20 .* could not be saved; what was saved before is whole/,
    );
    expect(await files()).toHaveLength(2);
    expect((await archive.resumable(runs[0].fleet))?.step).toBe(10);
    space = true;
    await archive.keepAll(
      30,
      runs.map((r) => ({ id: r.id, bytes: bytesOf(30) })),
    );
    expect((await archive.resumable(runs[0].fleet))?.step).toBe(30);
  });

  test('the second of two files: neither is kept', async () => {
    const vault = (await opfsVault(room.name)) as Vault;
    let left = 1;
    const write: Vault['write'] = (file, bytes) => (left-- > 0 ? vault.write(file, bytes) : Promise.reject(full()));
    const archive = await open({ vault: { ...vault, write } });
    const runs = await archive.create([newRun('grpo'), newRun('dapo')]);
    await expect(
      archive.keepAll(
        20,
        runs.map((r) => ({ id: r.id, bytes: bytesOf(20) })),
      ),
    ).rejects.toThrow('storage is full');
    expect(await files()).toEqual([]);
    expect(await archive.checkpoints(runs[0].id)).toEqual([]);
  });

  test('steps that do not fit leave all that there was, those to be replaced too', async () => {
    const tables = await dexieTables(room.name);
    const archive = await open({ tables });
    const [run] = await archive.create([newRun('grpo')]);
    await archive.append(run.id, stepsOf(1, 100));
    await archive.keep(run.id, 90, bytesOf(90));
    const before = await archive.load(run.id);
    const put = tables.steps.put;
    tables.steps.put = async (rows) => {
      await put(rows.slice(0, 2));
      throw full();
    };
    const error = await archive.append(run.id, stepsOf(81, 120, 3)).catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'ArchiveFullError', what: 'steps 81 to 120 of "GRPO"' });
    expect(await archive.load(run.id)).toStrictEqual(before);
    expect((await archive.checkpoint(run.id))?.bytes).toEqual(bytesOf(90));
    tables.steps.put = put;
    await archive.append(run.id, stepsOf(81, 120, 3));
    expect((await archive.load(run.id)).steps).toStrictEqual([...stepsOf(1, 80), ...stepsOf(81, 120, 3)]);
  });

  test('as the browser itself reports it', async () => {
    const archive = await open();
    const [run] = await archive.create([newRun('grpo')]);
    await archive.append(run.id, stepsOf(1, 50));
    await archive.keep(run.id, 50, bytesOf(50));
    const before = await archive.load(run.id);
    const quota = (quotaSize?: number) =>
      cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, ...(quotaSize ? { quotaSize } : {}) });
    await quota(((await archive.usage())?.used ?? 0) + 100_000);
    try {
      const error = await archive.keep(run.id, 60, new Uint8Array(6_000_000)).catch((e: Error) => e);
      expect(error).toMatchObject({ name: 'ArchiveFullError', what: 'the checkpoint of step 60 (6 MB) of "GRPO"' });
      expect(await archive.load(run.id)).toStrictEqual(before);
      expect(await files()).toHaveLength(1);
    } finally {
      await quota();
    }
    await archive.keep(run.id, 60, bytesOf(60));
    expect(await archive.checkpoint(run.id)).toEqual({ step: 60, bytes: bytesOf(60) });
    expect((await archive.checkpoint(run.id, 50))?.bytes).toEqual(bytesOf(50));
  });

  test('the message says how much is used of what', () => {
    const full = (used: number, quota: number) => new ArchiveFullError('step 5 of "A"', { used, quota }).message;
    expect(full(590e6, 600e6)).toBe(
      'storage is full (590 MB used of 600 MB): step 5 of "A" could not be saved; what was saved before is whole, and deleting runs makes room',
    );
    // Some browsers name a quota that they do not grant.
    expect(full(1.23e6, 10e9)).toContain(
      'storage is full (1.3 MB used; the browser gives no more, though it names a quota of 10 GB): step 5',
    );
  });

  test('is recognised however it is wrapped', () => {
    expect(isFull(full())).toBe(true);
    expect(isFull(Object.assign(new Error(), { name: 'AbortError', inner: full() }))).toBe(true);
    expect(isFull(new Error('disk'))).toBe(false);
  });
});

describe('what cannot be opened', () => {
  const versionOf = (version: number) =>
    new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(room.name, version);
      request.onupgradeneeded = () => request.result.createObjectStore('future');
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = () => reject(request.error);
    });

  test('an archive of a newer version is named, and left alone', async () => {
    await versionOf(70);
    await expect(openArchive(room.name)).rejects.toThrow(NewerArchiveError);
    await expect(openArchive(room.name)).rejects.toThrow(
      'was written by a newer version of MCPO Lab (its format is 7, this program reads up to 1)',
    );
    const found = (await indexedDB.databases()).find((d) => d.name === room.name);
    expect(found?.version).toBe(70);
  });

  test('without IndexedDB the archive is one in memory and says why', async () => {
    const blocked = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    const archive = await open();
    blocked.mockRestore();
    expect(archive.persistent).toBe(false);
    expect(archive.reason).toBe(
      "runs are not kept when this page closes: the browser's storage cannot be used (The operation is insecure.)",
    );
    const [run] = await archive.create([newRun('grpo')]);
    await archive.append(run.id, stepsOf(1, 3));
    expect((await archive.load(run.id)).steps).toHaveLength(3);
    expect((await indexedDB.databases()).some((d) => d.name === room.name)).toBe(false);
  });
});
