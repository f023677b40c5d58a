import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { disconnect } from '../../src/store/engine';
import { lab } from '../../src/store/lab';
import { App } from '../../src/ui/App';
import { Shield } from '../../src/ui/shell/Shield';
import { bind, opened, steps } from '../store/synthetic';
import { button, close, open, ready, stepShown, WAIT } from './onPage';

/** What the page does when something is missing, breaks, or runs out. */

const SMALL =
  'preset=tiny&preset=grpo&warmStart.steps=2&warmStart.batch=16&rollout.prompts=10&rollout.group=4&eval.prompts=2&eval.samples=1';
const state = () => lab.getState();
const RealWorker = window.Worker;
let takeDown: (() => void)[] = [];

function place(): HTMLElement {
  const element = document.createElement('div');
  document.body.append(element);
  takeDown.push(() => element.remove());
  return element;
}

/** Workers start with `program`, which may import the real one under its address. */
function workersWith(program: (address: string) => string): void {
  window.Worker = class extends RealWorker {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(URL.createObjectURL(new Blob([program(String(address))], { type: 'text/javascript' })), options);
    }
  };
}

beforeEach(() => page.viewport(1440, 900));
afterEach(async () => {
  await close();
  for (const down of takeDown) down();
  takeDown = [];
  window.Worker = RealWorker;
  vi.restoreAllMocks();
});

test('without WebGPU the page says so and trains on the CPU', async () => {
  // Both run, in this order, before any message is read.
  const hide = "data:text/javascript,Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => undefined })";
  workersWith((address) => `import ${JSON.stringify(hide)}; import ${JSON.stringify(new URL(address, location.href).href)};`);
  open(SMALL, 'auto');
  await expect.element(page.getByText('Training goes on with the CPU, more slowly')).toBeVisible();
  await ready();
  expect(document.querySelector('.device')?.textContent).toMatch(/^CPU/);
  await button('Play').click();
  await expect.poll(stepShown, WAIT).toBeGreaterThanOrEqual(2);
});

test('an engine that breaks says so, and a press starts another', async () => {
  workersWith(() => 'onmessage = () => { throw new Error("no memory left") }');
  open(SMALL);
  await expect.element(page.getByText('The engine stopped: no memory left')).toBeVisible();
  await expect.element(page.getByText('Stopped', { exact: true })).toBeVisible();
  await expect.element(button('Play')).toHaveAttribute('aria-disabled', 'true');
  window.Worker = RealWorker;
  await button('Start again').click();
  await ready();
  await expect.element(page.getByText('The engine stopped')).not.toBeInTheDocument();
  await button('Step').click();
  await expect.poll(stepShown, WAIT).toBe(1);
});

test('an engine whose program cannot be loaded is named as well', async () => {
  workersWith(() => 'import "/nothing-of-that-name.js"');
  open(SMALL);
  await expect.element(page.getByText('The engine stopped: its program could not be loaded')).toBeVisible();
  await expect.element(button('Start again')).toBeVisible();
});

test('a lost device is told; the run goes on from what was kept, and later steps are shown only when trained again', async () => {
  const link = 'preset=tiny&preset=grpo';
  const { say } = bind(link, 'auto');
  const gpu = { ...opened[1], backend: 'webgpu', adapter: 'A fine one' } as (typeof opened)[1];
  say(opened[0], gpu, { type: 'status', status: 'training' }, steps(1, 30));
  const root = createRoot(place());
  flushSync(() => root.render(<App />));
  takeDown.unshift(
    () => root.unmount(),
    () => disconnect(),
  );
  expect(stepShown()).toBe(30);
  say(
    { type: 'notice', text: 'The GPU was lost (driver update). Going on from step 20.' },
    { type: 'status', status: 'preparing' },
  );
  await expect.element(page.getByText('The GPU was lost (driver update). Going on from step 20.')).toBeVisible();
  await expect.element(page.getByText('Preparing', { exact: true })).toBeVisible();
  say({ ...opened[1], step: 20 } as (typeof opened)[1], { type: 'status', status: 'training' });
  await expect.poll(stepShown).toBe(20);
  expect(state().runs[0].trace.lastStep).toBe(20);
  expect(document.querySelector('.device')?.textContent).toMatch(/^CPU/);
  say(steps(21, 35));
  await expect.poll(stepShown).toBe(35);
  await expect.element(page.getByText('The GPU was lost')).toBeVisible();
});

test('a hidden tab trains on and shows the present when one returns, also when it was hidden between two frames', async () => {
  open(SMALL);
  await ready();
  await button('Play').click();
  await expect.poll(stepShown, WAIT).toBeGreaterThanOrEqual(1);
  // A hidden page gets no frames, not even one asked for before.
  const waiting: FrameRequestCallback[] = [];
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((f) => waiting.push(f));
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  document.dispatchEvent(new window.Event('visibilitychange'));
  const left = state().step;
  await expect.poll(() => state().step, WAIT).toBeGreaterThan(left + 2);
  hidden.mockReturnValue(false);
  vi.mocked(window.requestAnimationFrame).mockRestore();
  document.dispatchEvent(new window.Event('visibilitychange'));
  for (const f of waiting) f(performance.now());
  expect(stepShown()).toBeGreaterThan(left + 2);
});

test('when storage is full training goes on and the page says that it is no longer kept', async () => {
  open(SMALL);
  await ready();
  const full = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(full);
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full);
  await button('Play').click();
  await expect.element(page.getByText('Training goes on, but is no longer kept: storage is full'), WAIT).toBeVisible();
  const told = stepShown();
  await expect.poll(stepShown, WAIT).toBeGreaterThan(told);
  expect(state().notices.filter((n) => n.includes('storage is full'))).toHaveLength(1);
});

test('a part of the page that breaks leaves the rest alone and can be tried again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  let broken = true;
  const Part = () => {
    if (broken) throw new Error('the picture has no points');
    return <p>Here it is</p>;
  };
  const root = createRoot(place());
  takeDown.unshift(() => root.unmount());
  root.render(
    <>
      <p>The rest</p>
      <Shield what="The view “Geometry”">
        <Part />
      </Shield>
    </>,
  );
  await expect.element(page.getByRole('alert')).toHaveTextContent('The view “Geometry” could not be shown.');
  await expect.element(page.getByText('the picture has no points')).toBeVisible();
  await expect.element(page.getByText('The rest')).toBeVisible();
  broken = false;
  await button('Try again').click();
  await expect.element(page.getByText('Here it is')).toBeVisible();
});

test('a backend that does not exist is named, and the page takes what there is', async () => {
  open(SMALL, 'abacus');
  await expect.element(page.getByText('unknown backend: abacus (one of auto, webgpu, cpu)')).toBeVisible();
});
