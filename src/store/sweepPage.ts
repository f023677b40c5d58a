import type { SweepClient } from '../host/sweep/client';
import type { SweepEvent } from '../host/sweep/protocol';

/** What the sweeps' store needs from the page. This module comes with the first view, the store itself when it is needed. */
export interface SweepSurroundings {
  /** The page's address, under which `public/` files lie. */
  baseUrl: string;
  /** What this tab was doing, kept over a reload. */
  memory: { read(): string | null; write(text: string): void };
  /** Left out: the worker's. */
  startClient?(onEvent: (event: SweepEvent) => void): SweepClient;
  /** Name of the database; left out: the program's. */
  archive?: string;
}

/** What this tab had on its page before it was reloaded. */
export interface SweepMemory {
  id: string;
  running: boolean;
}

/** Null when it had nothing. */
export function readSweepMemory({ memory }: Pick<SweepSurroundings, 'memory'>): SweepMemory | null {
  try {
    const last = JSON.parse(memory.read() || 'null');
    return typeof last?.id === 'string' && typeof last.running === 'boolean' ? last : null;
  } catch {
    return null;
  }
}

let around: SweepSurroundings | null = null;
let listener: ((around: SweepSurroundings | null) => void) | undefined;

/** Binds the sweeps to a page; null takes them off it. */
export function bindSweeps(surroundings: SweepSurroundings | null): void {
  around = surroundings;
  listener?.(around);
}

/** Tells the store which page it is bound to, now and whenever that changes. */
export function onBindSweeps(follow: (around: SweepSurroundings | null) => void): void {
  listener = follow;
  follow(around);
}
