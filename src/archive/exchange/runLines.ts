import type { RunData } from '../types';
import { FORMAT } from './format';
import { exactJson } from './json';
import { pauses } from './pause';

/** The first line of a run: everything about it but what was measured. */
export function runHeader({ record }: RunData): Record<string, unknown> {
  const { presets, config, version, summary: _, deleted: __, ...rest } = record;
  return { format: FORMAT.run, version, presets, config, record: rest };
}

/** A run's lines: header, then steps and evaluations by step. */
export function* linesOf(run: RunData): Generator<string> {
  yield exactJson(runHeader(run));
  let at = 0;
  for (const step of run.steps) {
    for (; at < run.evaluations.length && run.evaluations[at].step < step.step; at++)
      yield exactJson({ type: 'evaluation', ...run.evaluations[at] });
    yield exactJson({ type: 'step', ...step });
  }
  for (; at < run.evaluations.length; at++) yield exactJson({ type: 'evaluation', ...run.evaluations[at] });
}

/** Characters put together before the browser takes them. */
const PART = 1 << 17;

/** Lines as a file, with pauses in between; `head` and `tail` come before and after. */
export async function linesFile(lines: Iterable<string>, type: string, head = '', tail = ''): Promise<Blob> {
  const pause = pauses();
  const parts: Blob[] = [];
  let text = head;
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length > PART) {
      parts.push(new Blob([text]));
      text = '';
    }
    const wait = pause();
    if (wait) await wait;
  }
  return new Blob([...parts, text, tail], { type });
}

function* linesOfAll(runs: readonly RunData[]): Generator<string> {
  for (const run of runs) yield* linesOf(run);
}

/** Runs as JSON Lines: each a header (`mcpo-lab run 1`), then `step` and `evaluation` lines. Numbers come back bit for bit. */
export const runsJsonLines = (runs: readonly RunData[]): Promise<Blob> => linesFile(linesOfAll(runs), 'application/jsonl');
