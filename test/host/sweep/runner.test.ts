import { afterAll, describe, expect, it } from 'vitest';
import { encodeCheckpoint } from '../../../src/engine/checkpoint';
import { Trainer } from '../../../src/engine/trainer';
import { cpuBackend } from '../../../src/gpu/cpuBackend';
import { Random } from '../../../src/math/random';
import { configOf } from '../../../src/sweep/configs';
import { recorded } from '../../../src/sweep/metrics';
import type { Entry, Order } from '../../../src/sweep/types';
import { tinyBase } from '../../engine/support';
import { gpuBackend } from '../../kernels/harness';
import { MemoryHost, MINUTE, outcome, smallSpec, wholeSweep } from './support';

afterAll(async () => (await gpuBackend()).destroy());

describe.each([
  ['cpu', async () => cpuBackend()],
  ['webgpu', gpuBackend],
])('a sweep on %s', (_, open) => {
  it('trains every trial as it trains alone, whatever fleets it goes through', async () => {
    const backend = await open();
    const spec = smallSpec();
    const host = await wholeSweep(spec, backend);
    const { points, trials } = outcome(host.entries);
    expect(points.map((p) => p.values)).toEqual([
      { 'contrast.lambda': 0.05, 'contrast.tau': 0.05 },
      { 'contrast.lambda': 0.05, 'contrast.tau': 0.5 },
      { 'contrast.lambda': 0.2, 'contrast.tau': 0.05 },
      { 'contrast.lambda': 0.2, 'contrast.tau': 0.5 },
    ]);
    expect(trials.map((t) => [t.state, t.step, t.seed])).toEqual(Array.from({ length: 8 }, (_t, i) => ['finished', 6, i % 2]));
    for (const { trial, point, seed, curves, evaluations, value } of trials) {
      const alone = await Trainer.create(backend, [configOf(spec, points[point].values, seed)], [tinyBase()]);
      const [steps] = await alone.step(6);
      for (const name of recorded(spec)) expect([name, curves[name]]).toEqual([name, steps.map((s) => s.metrics[name])]);
      expect(evaluations).toEqual([{ step: 6, result: (await alone.evaluate())?.[0] }]);
      expect(host.checkpoints.get(trial)).toEqual(encodeCheckpoint(await alone.checkpoint()));
      const [a, b] = [steps[4], steps[5]].map((s) => s.metrics['reward/mean'] as number);
      expect(value).toBe((a + b) / 2);
      alone.destroy();
    }
  });
});

describe('a sweep', () => {
  it('has the same results in fleets of other sizes', async () => {
    const whole = await wholeSweep(smallSpec({ places: 8 }));
    const small = await wholeSweep(smallSpec({ places: 1 }));
    expect(outcome(small.entries).trials.map(({ ended: _, ...t }) => t)).toEqual(
      outcome(whole.entries).trials.map(({ ended: _, ...t }) => t),
    );
  });

  const spec = smallSpec({
    fields: [
      { field: 'contrast.lambda', from: 0.01, to: 1 },
      { field: 'optimizer.lr', from: 1e-4, to: 1e-2 },
    ],
    changes: { ...MINUTE, steps: 4 },
    objective: { metric: 'policy/entropy', direction: 'min', window: 1 },
    sampler: { kind: 'optuna', seed: 3, startup: 3 },
    pruner: { kind: 'asha', min: 1, factor: 2 },
    budget: { trials: 8 },
    report: 1,
    places: 4,
  });
  /** The same orders at the same rounds, whenever the runner gets there. */
  class Ordering extends MemoryHost {
    /** Given in this life. */
    private told = 0;
    override orders() {
      const rounds = this.entries.filter((e) => e.type === 'round').length;
      const given = Math.max(this.told, this.entries.filter((e) => e.type === 'order').length);
      this.told = given;
      const due = this.next(rounds, given);
      this.told += due.length;
      return due;
    }
    override runner(...args: Parameters<MemoryHost['runner']>) {
      this.told = 0;
      return super.runner(...args);
    }
    private next(rounds: number, given: number): Order[] {
      if (rounds >= 2 && given === 0) return [{ kind: 'add', points: [{ 'contrast.lambda': 0.3, 'optimizer.lr': 0.001 }] }];
      if (rounds >= 3 && given === 1) return [{ kind: 'budget', budget: { trials: 12 } }];
      return [];
    }
  }
  const ordered = async () => {
    const host = new Ordering();
    expect(await host.runner(spec).run()).toBe('finished');
    return host;
  };

  it('killed at any of 20 moments goes on to the same end, and nothing that was written is lost or changed', {
    timeout: 400_000,
  }, async () => {
    const whole = await ordered();
    const expected = outcome(whole.entries);
    expect(expected.trials.length).toBe(12);
    expect(expected.trials.some((t) => t.state === 'pruned')).toBe(true);
    expect(expected.points.filter((p) => p.byHand).length).toBe(1);
    const random = new Random(1, 0);
    for (let i = 0; i < 20; i++) {
      const host = new Ordering();
      host.keepEvery = [0, 0.02, 10][i % 3];
      let kills = 0;
      while (true) {
        // Now and then killed twice: the second time perhaps while it makes again what the first kill left.
        host.killAt =
          kills < (i % 4 ? 1 : 2) ? host.entries.length + 1 + random.below(whole.entries.length) : Number.POSITIVE_INFINITY;
        const before: Entry[] = structuredClone(host.entries);
        try {
          await host.runner(spec).run();
          expect(host.entries.slice(0, before.length)).toEqual(before);
          break;
        } catch (error) {
          expect((error as Error).message).toBe('killed');
          expect(host.entries.slice(0, before.length)).toEqual(before);
          kills++;
        }
      }
      expect(outcome(host.entries)).toEqual(expected);
      for (const [trial, bytes] of whole.checkpoints) expect(host.checkpoints.get(trial)).toEqual(bytes);
    }
  });

  it('paused and played, in one life or the next, is the same sweep', async () => {
    const expected = outcome((await ordered()).entries);
    const host = new Ordering();
    host.stopAt = 30;
    const runner = host.runner(spec);
    expect(await runner.run()).toBe('paused');
    host.stopAt = 60;
    expect(await runner.run()).toBe('paused');
    runner.destroy();
    host.stopAt = Number.POSITIVE_INFINITY;
    const next = host.runner(spec);
    expect(await next.run()).toBe('finished');
    expect(outcome(host.entries)).toEqual(expected);
    // A finished sweep that is opened again has nothing to do.
    const length = host.entries.length;
    expect(await host.runner(spec).run()).toBe('finished');
    expect(host.entries.length).toBe(length);
  });

  it('stops when asked to, and goes on when more is asked for', async () => {
    const host = new MemoryHost();
    host.wanted = [];
    const runner = host.runner(smallSpec({ places: 2 }));
    host.stopAt = 12;
    expect(await runner.run()).toBe('paused');
    host.stopAt = Number.POSITIVE_INFINITY;
    host.wanted.push({ kind: 'stop' });
    expect(await runner.run()).toBe('finished');
    const stopped = outcome(host.entries).trials;
    expect(stopped.filter((t) => t.state === 'stopped').map((t) => t.why)).toContain('the sweep was stopped');
    expect(stopped.every((t) => t.state === 'finished' || t.state === 'stopped')).toBe(true);
    const before = outcome(host.entries).points.length;
    host.wanted.push({ kind: 'add', points: [{ 'contrast.lambda': 0.05, 'contrast.tau': 0.1 }] });
    expect(await runner.run()).toBe('finished');
    const after = outcome(host.entries);
    expect(after.points[before]).toEqual({
      point: before,
      values: { 'contrast.lambda': 0.05, 'contrast.tau': 0.1 },
      byHand: true,
    });
    expect(after.trials.filter((t) => t.point === before).map((t) => t.state)).toEqual(['finished', 'finished']);
  });

  it('ends trials at once when asked to, in the middle of a round, and so it is made again', async () => {
    /** Stops trial 1 within a round, and everything within a later one. */
    class Hasty extends MemoryHost {
      override submissionSeconds = 0;
      override orders() {
        const steps = this.entries.filter((e) => e.type === 'steps').length;
        const given = this.entries.filter((e) => e.type === 'order').length;
        if (given === 0 && steps >= 4) return [{ kind: 'stopTrial' as const, trial: 1 }];
        if (given === 1 && steps >= 13) return [{ kind: 'stop' as const }];
        return [];
      }
    }
    const slow = smallSpec({
      changes: { ...MINUTE, steps: 9 },
      report: 3,
      places: 3,
      objective: { metric: 'policy/entropy', window: 2 },
    });
    const whole = new Hasty();
    expect(await whole.runner(slow).run()).toBe('finished');
    const { trials } = outcome(whole.entries);
    expect([trials[1].state, trials[1].why]).toEqual(['stopped', 'stopped by hand']);
    expect(trials[1].step % 3).not.toBe(0);
    expect(trials.filter((t) => t.why === 'the sweep was stopped').some((t) => t.step % 3 !== 0)).toBe(true);
    const [first, second] = whole.entries.flatMap((e, i) => (e.type === 'order' ? [i] : []));
    for (const cut of [first + 1, second + 1, second + 3]) {
      const again = new Hasty();
      again.entries = structuredClone(whole.entries.slice(0, cut));
      again.submissionSeconds = 10;
      expect(await again.runner(slow).run()).toBe('finished');
      expect(outcome(again.entries).trials[1]).toEqual(trials[1]);
      if (cut > second) expect(outcome(again.entries)).toEqual(outcome(whole.entries));
    }
  });

  it('refuses a journal of another sweep, of another device, or one that was changed', async () => {
    const host = await wholeSweep(smallSpec());
    expect(() => host.runner(smallSpec({ name: 'other' }))).toThrow('the journal is of another sweep: its specification differs');
    const elsewhere = new MemoryHost();
    elsewhere.entries = structuredClone(host.entries);
    Object.assign(elsewhere.entries[0], { adapter: 'another GPU' });
    expect(() => elsewhere.runner(smallSpec())).toThrow(/this sweep was begun on another GPU \(cpu\), here is JavaScript/);
    const changed = new MemoryHost();
    changed.entries = structuredClone(host.entries).slice(0, -4);
    const steps = changed.entries.find((e) => e.type === 'steps') as Extract<Entry, { type: 'steps' }>;
    (steps.metrics as Record<string, number[]>)['reward/mean'][0] += 0.25;
    await expect(changed.runner(smallSpec()).run()).rejects.toThrow(/made again, step 1 of trial 0 has reward\/mean/);
  });
});
