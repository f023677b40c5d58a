import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSweeps, type SweepArchive } from '../../src/archive/sweeps/sweeps';
import { dexieSweeps, type SweepTables } from '../../src/archive/sweeps/tables';
import { bytesOf } from './support';
import { journal, parts, spec, sweepCases } from './sweepCases';

let name = '';
let count = 0;
const opened: SweepArchive[] = [];
/** Opens the test's archive as one more tab would. */
async function open(given: Parameters<typeof openSweeps>[1] = {}): Promise<SweepArchive> {
  const archive = await openSweeps(name, given);
  opened.push(archive);
  return archive;
}
beforeEach(() => {
  name = `test-sweeps-${Date.now()}-${count++}`;
});
afterEach(() => {
  for (const archive of opened.splice(0)) archive.close();
  indexedDB.deleteDatabase(name);
});

const full = () => new DOMException('The quota has been exceeded.', 'QuotaExceededError');
const snapshot = { entries: 5, fleets: [{ places: 4, left: 3 }], trials: [{ trial: 0, fleet: 0, bytes: bytesOf(1) }] };

describe('in IndexedDB', () => {
  sweepCases((now) => open(now ? { now } : {}));

  test('all of it is there after a reload', async () => {
    const archive = await open();
    expect([archive.persistent, archive.reason]).toEqual([true, '']);
    const { id } = await archive.create(spec);
    for (const part of parts) await archive.append(id, part);
    await archive.snapshot(id, snapshot);
    await archive.checkpoint(id, 2, bytesOf(2));
    const before = await archive.load(id);
    archive.close();
    const next = await open();
    expect(await next.load(id)).toStrictEqual(before);
    expect(await next.checkpointOf(id, 2)).toEqual(bytesOf(2));
  });
});

describe('cut short', () => {
  /** Tables whose page dies at the `nth` write of a kind from now on: nothing after that happens. */
  async function dying(kind: 'entries' | 'snapshots', nth: number): Promise<{ tables: SweepTables; dead: () => boolean }> {
    const tables = await dexieSweeps(name);
    const { put } = tables[kind];
    let left = nth;
    let dead = false;
    tables[kind].put = (async (row: never) => {
      if (left-- > 0) return put(row);
      dead = true;
      tables.close();
      return new Promise(() => undefined);
    }) as typeof put;
    return { tables, dead: () => dead };
  }

  test('between entries and snapshot: the snapshot before stands, with a longer journal', async () => {
    const { tables, dead } = await dying('snapshots', 1);
    const archive = await open({ tables });
    const { id } = await archive.create(spec);
    await archive.append(id, parts[0]);
    await archive.snapshot(id, snapshot);
    await archive.append(id, parts[1]);
    archive.snapshot(id, { entries: 10, fleets: [{ places: 4, left: 0 }], trials: [] }).catch(() => undefined);
    await expect.poll(dead).toBe(true);
    const found = await (await open()).load(id);
    expect(found.entries).toStrictEqual(journal.slice(0, 10));
    expect(found.snapshot).toEqual(snapshot);
  });

  test('in the middle of entries: none of them is there, and the sweep goes on', async () => {
    const { tables, dead } = await dying('entries', 1);
    const archive = await open({ tables });
    const { id } = await archive.create(spec);
    await archive.append(id, parts[0]);
    archive.append(id, parts[1]).catch(() => undefined);
    await expect.poll(dead).toBe(true);
    const next = await open();
    expect((await next.load(id)).entries).toStrictEqual(parts[0]);
    for (const part of parts.slice(1)) await next.append(id, part);
    expect((await next.load(id)).entries).toStrictEqual(journal);
  });
});

test('entries that do not fit leave all that there was, and fit later', async () => {
  const tables = await dexieSweeps(name);
  const archive = await open({ tables });
  const { id } = await archive.create(spec);
  await archive.append(id, parts[0]);
  const before = await archive.load(id);
  const { put } = tables.entries;
  tables.entries.put = async (row) => {
    await put(row);
    throw full();
  };
  await expect(archive.append(id, parts[1])).rejects.toMatchObject({
    name: 'ArchiveFullError',
    what: '5 entries of the journal',
  });
  expect(await archive.load(id)).toStrictEqual(before);
  tables.entries.put = put;
  await archive.append(id, parts[1]);
  expect((await archive.load(id)).entries).toStrictEqual(journal.slice(0, 10));
});

test('two tabs: the second cannot take a sweep that the first has, and sees what it writes', async () => {
  const [first, second] = [await open(), await open()];
  const { id } = await first.create(spec);
  const held = await first.claim(id);
  expect(await second.claim(id)).toBeNull();
  expect(await second.claimed()).toEqual([id]);
  const seen = vi.fn();
  second.watch((list) => seen(list[0]?.trials));
  await first.append(id, parts[0]);
  await expect.poll(() => seen.mock.lastCall).toEqual([3]);
  held?.release();
  await expect.poll(async () => (await second.claim(id)) !== null).toBe(true);
});

test('sweeps of a newer version are left alone', async () => {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(name, 70);
    request.onupgradeneeded = () => request.result.createObjectStore('future');
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error);
  });
  const archive = await open();
  expect(archive.persistent).toBe(false);
  expect(archive.reason).toContain('was written by a newer version of MCPO Lab');
  await archive.create(spec);
  expect((await indexedDB.databases()).find((d) => d.name === name)?.version).toBe(70);
});
