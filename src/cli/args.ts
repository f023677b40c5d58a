import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseAssignments, resolve } from '../config/resolve';
import type { Config } from '../config/schema';
import { type Checkpoint, decodeCheckpoint } from '../engine/checkpoint';
import { checkMixes } from '../tasks/registry';
import { UsageError } from './io';

/** Values of `--backend`. */
export const BACKENDS = ['auto', 'webgpu', 'cpu'] as const;
export type BackendChoice = (typeof BACKENDS)[number];

type Options = Record<string, { type: 'string' | 'boolean'; multiple?: boolean; short?: string; default?: string | boolean }>;

/** `parseArgs` whose complaints are one-line usage errors. */
export function readArgs<T extends Options>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0].split('. To specify')[0]);
  }
}

/** Reads `--backend`. @throws UsageError */
export function backendChoice(value: string | undefined): BackendChoice {
  const choice = (value ?? 'auto') as BackendChoice;
  if (!BACKENDS.includes(choice)) throw new UsageError(`invalid --backend: ${value} (${BACKENDS.join(', ')})`);
  return choice;
}

/** An integer option. @throws UsageError */
export function integerOption(name: string, value: string | undefined, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  const n = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isSafeInteger(n) || n < min || n > max)
    throw new UsageError(`invalid ${name}: ${value || '(empty)'} (an integer from ${min} to ${max})`);
  return n;
}

/** A configuration whose domain mixes are checked too. @throws ConfigError */
export function checked(config: Config): Config {
  checkMixes(config);
  return config;
}

/** `--preset` names and `key=value` words to a configuration. @throws ConfigError */
export const configFrom = (presets: string[] | undefined, words: string[]): Config =>
  checked(resolve(presets ?? [], parseAssignments(words)));

/** Reads a file. @throws UsageError naming it */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${path}: ${code === 'ENOENT' ? 'no such file' : (error as Error).message}`);
  }
}

/** @throws UsageError when the file is missing, truncated, foreign or of another version. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readBytes(path);
  try {
    return decodeCheckpoint(bytes, path);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Reads a file shipped under `public/`; null when there is none. */
export async function readPublic(path: string): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readFile(fileURLToPath(new URL(`../../public/${path}`, import.meta.url))));
  } catch {
    return null;
  }
}
