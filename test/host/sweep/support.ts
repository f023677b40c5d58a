import { readFileSync } from 'node:fs';
import type { Backend } from '../../../src/gpu/backend';
import { cpuBackend } from '../../../src/gpu/cpuBackend';
import type { Snapshot } from '../../../src/host/sweep/protocol';
import { type SweepHost, SweepRunner } from '../../../src/host/sweep/runner';
import { Journal } from '../../../src/sweep/journal';
import { parseSpec } from '../../../src/sweep/spec';
import type { Entry, Order, SweepSpec } from '../../../src/sweep/types';

export const SMALL = {
  steps: 6,
  'tasks.instances': 16,
  'rollout.prompts': 5,
  'rollout.group': 3,
  'contrast.warmup': 1,
  'eval.prompts': 1,
  'eval.samples': 1,
};

/** A policy so small, and hardly warmed up, that a step takes a millisecond; it earns no reward, but its entropy moves. */
export const MINUTE = {
  ...SMALL,
  'policy.width': 16,
  'policy.layers': 1,
  'policy.heads': 1,
  'head.hidden': 8,
  'head.width': 8,
  'warmStart.steps': 2,
  'warmStart.batch': 4,
};

/** A specification of trainings of a few milliseconds a step. */
export const smallSpec = (more: Record<string, unknown> = {}): SweepSpec =>
  parseSpec({
    name: 'small',
    presets: ['tiny', 'mcpo-grpo'],
    changes: SMALL,
    fields: [
      { field: 'contrast.lambda', values: [0.05, 0.2] },
      { field: 'contrast.tau', from: 0.05, to: 0.5, count: 2 },
    ],
    seeds: 2,
    objective: { metric: 'reward/mean', window: 2 },
    report: 2,
    places: 3,
    ...more,
  });

export const readPublic = async (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../../public/${path}`, import.meta.url)));

/** A sweep's surroundings in memory: what was written is there, whatever happens to the runner. */
export class MemoryHost implements SweepHost {
  entries: Entry[] = [];
  saved: Snapshot | null = null;
  checkpoints = new Map<number, Uint8Array>();
  notices: string[] = [];
  wanted: Order[] = [];
  /** Stop after so many entries are written, and throw there as a kill would. */
  stopAt = Number.POSITIVE_INFINITY;
  killAt = Number.POSITIVE_INFINITY;
  keepEvery = 0.05;
  submissionSeconds = 0.02;
  memory = 2 ** 30;
  readPublic = readPublic;

  write(entries: Entry[]): void {
    for (const entry of entries) {
      if (this.entries.length >= this.killAt) throw new Error('killed');
      // As a database keeps it.
      this.entries.push(structuredClone(entry));
    }
  }
  snapshot(taken: Snapshot): void {
    this.saved = structuredClone(taken);
  }
  checkpoint(trial: number, bytes: Uint8Array): void {
    this.checkpoints.set(trial, bytes.slice());
  }
  say(line: string): void {
    this.notices.push(line);
  }
  progress(): void {}
  pace(): void {}
  shouldStop(): boolean {
    return this.entries.length >= this.stopAt;
  }
  orders(): Order[] {
    return this.wanted.splice(0);
  }
  now(): number {
    return performance.now() / 1000;
  }
  today(): number {
    return 1_700_000_000_000;
  }
  runner(spec: SweepSpec, backend: Backend = cpuBackend()): SweepRunner {
    return new SweepRunner(backend, spec, this.entries, this.saved, this);
  }
}

/** A whole sweep in one go. */
export async function wholeSweep(spec: SweepSpec, backend?: Backend, change: Partial<MemoryHost> = {}): Promise<MemoryHost> {
  const host = Object.assign(new MemoryHost(), change);
  const runner = host.runner(spec, backend);
  const end = await runner.run();
  if (end !== 'finished') throw new Error(end);
  runner.destroy();
  return host;
}

/** What a journal says of its trials, without what depends on the clock. */
export function outcome(entries: readonly Entry[]) {
  const { points, trials, rounds } = new Journal(entries).state;
  return { points, trials, rounds };
}
