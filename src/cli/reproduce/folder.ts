import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../engine/checkpoint';
import { writeWhole } from '../files';
import { UsageError } from '../io';
import type { RunRecord } from './types';

/** A finished run without the variant that asked for it: several may. */
export type StoredRun = Omit<RunRecord, 'variant'>;

/** Curves of the fleet's runs so far: by run, then by metric, one value a step. */
export interface Progress {
  step: number;
  seconds: number;
  curves: Record<string, (number | null)[]>[];
  /** Centroid distances of every step, [run][step][domain][domain]. */
  centroids: (number | null)[][][][];
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/**
 * The working folder of a reproduction: finished runs (`runs/KEY.json`), snapshots of fleets in training (`fleets/`) and base
 * checkpoints that had to be made (`bases/`). Every file is written whole or not at all, so that a kill at any moment loses no more
 * than what was trained since the last snapshot, and that is trained again to the same bits.
 */
export class Folder {
  /** @throws UsageError when the folder cannot be made */
  constructor(readonly path: string) {
    try {
      for (const part of ['runs', 'fleets', 'bases']) mkdirSync(join(path, part), { recursive: true });
    } catch (error) {
      throw new UsageError(`cannot write --out ${path}: ${(error as Error).message}`);
    }
  }

  private file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  has(key: string): boolean {
    return existsSync(this.file('runs', `${key}.json`));
  }

  /** @throws UsageError naming the file when it does not hold a run */
  run(key: string): StoredRun {
    const path = this.file('runs', `${key}.json`);
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as StoredRun;
    } catch (error) {
      throw new UsageError(`cannot read ${path}: ${(error as Error).message}; delete it to have the run made again`);
    }
  }

  async saveRun(key: string, run: StoredRun): Promise<void> {
    await writeWhole(this.file('runs', `${key}.json`), json(run));
  }

  /** A fleet's last snapshot: its progress and one checkpoint a run; undefined when there is none that is whole. */
  snapshot(fleet: string, runs: number): { progress: Progress; checkpoints: Checkpoint[] } | undefined {
    const path = this.file('fleets', `${fleet}.json`);
    if (!existsSync(path)) return undefined;
    const progress = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    const names = Array.from({ length: runs }, (_, run) => this.part(fleet, progress.step, run));
    if (!names.every(existsSync)) return undefined;
    return { progress, checkpoints: names.map((name) => decodeCheckpoint(new Uint8Array(readFileSync(name)), name)) };
  }

  private part(fleet: string, step: number, run: number): string {
    return this.file('fleets', `${fleet}-${step}-${run}.safetensors`);
  }

  /** Writes a snapshot; the older one goes when the new one is whole. */
  async saveSnapshot(fleet: string, progress: Progress, checkpoints: readonly Checkpoint[]): Promise<void> {
    for (const [run, checkpoint] of checkpoints.entries())
      await writeWhole(this.part(fleet, progress.step, run), encodeCheckpoint(checkpoint));
    await writeWhole(this.file('fleets', `${fleet}.json`), json(progress));
    this.sweep(fleet, progress.step);
  }

  /** Removes a fleet's snapshots, all but those of step `keep`. */
  sweep(fleet: string, keep?: number): void {
    for (const name of readdirSync(this.file('fleets'))) {
      if (!name.startsWith(fleet) || (keep !== undefined && (name === `${fleet}.json` || name.startsWith(`${fleet}-${keep}-`))))
        continue;
      rmSync(this.file('fleets', name));
    }
  }

  base(key: string): Checkpoint | undefined {
    const path = this.file('bases', `${key}.safetensors`);
    return existsSync(path) ? decodeCheckpoint(new Uint8Array(readFileSync(path)), path) : undefined;
  }

  async saveBase(key: string, checkpoint: Checkpoint): Promise<void> {
    await writeWhole(this.file('bases', `${key}.safetensors`), encodeCheckpoint(checkpoint));
  }

  async saveReport(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeWhole(this.file(name), new TextEncoder().encode(text));
  }
}
