import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { type Archive, ArchiveFullError, openArchive, type RunData } from '../../src/archive/archive';
import { lab } from '../../src/store/lab';
import { library, theArchive } from '../../src/store/library';
import { beginAnew, clear, downloads, drop, LINK, messages, openPage, putAway, row, rows, toast, train } from './keptRuns';
import { button, close, faults, ready, WAIT } from './onPage';

/** Runs come out as files and go in again; what goes wrong with files and storage. */

const text = (name: string, content: string) => new File([content], name);
const measured = ({ steps, evaluations }: RunData) => ({ steps, evaluations });

beforeEach(beginAnew);
afterEach(putAway);

test('exported, deleted for good and imported: the same numbers; a file that is here already changes nothing', async () => {
  await openPage();
  await train(3);
  await expect.poll(() => rows().length).toBe(1);
  const before = await theArchive().load(rows()[0].dataset.run as string);
  const files = downloads();
  await page.getByLabelText('Select MCPO-GRPO').click();
  for (const form of [/JSON Lines/, /^CSV/, /Parquet/, /^Checkpoint/]) {
    await button('Export').click();
    await page.getByRole('menuitem', { name: form }).click();
    await expect
      .poll(() => files.length, WAIT)
      .toBe([/JSON Lines/, /^CSV/, /Parquet/, /^Checkpoint/].map(String).indexOf(String(form)) + 1);
  }
  expect(files.map((f) => f.name)).toEqual([
    'mcpo-lab-mcpo-grpo-step3.jsonl',
    'mcpo-lab-mcpo-grpo-step3.csv',
    'mcpo-lab-mcpo-grpo-step3.parquet',
    'mcpo-lab-mcpo-grpo-step3.safetensors',
  ]);
  const [lines, csv, parquet, checkpoint] = files;

  drop(lines);
  await expect.poll(toast, WAIT).toContain('1 run of mcpo-lab-mcpo-grpo-step3.jsonl was here already');
  expect(rows()).toHaveLength(1);

  await button('Reset').click();
  await ready();
  await page.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await expect.poll(() => rows().length).toBe(0);
  await page.getByText('1 thing can be undone').click();
  await button('Empty the bin…').click();
  await button('Delete for good').click();
  await expect.poll(async () => (await theArchive().undos()).length).toBe(0);

  drop(parquet, csv);
  await expect.poll(toast, WAIT).toContain('1 run taken in from 2 files; 1 was here already');
  await expect.poll(() => rows().length).toBe(1);
  expect(measured(await theArchive().load(rows()[0].dataset.run as string))).toEqual(measured(before));
  // The table is the run as it was; only those of JSON Lines and Parquet know when it began.
  expect((await theArchive().list())[0]).toMatchObject({
    ...{ id: before.record.id, name: 'MCPO-GRPO', step: 3 },
    ...{ created: before.record.created, config: before.record.config },
  });
  await expect.element(page.getByRole('region', { name: 'Curves of one run' })).toBeVisible();
  expect(await faults()).toEqual([]);

  drop(new File([parquet.slice(0, -9)], 'cut.parquet'));
  await expect.poll(messages, WAIT).toContain('cut.parquet is a Parquet file that was cut off: its end is missing');

  // The checkpoint goes on where it was saved.
  drop(checkpoint);
  await expect.poll(() => lab.getState().step, WAIT).toBe(3);
  expect(lab.getState().config).toEqual(before.record.config);
});

describe('on a fresh profile', () => {
  test('an exported figure reopens its run with the same curves, and the run trains the same again', async () => {
    await openPage(LINK.replace('&view=runs', '&at=2'));
    await train(3);
    const files = downloads();
    const saveAs = async (form: RegExp) => {
      await button('Save figure: Reward by domain').click();
      await page.getByRole('menuitem', { name: form }).click();
    };
    await saveAs(/SVG/);
    await expect.poll(() => files.length, WAIT).toBe(1);
    await saveAs(/PNG/);
    await expect.poll(() => files.length, WAIT).toBe(2);
    await saveAs(/CSV/);
    await expect.poll(() => files.length, WAIT).toBe(3);
    expect(files.map((f) => f.name)).toEqual(['svg', 'png', 'csv'].map((form) => `mcpo-lab-reward-by-domain.${form}`));
    const names = ['reward/mean', 'reward/code', 'logit/negative', 'policy/entropy'];
    const curves = () => names.map((name) => [...lab.getState().runs[0].trace.raw(name)]);
    const before = curves();
    const evaluations = lab.getState().runs[0].evaluations;
    const [header, first] = (await files[2].text()).split('\n').map((l) => l.split(','));
    expect(header.slice(0, 1)).toEqual(['step']);
    expect(first[0]).toBe('1');

    for (const file of files.slice(0, 2)) {
      await close();
      await clear();
      await openPage('#preset=tiny&preset=grpo&rollout.prompts=5&rollout.group=4&eval.prompts=2&eval.samples=1&steps=40');
      drop(file);
      await expect.poll(() => lab.getState().step, WAIT).toBe(3);
      await ready();
      expect(curves()).toEqual(before);
      expect(lab.getState().runs[0].evaluations).toEqual(evaluations);
      expect(lab.getState()).toMatchObject({ at: 2, view: 'overview', presets: ['tiny', 'mcpo-grpo'], problems: [] });
      await expect.poll(messages).toContain('steps 1 to 3 as they were measured');
      await expect.poll(() => library.getState().records?.length).toBe(1);
    }

    // Training begins at the start, beside the kept run, and comes to the same numbers.
    await button('Step').click();
    await expect.poll(() => lab.getState().step === 1 && lab.getState().status === 'paused', WAIT).toBe(true);
    expect(lab.getState().runs[0].trace.raw('reward/mean')[0]).toBe(before[0][0]);
    await expect.poll(() => library.getState().records?.length, WAIT).toBe(2);
  });
});

describe('what goes wrong is told, and nothing is lost', () => {
  test('foreign, newer, too large and broken files, several at once', async () => {
    await openPage();
    const huge = Object.defineProperty(text('huge.jsonl', '{}'), 'size', { get: () => 201_000_000 });
    drop(
      text('notes.txt', 'hello'),
      text('next.jsonl', '{"format":"mcpo-lab run 2"}\n'),
      huge as File,
      text('plain.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      text('cut.jsonl', '{"format":"mcpo-lab run 1","ver'),
      text(
        'pool.jsonl',
        ['a', 'b', 'c'].map((d) => JSON.stringify({ domain: d, prompt: d, reward: 1, embedding: [1, 2] })).join('\n'),
      ),
    );
    await expect.poll(toast, WAIT).toContain('pool.jsonl: 3 rollouts of 3 domains');
    await button(/more messages/).click();
    for (const sentence of [
      'notes.txt is none of what this page opens',
      'next.jsonl, line 1: is of format mcpo-lab run 2 (this program reads mcpo-lab run 1)',
      'huge.jsonl is 201 MB (at most 200 MB)',
      'plain.svg is a picture without data of MCPO Lab',
      'cut.jsonl, line 1: not complete JSON',
    ])
      expect(messages()).toContain(sentence);
    expect(lab.getState()).toMatchObject({ view: 'geometry', options: { 'geometry.source': 'file' } });
    expect(lab.getState().file?.n).toBe(3);
  });

  test('an archive of a newer version is left alone, and the page says so', async () => {
    const at = (act: () => IDBOpenDBRequest) =>
      new Promise<IDBDatabase>((resolve, reject) => {
        const request = act();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    await at(() => indexedDB.deleteDatabase('mcpo-lab'));
    (await at(() => indexedDB.open('mcpo-lab', 70))).close();
    try {
      await openPage();
      await expect
        .poll(messages)
        .toContain('was written by a newer version of MCPO Lab (its format is 7, this program reads up to 1)');
      await expect.element(page.getByText('What this browser keeps cannot be opened.')).toBeVisible();
      // A run in a file cannot be kept, and that is told too.
      drop(
        text(
          'a.jsonl',
          `${JSON.stringify({ type: 'run', config: lab.getState().config, backend: 'cpu', adapter: '', version: '' })}\n`,
        ),
      );
      await expect.poll(messages, WAIT).toContain('a.jsonl could not be taken in: the archive is not open');
      const db = await at(() => indexedDB.open('mcpo-lab'));
      expect(db.version).toBe(70);
      db.close();
    } finally {
      await close();
      await at(() => indexedDB.deleteDatabase('mcpo-lab'));
    }
  });

  test('full storage, and a run that another tab has', async () => {
    await openPage();
    await train(2);
    await expect.poll(() => rows().length).toBe(1);
    const files = downloads();
    await page.getByLabelText('Select MCPO-GRPO').click();
    await button('Export').click();
    await page.getByRole('menuitem', { name: /JSON Lines/ }).click();
    await expect.poll(() => files.length, WAIT).toBe(1);
    await button('Reset').click();
    await ready();
    const other: Archive = await openArchive();
    try {
      // Another tab holds the run.
      const [{ fleet, id }] = await other.list();
      const claim = await expect.poll(() => other.claim(fleet), WAIT).toBeTruthy();
      await expect.element(page.getByText('open in another tab'), WAIT).toBeVisible();
      await expect.element(button('Resume MCPO-GRPO')).toBeDisabled();
      row('MCPO-GRPO').focus();
      await userEvent.keyboard('{Enter}');
      await expect.poll(messages).toContain('"MCPO-GRPO" could not be opened: it is open in another tab; close it there first');
      await userEvent.keyboard('{Delete}');
      await expect.poll(messages).toContain('was not deleted: "MCPO-GRPO" is open in another tab; close it there first');
      expect(rows()).toHaveLength(1);
      expect((await other.load(id)).steps).toHaveLength(2);
      void claim;
    } finally {
      other.close();
    }

    const full = new ArchiveFullError('a run from a file', { used: 590e6, quota: 600e6 });
    vi.spyOn(theArchive(), 'bring').mockRejectedValue(full);
    vi.spyOn(theArchive(), 'list').mockResolvedValue([]);
    drop(files[0]);
    await expect
      .poll(messages, WAIT)
      .toContain('could not be taken in: storage is full (590 MB used of 600 MB): a run from a file could not be saved');
  });
});
