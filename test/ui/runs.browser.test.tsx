import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { type Archive, ArchiveFullError, openArchive, type RunData } from '../../src/archive/archive';
import { mount } from '../../src/main';
import { lab } from '../../src/store/lab';
import { library, stopLibrary, theArchive } from '../../src/store/library';
import { runsView } from '../../src/store/runsView';

/** Kept runs, used as a person would use them: real clicks, keys and drops, a real archive, the engine in its worker. */

const LINK = '#preset=tiny&preset=mcpo-grpo&rollout.prompts=5&rollout.group=4&eval.prompts=2&eval.samples=1&steps=40&view=runs';
const WAIT = { timeout: 90_000 };
let unmount: () => Promise<void>;

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const ready = () => expect.poll(() => lab.getState().fleet !== null && lab.getState().waiting === 0, WAIT).toBe(true);
const rows = () => [...document.querySelectorAll<HTMLElement>('tr.run')];
const row = (name: string) => rows().find((r) => r.querySelector('.name')?.textContent === name) as HTMLElement;
const messages = () => document.querySelector('.messages')?.textContent ?? '';
const toast = () => document.querySelector('.toasts')?.textContent ?? '';

async function open(link = LINK): Promise<void> {
  sessionStorage.clear();
  location.hash = link;
  const place = document.createElement('div');
  document.body.append(place);
  const stop = mount(place, `${location.origin}/`, 'cpu');
  unmount = async () => {
    stop();
    place.remove();
    await stopLibrary();
  };
  await ready();
}

/** What a fresh profile has: nothing. */
async function clear(): Promise<void> {
  const archive = await openArchive();
  const ids = (await archive.list()).map((r) => r.id);
  if (ids.length) await archive.remove(ids);
  await archive.purge();
  archive.close();
}

async function train(steps: number): Promise<void> {
  await ready();
  for (let i = 0; i < steps; i++) {
    const from = lab.getState().step;
    await button('Step').click();
    await expect.poll(() => lab.getState().step === from + 1 && lab.getState().status === 'paused', WAIT).toBe(true);
  }
  const kept = async () => {
    const { onPage } = library.getState();
    return onPage.length > 0 && (await theArchive().checkpoints(onPage[0])).some((c) => c.step === lab.getState().step);
  };
  await expect.poll(kept, WAIT).toBe(true);
}

/** Files as the page hands them out. */
function downloads(): File[] {
  const out: File[] = [];
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:nothing');
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    const blob = vi.mocked(URL.createObjectURL).mock.lastCall?.[0] as Blob;
    out.push(new File([blob], this.download));
  });
  return out;
}

/** Drops files on the page; `size` stands for a file that is too large to be made here. */
function drop(...files: (File & { size: number })[]): void {
  const dataTransfer = { types: ['Files'], files, dropEffect: '' };
  for (const type of ['dragenter', 'drop'])
    document.body.dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer }));
}

const text = (name: string, content: string) => new File([content], name);

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
}

const measured = ({ steps, evaluations }: RunData) => ({ steps, evaluations });

beforeEach(async () => {
  await page.viewport(1440, 900);
  runsView.setState({ selected: new Set(), compared: [], toast: null, busy: '' });
  await clear();
});
afterEach(async () => {
  await unmount();
  vi.restoreAllMocks();
  await clear();
});

test('a run appears with its first step; name, tags, notes, colour; keys; deleted and brought back', async () => {
  await open();
  await expect.element(page.getByText('Nothing is kept yet')).toBeVisible();
  expect(await faults()).toEqual([]);
  await train(3);
  await expect.poll(() => rows().length).toBe(1);
  expect(row('MCPO-GRPO').textContent).toContain('on the page');
  expect(row('MCPO-GRPO').textContent).toContain('3 of 40');
  const id = row('MCPO-GRPO').dataset.run as string;
  const reward = lab.getState().runs[0].trace.last('reward/mean') as number;
  expect(row('MCPO-GRPO').textContent).toContain(`${(100 * reward).toFixed(1)} %`);

  // F2 renames, Escape leaves the name; a name of two words is found again.
  row('MCPO-GRPO').focus();
  await userEvent.keyboard('{F2}');
  await userEvent.keyboard('nobody{Escape}');
  await userEvent.keyboard('{F2}');
  await userEvent.keyboard('First try{Enter}');
  await expect.poll(() => row('First try')).toBeTruthy();
  await expect.poll(() => document.activeElement).toBe(row('First try'));

  // Notes, tags and colour lie under the row.
  await userEvent.keyboard('{ArrowRight}');
  await page.getByLabelText('Notes', { exact: true }).fill('learns slowly');
  await page.getByLabelText('Add a tag').fill('paper');
  await userEvent.keyboard('{Enter}');
  await expect.element(button('Remove tag paper')).toBeVisible();
  await page.getByRole('radio', { name: 'Colour and dash 4' }).click({ force: true });
  const record = async () => (await theArchive().list())[0];
  await expect.poll(async () => (await record()).color).toBe(3);
  expect(await record()).toMatchObject({ name: 'First try', notes: 'learns slowly', tags: ['paper'] });
  expect(await faults()).toEqual([]);

  // Sorting and finding.
  await page.getByLabelText('Find runs').fill('slowly nothing');
  await expect.element(page.getByText('No run has these words')).toBeVisible();
  await page.getByLabelText('Find runs').fill('slowly');
  expect(rows()).toHaveLength(1);

  // Delete, Undo in the toast; Delete again, Ctrl Z.
  row('First try').focus();
  await userEvent.keyboard('{Delete}');
  await expect.poll(() => rows().length).toBe(0);
  expect(toast()).toContain('Deleted "First try"');
  await button('Undo').click();
  await expect.poll(() => row('First try')?.dataset.run).toBe(id);
  expect(toast()).toBe('');
  row('First try').focus();
  await userEvent.keyboard('{Delete}');
  await expect.poll(() => rows().length).toBe(0);
  await expect.element(page.getByText('1 thing can be undone')).toBeVisible();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.poll(() => rows().length).toBe(1);
  expect((await theArchive().load(id)).steps).toHaveLength(3);
});

test('exported, deleted for good and imported: the same numbers; a file that is here already changes nothing', async () => {
  await open();
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

  drop(lines, csv);
  await expect.poll(toast, WAIT).toContain('1 run taken in from 2 files; 1 was here already');
  await expect.poll(() => rows().length).toBe(1);
  expect(measured(await theArchive().load(rows()[0].dataset.run as string))).toEqual(measured(before));
  expect((await theArchive().list())[0]).toMatchObject({ id: before.record.id, name: 'MCPO-GRPO', step: 3 });
  await expect.element(page.getByRole('region', { name: 'Curves of one run' })).toBeVisible();
  expect(await faults()).toEqual([]);

  drop(parquet);
  await expect.poll(messages, WAIT).toContain('is a Parquet file: this page writes them, but opens JSON Lines and CSV');

  // The checkpoint goes on where it was saved.
  drop(checkpoint);
  await expect.poll(() => lab.getState().step, WAIT).toBe(3);
  expect(lab.getState().config).toEqual(before.record.config);
});

test('resumed, taken back, branched and compared', async () => {
  await open();
  await train(2);
  await train(2);
  const whole = (await theArchive().load(library.getState().onPage[0])).steps;
  const id = library.getState().onPage[0];
  await button('Reset').click();
  await ready();
  expect(lab.getState().step).toBe(0);

  // Taken back while it is not on the page, undone, taken back again.
  row('MCPO-GRPO').focus();
  await userEvent.keyboard('{ArrowRight}');
  await page.getByLabelText('Checkpoint of MCPO-GRPO').selectOptions('step 2');
  const length = async () => (await theArchive().load(id)).steps.length;
  await button('Roll back to step 2').click();
  await expect.poll(length).toBe(2);
  await button('Undo').click();
  await expect.poll(length).toBe(4);
  await button('Roll back to step 2').click();
  await expect.poll(length).toBe(2);

  // Resumed from there it comes to the same numbers, under its old id.
  await button('Resume MCPO-GRPO').click();
  await expect.poll(() => lab.getState().step, WAIT).toBe(2);
  expect(lab.getState().view).toBe('overview');
  await train(2);
  expect(library.getState().onPage).toEqual([id]);
  await expect.poll(length).toBe(4);
  expect((await theArchive().load(id)).steps).toEqual(whole);

  // A branch leaves it as it is.
  await page.getByRole('tab', { name: 'Runs' }).click();
  row('MCPO-GRPO').focus();
  await userEvent.keyboard('{ArrowRight}');
  await page.getByLabelText('Checkpoint of MCPO-GRPO').selectOptions('step 2');
  await button('Branch from step 2').click();
  await expect.poll(() => lab.getState().step === 2 && library.getState().onPage[0] !== id, WAIT).toBe(true);
  await train(1);
  expect(await length()).toBe(4);
  const branched = await theArchive().load(library.getState().onPage[0]);
  expect(branched.record.parent).toEqual({ run: id, step: 2 });
  expect(branched.steps).toEqual(whole.slice(0, 3));

  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByLabelText('Select all runs shown').click();
  await button('Compare').click();
  await expect.element(page.getByText('Comparing 2 runs')).toBeVisible();
  await expect.element(page.getByText('These runs have the same settings and the same seed.')).toBeVisible();
  const said = () => page.getByRole('slider', { name: 'Reward of the compared runs' }).element().getAttribute('aria-valuetext');
  await expect.poll(said).toMatch(/^step 4: MCPO-GRPO, from step 2 0\.\d\d, MCPO-GRPO 0\.\d\d$/);
  expect(await faults()).toEqual([]);
  await button('Close').click();
  await expect.element(page.getByText('Comparing 2 runs')).not.toBeInTheDocument();
});

describe('on a fresh profile', () => {
  test('an exported figure reopens its run with the same curves, and the run trains the same again', async () => {
    await open(LINK.replace('&view=runs', '&at=2'));
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
      await unmount();
      await clear();
      await open('#preset=tiny&preset=grpo&rollout.prompts=5&rollout.group=4&eval.prompts=2&eval.samples=1&steps=40');
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
    await open();
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
      await open();
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
      await unmount();
      await at(() => indexedDB.deleteDatabase('mcpo-lab'));
    }
  });

  test('full storage, and a run that another tab has', async () => {
    await open();
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
