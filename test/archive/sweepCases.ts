import { expect, test } from 'vitest';
import type { SweepArchive } from '../../src/archive/sweeps/sweeps';
import { Journal } from '../../src/sweep/journal';
import { entriesOf, specOf } from '../sweep/fixture';
import { bytesOf } from './support';

/** A journal of two points on three seeds, cut as a worker's events would be. */
export const journal = entriesOf({ points: [{ 'contrast.tau': 0.1 }, { 'contrast.tau': 0.5 }] });
export const spec = specOf();
/** The journal's parts: five entries each. */
export const parts = Array.from({ length: Math.ceil(journal.length / 5) }, (_, i) => journal.slice(5 * i, 5 * i + 5));

/** What holds wherever sweeps are kept; `open` opens the test's archive at a time of its own. */
export function sweepCases(open: (now?: () => number) => Promise<SweepArchive>): void {
  test('a journal comes back as it was written, and the record counts with it', async () => {
    const archive = await open();
    const { id } = await archive.create(spec);
    // What is best is told with what makes it so, and holds until something else is.
    for (const [i, part] of parts.entries()) await archive.append(id, part, i === 1 ? 0.25 : undefined);
    const { record, entries, snapshot } = await archive.load(id);
    expect(entries).toStrictEqual(journal);
    expect(snapshot).toBeNull();
    expect(record).toMatchObject({
      name: 'synthetic',
      backend: 'cpu',
      adapter: 'synthetic',
      trials: 6,
      ended: 6,
      best: 0.25,
      spec,
    });
    expect(new Journal(entries).state).toStrictEqual(new Journal(journal).state);
  });

  test('appends asked for at once are written in the order in which they were asked for', async () => {
    const archive = await open();
    const { id } = await archive.create(spec);
    await Promise.all(parts.map((part) => archive.append(id, part)));
    expect((await archive.load(id)).entries).toStrictEqual(journal);
  });

  test('one snapshot is kept, the newest; none that rests on entries that are not there', async () => {
    const archive = await open();
    const { id } = await archive.create(spec);
    await archive.append(id, parts[0]);
    const trials = [{ trial: 0, fleet: 0, bytes: bytesOf(1) }];
    await archive.snapshot(id, { entries: 5, fleets: [{ places: 4, left: 3 }], trials });
    await archive.append(id, parts[1]);
    await expect(archive.snapshot(id, { entries: 11, fleets: [], trials: [] })).rejects.toThrow(
      'invalid snapshot: it rests on 11 entries (the journal of "synthetic" has 10)',
    );
    expect((await archive.load(id)).snapshot).toEqual({ entries: 5, fleets: [{ places: 4, left: 3 }], trials });
    await archive.snapshot(id, {
      entries: 10,
      fleets: [{ places: 4, left: 0 }],
      trials: [{ trial: 1, fleet: 0, bytes: bytesOf(2) }],
    });
    expect((await archive.load(id)).snapshot).toEqual({
      entries: 10,
      fleets: [{ places: 4, left: 0 }],
      trials: [{ trial: 1, fleet: 0, bytes: bytesOf(2) }],
    });
  });

  test('checkpoints are kept by trial', async () => {
    const archive = await open();
    const [a, b] = [await archive.create(spec), await archive.create(spec)];
    await archive.checkpoint(a.id, 3, bytesOf(3));
    await archive.checkpoint(b.id, 3, bytesOf(4));
    expect(await archive.checkpointOf(a.id, 3)).toEqual(bytesOf(3));
    expect(await archive.checkpointOf(a.id, 2)).toBeNull();
    await expect(archive.checkpoint('nobody', 0, bytesOf(0))).rejects.toThrow('no such sweep: nobody');
  });

  test('names are checked, and the newest sweep comes first', async () => {
    let now = 1.7e12;
    const archive = await open(() => now++);
    const [a, b] = [await archive.create(spec), await archive.create({ ...spec, name: 'second' })];
    await archive.rename(a.id, 'λ × τ');
    await archive.status(b.id, 'finished');
    expect((await archive.list()).map((s) => [s.name, s.status])).toEqual([
      ['second', 'finished'],
      ['λ × τ', 'paused'],
    ]);
    await expect(archive.rename(a.id, '')).rejects.toThrow('invalid name: "" (text of 1 to 200 characters)');
    await expect(archive.create({ ...spec, name: 'a\nb' })).rejects.toThrow('invalid name: "a\\nb" (one line)');
  });

  test('a sweep in the bin can be brought back whole, until it is purged', async () => {
    let now = 1.7e12;
    const archive = await open(() => now);
    const kept = await archive.bring('from a file', journal);
    await archive.snapshot(kept.id, { entries: journal.length, fleets: [], trials: [] });
    await archive.checkpoint(kept.id, 0, bytesOf(1));
    const before = await archive.load(kept.id);
    const { token, what } = await archive.remove(kept.id);
    expect(what).toBe('deleted "from a file"');
    expect(await archive.list()).toEqual([]);
    expect(await archive.undos()).toEqual([{ token, what, at: now }]);
    await archive.purge(1000);
    await archive.undo(token);
    expect(await archive.load(kept.id)).toStrictEqual(before);
    await expect(archive.undo(token)).rejects.toThrow('this can no longer be undone');
    await archive.remove(kept.id);
    now += 1000;
    await archive.purge(1000);
    await expect(archive.undo(token)).rejects.toThrow('this can no longer be undone');
    await expect(archive.load(kept.id)).rejects.toThrow(`no such sweep: ${kept.id}`);
    expect(await archive.checkpointOf(kept.id, 0)).toBeNull();
  });

  test('watchers hear of every change', async () => {
    const archive = await open();
    const heard: string[][] = [];
    const stop = archive.watch((list) => heard.push(list.map((s) => `${s.name} ${s.ended}`)));
    const { id } = await archive.create(spec);
    for (const part of parts) await archive.append(id, part);
    await expect.poll(() => heard.at(-1)).toEqual(['synthetic 6']);
    stop();
    await archive.remove(id);
    expect(heard.at(-1)).toEqual(['synthetic 6']);
  });

  test('one holder at a time has the right to write', async () => {
    const archive = await open();
    const { id } = await archive.create(spec);
    const held = await archive.claim(id);
    expect(held).not.toBeNull();
    expect(await archive.claim(id)).toBeNull();
    expect(await archive.claimed()).toEqual([id]);
    held?.release();
    await expect.poll(async () => (await archive.claim(id)) !== null).toBe(true);
  });
}
