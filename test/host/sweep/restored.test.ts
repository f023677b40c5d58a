import { describe, expect, it } from 'vitest';
import { runBytes } from '../../../src/host/fleetKind';
import type { Snapshot } from '../../../src/host/sweep/protocol';
import { configOf } from '../../../src/sweep/configs';
import type { Assignment, Order, SweepSpec } from '../../../src/sweep/types';
import { MemoryHost, MINUTE, outcome, smallSpec } from './support';

/** Keeps every snapshot that is taken, one after each submission. */
class Film extends MemoryHost {
  override keepEvery = 0;
  override submissionSeconds = 0;
  readonly taken: Snapshot[] = [];
  override snapshot(taken: Snapshot): void {
    super.snapshot(taken);
    this.taken.push(structuredClone(taken));
  }
}

/** Points asked for at the start; the sampler adds none. */
const spec = (points: readonly Assignment[], more: Record<string, unknown> = {}): SweepSpec =>
  smallSpec({
    fields: [
      { field: 'contrast.lambda', values: [0, 0.1] },
      { field: 'steps', values: [2, 4, 6] },
    ],
    changes: Object.fromEntries(Object.entries(MINUTE).filter(([name]) => name !== 'steps')),
    objective: { metric: 'policy/entropy', window: 1 },
    sampler: 'random',
    seeds: 1,
    budget: { trials: points.length },
    report: 2,
    ...more,
  });
const a = (steps: number): Assignment => ({ 'contrast.lambda': 0.1, steps });
const b = (steps: number): Assignment => ({ 'contrast.lambda': 0, steps });

/** Runs a sweep of these points, then once more from every other snapshot: with what was written after it, and from some without. */
async function fromEverySnapshot(points: readonly Assignment[], sweep: SweepSpec, change: Partial<MemoryHost> = {}) {
  const whole = Object.assign(new Film(), change);
  if (points.length) whole.wanted.push({ kind: 'add', points });
  expect(await whole.runner(sweep).run()).toBe('finished');
  for (const [i, saved] of whole.taken.entries()) {
    if (i % 2) continue;
    for (const entries of i % 4 ? [whole.entries] : [whole.entries, whole.entries.slice(0, saved.entries)]) {
      const host = Object.assign(new MemoryHost(), change, { saved, entries: structuredClone(entries) });
      expect(await host.runner(sweep).run()).toBe('finished');
      expect(outcome(host.entries)).toEqual(outcome(whole.entries));
    }
  }
}

describe('a sweep of fleets of two kinds', () => {
  it('goes on from any snapshot to the same end, where the first fleet has newer trials than the second', async () => {
    const points = [a(2), b(4), a(4)];
    await fromEverySnapshot(points, spec(points, { places: 2 }));
  });

  it('goes on from any snapshot where memory gives the second fleet one place', async () => {
    const points = [a(2), a(2), b(6), a(6), a(6), b(2), b(2)];
    const sweep = spec(points, { places: 4 });
    const bytes = [a(2), b(2)].map((p) => runBytes(configOf(sweep, p, 0)));
    await fromEverySnapshot(points, sweep, { memory: 4 * bytes[0] + bytes[1] });
  });

  it('asks for new points at the same moments, whatever fleets stand idle', async () => {
    const sweep = spec([], { places: 2, budget: { trials: 6 }, sampler: { kind: 'tpe', seed: 5, startup: 2 } });
    await fromEverySnapshot([a(2), b(6), b(2)], sweep);
  });

  it('has places for what is asked for later, as many as without a reload', async () => {
    const sweep = spec([], {
      fields: [
        { field: 'contrast.lambda', values: [0.1] },
        { field: 'steps', values: [2, 4, 8] },
      ],
      sampler: 'grid',
      budget: {},
      places: 4,
    });
    /** Two more when two are done. */
    const orders = function (this: MemoryHost): Order[] {
      const ends = this.entries.filter((e) => e.type === 'end').length;
      return ends >= 2 && !this.entries.some((e) => e.type === 'order') ? [{ kind: 'add', points: [a(2), a(2)] }] : [];
    };
    await fromEverySnapshot([], sweep, { orders });
  });
});

describe('a sweep that waits for a warm start', () => {
  /** Pauses once, in the warm start of the second width. */
  class Pausing extends MemoryHost {
    override submissionSeconds = 0;
    asked = 0;
    paused = false;
    override progress(...[what, done]: unknown[]): void {
      if (what === 'Warm start' && done === 0.5) this.asked++;
    }
    override shouldStop(): boolean {
      return this.asked === 2 && !this.paused;
    }
  }
  const widths = () =>
    smallSpec({
      fields: [
        { field: 'contrast.lambda', values: [0.1, 0.2] },
        { field: 'policy.width', values: [16, 32] },
      ],
      changes: Object.fromEntries(Object.entries({ ...MINUTE, steps: 4 }).filter(([name]) => name !== 'policy.width')),
      objective: { metric: 'policy/entropy', window: 1 },
      seeds: 1,
    });

  it('takes an order meanwhile, and is made again', async () => {
    const sweep = widths();
    const host = new Pausing();
    const runner = host.runner(sweep);
    expect(await runner.run()).toBe('paused');
    host.paused = true;
    host.wanted.push({ kind: 'budget', budget: { trials: 4 } });
    expect(await runner.run()).toBe('finished');
    const again = new MemoryHost();
    again.entries = structuredClone(host.entries);
    expect(await again.runner(sweep).run()).toBe('finished');
    expect(again.entries.length).toBe(host.entries.length);
  });
});

describe('a sweep that is paused while it evaluates fleets of two kinds', () => {
  it('takes an order meanwhile, and is made again', async () => {
    const points = [a(4), b(4)];
    const sweep = spec(points, { objective: { metric: 'heldOut/average', at: 'best' }, places: 2 });
    /** Pauses once, in the evaluation of the second fleet after the first round. */
    class Pausing extends MemoryHost {
      calls = 0;
      paused = false;
      override progress(...[what]: unknown[]): void {
        if (what === 'Evaluating trials') this.calls++;
      }
      override shouldStop(): boolean {
        return this.calls === 2 && !this.paused;
      }
    }
    const host = new Pausing();
    host.wanted.push({ kind: 'add', points });
    const runner = host.runner(sweep);
    expect(await runner.run()).toBe('paused');
    host.paused = true;
    expect(outcome(host.entries).trials.map((t) => t.evaluations.length)).toEqual([1, 0]);
    host.wanted.push({ kind: 'stopTrial', trial: 1 });
    expect(await runner.run()).toBe('finished');
    const again = new MemoryHost();
    again.entries = structuredClone(host.entries);
    expect(await again.runner(sweep).run()).toBe('finished');
    expect(outcome(again.entries)).toEqual(outcome(host.entries));
  });
});

describe('the clock of a sweep', () => {
  it('counts all training, also that of a round in which it was paused', async () => {
    /** A second passes with each look at the clock; pauses take a thousand. */
    class Clock extends MemoryHost {
      seconds = 0;
      override now(): number {
        return ++this.seconds;
      }
    }
    const sweep = spec([a(6)], { places: 1, report: 2 });
    const plain = new Clock();
    plain.wanted.push({ kind: 'add', points: [a(6)] });
    const one = plain.runner(sweep);
    await one.run();
    const paused = new Clock();
    paused.wanted.push({ kind: 'add', points: [a(6)] });
    paused.submissionSeconds = 0;
    const other = paused.runner(sweep);
    let pauses = 0;
    paused.shouldStop = () => paused.seconds % 3 === 0 && ++pauses % 2 === 1;
    while ((await other.run()) === 'paused') paused.seconds += 1000;
    expect(pauses).toBeGreaterThan(1);
    expect(other.state.seconds).toBeGreaterThanOrEqual(0.8 * one.state.seconds);
    expect(other.state.seconds).toBeLessThan(1000);
  });
});
