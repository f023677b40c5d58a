import { VERSION } from '../host/version';
import type { EvaluationRow, StepRow } from './tables';
import type { EvalResult, NewRun, RunPatch, RunRecord, StepMetrics } from './types';

/** Longest name, notes, tag and link in characters; most tags. */
export const BOUNDS = { name: 200, notes: 20_000, tag: 40, tags: 20, link: 20_000 } as const;

/** A fresh id: 12 letters and digits, 62 bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => (b % 36).toString(36)).join('');
}

/** What ids of runs and fleets look like; they are part of file names. */
export const isId = (text: unknown): text is string => typeof text === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(text);

const shown = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
const refuse = (key: string, value: unknown, bound: string): never => {
  throw new Error(`invalid ${key}: ${shown(value)} (${bound})`);
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

function checkText(key: string, value: unknown, most: number, least = 0): void {
  if (typeof value !== 'string' || value.length < least || value.length > most)
    refuse(key, value, least ? `text of ${least} to ${most} characters` : `text of at most ${most} characters`);
}

/** Checks what people write about a run. @throws Error `invalid name: "" (text of 1 to 200 characters)` */
export function checkWords({ name, notes, tags, color }: RunPatch): void {
  if (name !== undefined) {
    checkText('name', name, BOUNDS.name, 1);
    if (CONTROL.test(name)) refuse('name', name, 'one line');
  }
  if (notes !== undefined) checkText('notes', notes, BOUNDS.notes);
  if (color !== undefined && !(Number.isInteger(color) && color >= 0 && color < 1000))
    refuse('color', color, 'an integer from 0 to 999');
  if (tags === undefined) return;
  if (!Array.isArray(tags) || tags.length > BOUNDS.tags) refuse('tags', tags, `at most ${BOUNDS.tags}`);
  for (const tag of tags) {
    checkText('tag', tag, BOUNDS.tag, 1);
    if (CONTROL.test(tag)) refuse('tag', tag, 'one line');
  }
}

const number = (x: unknown): x is number => typeof x === 'number' && Number.isFinite(x);

/**
 * Checks a record that came from a file. Its configuration is checked by the reader, its summary is made anew.
 * @throws Error naming key, value and bound
 */
export function checkRecord(record: RunRecord): void {
  for (const key of ['id', 'fleet'] as const)
    if (!isId(record[key])) refuse(key, record[key], '1 to 40 letters, digits or underscores');
  for (const key of ['lane', 'backend', 'adapter', 'version', 'status'] as const) checkText(key, record[key], 300);
  for (const key of ['place', 'step', 'steps'] as const)
    if (!Number.isSafeInteger(record[key]) || record[key] < 0) refuse(key, record[key], 'an integer from 0');
  for (const key of ['created', 'updated'] as const)
    if (!number(record[key])) refuse(key, record[key], 'milliseconds since 1970');
  checkText('link', record.link, BOUNDS.link);
  const { name, notes, tags, color, parent } = record;
  for (const [key, value] of Object.entries({ name, notes, tags, color })) if (value === undefined) refuse(key, value, 'missing');
  checkWords({ name, notes, tags, color });
  if (parent !== undefined && !(isId(parent?.run) && Number.isSafeInteger(parent.step))) refuse('parent', parent, 'run and step');
}

/** The record of a new run. @throws Error when its words are out of bounds */
export function makeRecord(run: NewRun, fleet: string, place: number, now: number): RunRecord {
  const { lane, presets, config, parent } = run;
  const record: RunRecord = {
    id: newId(),
    fleet: run.fleet ?? fleet,
    place: run.place ?? place,
    lane,
    name: run.name ?? (lane || 'Run'),
    color: run.color ?? run.place ?? place,
    notes: run.notes ?? '',
    tags: run.tags ?? [],
    presets: [...presets],
    config,
    link: run.link ?? '',
    backend: run.backend ?? '',
    adapter: run.adapter ?? '',
    version: run.version ?? VERSION,
    created: now,
    updated: now,
    step: 0,
    steps: config.steps,
    status: run.status ?? 'paused',
    ...(parent ? { parent } : {}),
    summary: {},
  };
  checkRecord(record);
  return record;
}

/** @throws Error when a step is no whole number from 0 */
export function checkStep(step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) refuse('step', step, 'an integer from 0');
}

/** @throws Error when steps do not ascend from at least 1 */
export function checkAscending(steps: readonly StepMetrics[]): void {
  steps.forEach(({ step }, i) => {
    checkStep(step);
    const least = i ? steps[i - 1].step + 1 : 1;
    if (step < least) refuse('step', step, `at least ${least}: steps ascend`);
  });
}

/** Summary from a run's last step and all of its evaluations; null where there is none. */
export function summarise(
  last: Pick<StepRow, 'metrics'> | undefined,
  evaluations: readonly Pick<EvaluationRow, 'step' | 'result'>[],
): RunRecord['summary'] {
  const averages = evaluations.map((e: { result: EvalResult }) => e.result.average);
  return {
    'reward/mean': last?.metrics['reward/mean'] ?? null,
    'heldOut/average': averages.at(-1) ?? null,
    'heldOut/best': averages.length ? Math.max(...averages) : null,
  };
}
