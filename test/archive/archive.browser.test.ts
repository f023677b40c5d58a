import { beforeEach, describe, expect, test } from 'vitest';
import { type Archive, memoryArchive, type RunRecord } from '../../src/archive/archive';
import { dexieTables } from '../../src/archive/dexieTables';
import { tableVault } from '../../src/archive/vault';
import { inRoom, room } from './room';
import { bytesOf, evaluationOf, newRun, stepOf, stepsOf } from './support';

inRoom();
const { open, files } = room;

const kinds: [string, () => Promise<Archive>][] = [
  ['IndexedDB and the private file system', open],
  [
    'IndexedDB alone',
    async () => {
      const tables = await dexieTables(room.name);
      return open({ tables, vault: tableVault(tables.files) });
    },
  ],
  ['memory', async () => memoryArchive('a test')],
];

describe.each(kinds)('an archive in %s', (kind, make) => {
  let archive: Archive;
  let run: RunRecord;
  beforeEach(async () => {
    archive = await make();
    [run] = await archive.create([newRun('grpo'), newRun('mcpo-grpo')]);
  });

  test('says whether it outlives the page', () => {
    expect([archive.persistent, archive.reason]).toEqual(kind === 'memory' ? [false, 'a test'] : [true, '']);
  });

  test('keeps what was measured, bit for bit, and the runs of a fleet together', async () => {
    await archive.append(run.id, stepsOf(1, 600));
    await archive.append(run.id, stepsOf(601, 700));
    await archive.evaluation(run.id, 0, evaluationOf(0));
    await archive.evaluation(run.id, 700, evaluationOf(700));
    const { record, steps, evaluations } = await archive.load(run.id);
    expect(steps).toStrictEqual(stepsOf(1, 700));
    expect(evaluations).toStrictEqual([0, 700].map((step) => ({ step, result: evaluationOf(step) })));
    expect(record.config).toStrictEqual(newRun('grpo').config);
    expect(record.step).toBe(700);
    expect(record.summary).toEqual({
      'reward/mean': stepOf(700).metrics['reward/mean'],
      'heldOut/average': evaluationOf(700).average,
      'heldOut/best': evaluationOf(700).average,
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    await archive.create([newRun('dapo')]);
    const listed = await archive.list();
    expect(listed.map((r) => r.lane)).toEqual(['DAPO', 'GRPO', 'MCPO-GRPO']);
    expect(listed.filter((r) => r.fleet === run.fleet).map((r) => [r.lane, r.place, r.color])).toEqual([
      ['GRPO', 0, 0],
      ['MCPO-GRPO', 1, 1],
    ]);
  });

  test('a resumed run replaces what it trains again', async () => {
    await archive.append(run.id, stepsOf(1, 130));
    await archive.evaluation(run.id, 50, evaluationOf(50));
    await archive.evaluation(run.id, 120, evaluationOf(120));
    await archive.keep(run.id, 100, bytesOf(100));
    await archive.keep(run.id, 120, bytesOf(120));
    await archive.append(run.id, stepsOf(101, 105, 9));
    let loaded = await archive.load(run.id);
    expect(loaded.steps).toStrictEqual([...stepsOf(1, 100), ...stepsOf(101, 105, 9)]);
    expect(loaded.evaluations.map((e) => e.step)).toEqual([50]);
    expect(loaded.checkpoints.map((c) => c.step)).toEqual([100]);
    expect(loaded.record.step).toBe(105);
    expect(loaded.record.summary['heldOut/average']).toBe(evaluationOf(50).average);
    // The same steps again change nothing.
    await archive.append(run.id, stepsOf(101, 105, 9));
    loaded = await archive.load(run.id);
    expect(loaded.steps).toStrictEqual([...stepsOf(1, 100), ...stepsOf(101, 105, 9)]);
  });

  test('steps that do not ascend, and runs that are not there, change nothing', async () => {
    await archive.append(run.id, stepsOf(1, 5));
    await expect(archive.append(run.id, [stepOf(7), stepOf(6)])).rejects.toThrow('invalid step: 6 (at least 8: steps ascend)');
    await expect(archive.append(run.id, [stepOf(0)])).rejects.toThrow('invalid step: 0 (at least 1: steps ascend)');
    const both = [
      { id: run.id, steps: stepsOf(6, 9) },
      { id: 'nobody', steps: stepsOf(6, 9) },
    ];
    await expect(archive.appendAll(both)).rejects.toThrow('no such run: nobody (it was deleted, or is in another browser)');
    expect((await archive.load(run.id)).steps).toStrictEqual(stepsOf(1, 5));
  });

  test('changes names, notes and tags within their bounds', async () => {
    await archive.update(run.id, { name: 'Mine 🦊', color: 5, notes: 'two\nlines', tags: ['a', 'b'], status: 'training' });
    const { record } = await archive.load(run.id);
    expect(record).toMatchObject({ name: 'Mine 🦊', color: 5, notes: 'two\nlines', tags: ['a', 'b'], status: 'training' });
    await expect(archive.update(run.id, { name: '' })).rejects.toThrow('invalid name: "" (text of 1 to 200 characters)');
    await expect(archive.update(run.id, { name: 'a\nb' })).rejects.toThrow('invalid name: "a\\nb" (one line)');
    await expect(archive.update(run.id, { tags: Array(21).fill('x') })).rejects.toThrow('(at most 20)');
    expect((await archive.load(run.id)).record).toEqual(record);
  });

  test('keeps the newest checkpoint and a history that thins out backwards', async () => {
    for (let step = 1; step <= 60; step++) await archive.keep(run.id, step, bytesOf(step));
    const kept = (await archive.checkpoints(run.id)).map((c) => c.step);
    expect(kept).toHaveLength(12);
    expect(kept[0]).toBe(1);
    expect(kept.slice(-3)).toEqual([58, 59, 60]);
    expect(await archive.checkpoint(run.id)).toEqual({ step: 60, bytes: bytesOf(60) });
    for (const step of kept) expect((await archive.checkpoint(run.id, step))?.bytes).toEqual(bytesOf(step));
    expect(await archive.checkpoint(run.id, 61)).toBeNull();
    if (kind.includes('private')) expect(await files()).toHaveLength(12);
    // The same step again: the new bytes.
    await archive.keep(run.id, 60, bytesOf(7, 50));
    expect(await archive.checkpoint(run.id)).toEqual({ step: 60, bytes: bytesOf(7, 50) });
  });

  test('a fleet goes on from the newest step that all of its runs have', async () => {
    const [a, b] = await archive.list();
    expect(await archive.resumable(run.fleet)).toBeNull();
    await archive.keepAll(40, [
      { id: b.id, bytes: bytesOf(2) },
      { id: a.id, bytes: bytesOf(1) },
    ]);
    await archive.keep(a.id, 60, bytesOf(3));
    const found = await archive.resumable(run.fleet);
    expect(found?.step).toBe(40);
    expect(found?.runs.map((r) => [r.record.id, r.bytes])).toEqual([
      [a.id, bytesOf(1)],
      [b.id, bytesOf(2)],
    ]);
  });

  test('rolls back, and forward again', async () => {
    await archive.append(run.id, stepsOf(1, 700));
    for (const step of [50, 100, 400]) {
      await archive.keep(run.id, step, bytesOf(step));
      await archive.evaluation(run.id, step, evaluationOf(step));
    }
    const before = await archive.load(run.id);
    const undo = await archive.rollback(run.id, 100);
    expect(undo.what).toBe('took "GRPO" back from step 700 to 100');
    const after = await archive.load(run.id);
    expect(after.steps).toStrictEqual(stepsOf(1, 100));
    expect(after.evaluations.map((e) => e.step)).toEqual([50, 100]);
    expect(after.checkpoints.map((c) => c.step)).toEqual([50, 100]);
    expect(after.record.step).toBe(100);
    expect(after.record.summary['heldOut/average']).toBe(evaluationOf(100).average);
    await archive.undo(undo.token);
    const { record, ...rest } = await archive.load(run.id);
    const { record: oldRecord, ...oldRest } = before;
    expect(rest).toStrictEqual(oldRest);
    expect({ ...record, updated: 0 }).toStrictEqual({ ...oldRecord, updated: 0 });
    expect((await archive.checkpoint(run.id, 400))?.bytes).toEqual(bytesOf(400));
    await expect(archive.rollback(run.id, 701)).rejects.toThrow('invalid step: 701 ("GRPO" has 0 to 700)');
  });

  test('does not undo a rollback over newer steps', async () => {
    await archive.append(run.id, stepsOf(1, 20));
    const undo = await archive.rollback(run.id, 10);
    await archive.append(run.id, stepsOf(11, 12, 5));
    await expect(archive.undo(undo.token)).rejects.toThrow('"GRPO" has been trained on since (it is at step 12, not 10)');
    expect((await archive.load(run.id)).steps).toStrictEqual([...stepsOf(1, 10), ...stepsOf(11, 12, 5)]);
  });

  test('branches a run, with its checkpoint', async () => {
    await archive.append(run.id, stepsOf(1, 300));
    await archive.evaluation(run.id, 280, evaluationOf(280));
    await archive.evaluation(run.id, 300, evaluationOf(300));
    await archive.keep(run.id, 290, bytesOf(290));
    const config = { ...run.config, steps: 900 };
    const branch = await archive.branch(run.id, 290, { config, name: 'Longer' });
    expect(branch).toMatchObject({ name: 'Longer', parent: { run: run.id, step: 290 }, step: 290, steps: 900, place: 0 });
    expect(branch.fleet).not.toBe(run.fleet);
    const loaded = await archive.load(branch.id);
    expect(loaded.steps).toStrictEqual(stepsOf(1, 290));
    expect(loaded.evaluations.map((e) => e.step)).toEqual([280]);
    await archive.remove([run.id]);
    await archive.purge();
    expect((await archive.checkpoint(branch.id))?.bytes).toEqual(bytesOf(290));
    expect((await archive.load(branch.id)).steps).toHaveLength(290);
  });

  test('deletes, undoes, and deletes for good', async () => {
    await archive.append(run.id, stepsOf(1, 300));
    await archive.keep(run.id, 300, bytesOf(300));
    const old = await archive.rollback(run.id, 200);
    const [other] = (await archive.list()).filter((r) => r.id !== run.id);
    await archive.keep(other.id, 1, bytesOf(1));
    const before = await archive.load(run.id);
    const undo = await archive.remove([run.id]);
    expect(undo.what).toBe('deleted "GRPO"');
    expect((await archive.list()).map((r) => r.id)).toEqual([other.id]);
    expect((await archive.undos()).map((u) => u.token).sort()).toEqual([old.token, undo.token].sort());
    await archive.undo(undo.token);
    expect(await archive.load(run.id)).toStrictEqual(before);
    await expect(archive.undo(undo.token)).rejects.toThrow('this can no longer be undone');

    await archive.remove([run.id]);
    await archive.purge(60_000);
    expect(await archive.undos()).toHaveLength(2);
    await archive.purge();
    expect(await archive.undos()).toEqual([]);
    await expect(archive.load(run.id)).rejects.toThrow('no such run');
    expect((await archive.load(other.id)).checkpoints).toEqual([{ step: 1, bytes: 1000 }]);
    if (kind.includes('private')) {
      const left = await files();
      expect(left).toHaveLength(1);
      expect(left[0]).toMatch(`${other.id}-1-`);
    }
  });

  test('takes runs in and gives ids that are not taken', async () => {
    await archive.append(run.id, stepsOf(1, 30));
    await archive.evaluation(run.id, 30, evaluationOf(30));
    const { record, steps, evaluations } = await archive.load(run.id);
    const [copy] = await archive.bring([{ record, steps, evaluations }]);
    expect(copy.id).not.toBe(run.id);
    expect(copy.fleet).not.toBe(run.fleet);
    expect(await archive.load(copy.id)).toStrictEqual({ record: copy, steps, evaluations, checkpoints: [] });
    await archive.remove([run.id]);
    await archive.purge();
    const [same] = await archive.bring([{ record, steps, evaluations }]);
    expect([same.id, same.fleet]).toEqual([run.id, run.fleet]);
    await expect(archive.bring([{ record: { ...record, id: '../x' }, steps, evaluations }])).rejects.toThrow(
      'invalid id: "../x"',
    );
  });

  test('one claim to a fleet', async () => {
    const first = await archive.claim(run.fleet);
    expect(first?.fleet).toBe(run.fleet);
    expect(await archive.claim(run.fleet)).toBeNull();
    const other = await archive.claim('another');
    expect(other).not.toBeNull();
    first?.release();
    await expect.poll(() => archive.claim(run.fleet)).not.toBeNull();
  });
});

test('two tabs: what one writes the other sees, and one fleet is claimed once', async () => {
  const [one, two] = [await open(), await open()];
  const seen: string[][] = [];
  const stop = two.watch((runs) => seen.push(runs.map((r) => r.name)));
  await expect.poll(() => seen).toEqual([[]]);
  const [run] = await one.create([newRun('grpo')]);
  await expect.poll(() => seen.at(-1)).toEqual(['GRPO']);
  await one.update(run.id, { name: 'Renamed' });
  await expect.poll(() => seen.at(-1)).toEqual(['Renamed']);
  stop();
  const heard = seen.length;
  await one.remove([run.id]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(seen).toHaveLength(heard);

  const claim = await one.claim(run.fleet);
  expect(await two.claim(run.fleet)).toBeNull();
  claim?.release();
  await expect.poll(() => two.claim(run.fleet)).not.toBeNull();
});

test('all is there after the page was opened anew', async () => {
  const first = await open();
  const [run] = await first.create([newRun('grpo')]);
  await first.append(run.id, stepsOf(1, 40));
  await first.keep(run.id, 40, bytesOf(40));
  first.close();
  const second = await open();
  expect((await second.load(run.id)).steps).toStrictEqual(stepsOf(1, 40));
  expect((await second.checkpoint(run.id))?.bytes).toEqual(bytesOf(40));
  await expect(first.append(run.id, stepsOf(41, 42))).rejects.toThrow('the archive was closed');
});
