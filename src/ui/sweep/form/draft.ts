import { field, type Value } from '../../../config/fields';
import { type Assignment, isRange, METHOD, type Objective, type SweepSpec, type SweptField } from '../../../sweep/types';

/** A swept field as it is being written; numbers stay as they were typed. */
export interface FieldDraft {
  field: string;
  as: 'range' | 'values';
  from: string;
  to: string;
  scale: 'linear' | 'log';
  count: string;
  /** Of a choice or switch: those ticked. Else as text: numbers apart by commas, texts by lines. */
  values: readonly string[];
  text: string;
}

type Typed<K extends string> = Record<K, string>;

/** A sweep as it is being written. */
export interface Draft {
  name: string;
  /** What all trials have in common; null: as the lab is set. */
  base: { presets: readonly string[]; changes: Assignment } | null;
  fields: readonly FieldDraft[];
  /** `0, 1, 2` or `0-2`. */
  seeds: string;
  sampler: Typed<'seed' | 'startup' | 'candidates'> & { kind: SweepSpec['sampler']['kind']; multivariate: boolean };
  objective: Omit<Objective, 'window'> & { window: string };
  pruner: Typed<'startup' | 'warmup' | 'min' | 'factor' | 'p'> & { kind: SweepSpec['pruner']['kind'] };
  budget: Typed<'trials' | 'steps' | 'minutes'>;
  places: string;
  report: string;
}

/** What the lab is set to. */
export interface Base {
  presets: readonly string[];
  changes: Assignment;
}

const PRUNER = { startup: '5', warmup: '20', min: '10', factor: '3', p: '0.1' };
const SAMPLER = { seed: '1', startup: '10', candidates: '24', multivariate: false };

/** An empty form. */
export const NEW: Draft = {
  name: '',
  base: null,
  fields: [],
  seeds: '0-3',
  sampler: { kind: 'grid', ...SAMPLER },
  objective: { metric: 'heldOut/average', direction: 'max', at: 'end', window: '10' },
  pruner: { kind: 'none', ...PRUNER },
  budget: { trials: '', steps: '', minutes: '' },
  places: '16',
  report: '10',
};

const kindOf = (path: string) => (path === METHOD ? 'choice' : field(path).kind);
export const isNumeric = (path: string): boolean => ['integer', 'number'].includes(kindOf(path));
export const isTicked = (path: string): boolean => ['choice', 'boolean'].includes(kindOf(path));

/** What was typed as the number it says, else as it is: the specification then names it. */
const number = (text: string): unknown => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? text : value;
};
const optional = (text: string): unknown => (text.trim() === '' ? undefined : number(text));

/** Seeds as numbers: `0-3, 7` → 0, 1, 2, 3, 7. What is none stays text. */
export function seedsOf(text: string): unknown[] {
  return text
    .split(',')
    .map((t) => t.trim())
    .filter(Boolean)
    .flatMap((word): unknown[] => {
      const [, from, to] = /^(\d{1,10})\s*[-–]\s*(\d{1,10})$/.exec(word) ?? [];
      const count = Number(to) - Number(from) + 1;
      return from !== undefined && count > 0 && count <= 1000
        ? Array.from({ length: count }, (_, i) => Number(from) + i)
        : [number(word)];
    });
}

/** Seeds as text: `0-3`. */
export function seedsText(seeds: readonly number[]): string {
  const inRow = seeds.length > 2 && seeds.every((s, i) => s === seeds[0] + i);
  return inRow ? `${seeds[0]}-${seeds.at(-1)}` : seeds.join(', ');
}

function fieldInput(f: FieldDraft): unknown {
  if (isTicked(f.field)) {
    const values = kindOf(f.field) === 'boolean' ? f.values.map((v) => v === 'true') : [...f.values];
    return { field: f.field, values };
  }
  if (!isNumeric(f.field)) return { field: f.field, values: f.text.split('\n').filter((t) => t.trim()) };
  if (f.as === 'values') {
    const values = f.text.split(',').map((t) => t.trim());
    return { field: f.field, values: values.filter(Boolean).map(number) };
  }
  const { from, to, scale, count } = f;
  return { field: f.field, from: number(from), to: number(to), scale, count: optional(count) };
}

function samplerInput({ kind, seed, startup, candidates, multivariate }: Draft['sampler']): unknown {
  if (kind === 'grid') return { kind };
  if (kind === 'random' || kind === 'sobol') return { kind, seed: number(seed) };
  const own = { kind, seed: number(seed), startup: number(startup), candidates: number(candidates) };
  return kind === 'optuna' ? { ...own, multivariate } : own;
}

function prunerInput({ kind, startup, warmup, min, factor, p }: Draft['pruner']): unknown {
  if (kind === 'none') return { kind };
  if (kind === 'median') return { kind, startup: number(startup), warmup: number(warmup) };
  if (kind === 'wilcoxon') return { kind, p: number(p), startup: number(startup) };
  return { kind, min: number(min), factor: number(factor) };
}

/** The name that a sweep gets by itself: `λ × τ`. */
export const nameOf = (fields: readonly { field: string }[], say: (path: string) => string): string =>
  fields.map((f) => say(f.field)).join(' × ');

/** What the form says, as a specification that is still to be checked. What is swept is not fixed too. */
export function inputOf(draft: Draft, lab: Base, name: string): Record<string, unknown> {
  const { presets, changes } = draft.base ?? lab;
  const swept = new Set(draft.fields.map((f) => f.field));
  const { trials, steps, minutes } = draft.budget;
  return {
    version: 1,
    name: draft.name.trim() || name,
    presets: [...presets],
    changes: Object.fromEntries(Object.entries(changes).filter(([path]) => draft.base !== null || !swept.has(path))),
    fields: draft.fields.map(fieldInput),
    seeds: seedsOf(draft.seeds),
    sampler: samplerInput(draft.sampler),
    objective: { ...draft.objective, window: number(draft.objective.window) },
    pruner: prunerInput(draft.pruner),
    budget: { trials: optional(trials), steps: optional(steps), minutes: optional(minutes) },
    places: number(draft.places),
    report: number(draft.report),
  };
}

const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** A field's draft: its range, or its values. */
export function fieldDraft(f: SweptField): FieldDraft {
  const empty = { field: f.field, from: '', to: '', scale: 'linear', count: '', values: [], text: '' } as const;
  if (isRange(f)) return { ...empty, as: 'range', from: text(f.from), to: text(f.to), scale: f.scale, count: text(f.count) };
  const values = f.values.map(String);
  return { ...empty, as: 'values', values, text: values.join(isNumeric(f.field) ? ', ' : '\n') };
}

/** A field that is newly swept, around what the lab is set to. */
export function newField(path: string, now: Value, methods: readonly string[]): FieldDraft {
  if (path === METHOD) return fieldDraft({ field: path, values: methods });
  const { kind, options, scale = 'linear', min = 0, max = 1 } = field(path);
  if (options) return fieldDraft({ field: path, values: options });
  if (kind === 'boolean') return fieldDraft({ field: path, values: [false, true] });
  if (kind === 'text') return fieldDraft({ field: path, values: [now] });
  const at = Number(now);
  const round = (x: number) => Math.min(max, Math.max(min, kind === 'integer' ? Math.round(x) : Number(x.toPrecision(3))));
  const tidy = { count: '5', field: path, as: 'range', values: [], text: '' } as const;
  if (kind === 'integer' && max - min < 5)
    return { ...tidy, from: String(min), to: String(max), scale: 'linear', count: String(max - min + 1) };
  const log = scale === 'log' && at > 0;
  const ends = log ? [round(at / 4), round(at * 4)] : at > 0 ? [round(0), round(2 * at)] : [min, round(Math.min(max, 1))];
  const [from, to] = ends[0] < ends[1] ? ends : [min, max];
  const spread = kind === 'integer' ? Math.min(5, to - from + 1) : 5;
  return { ...tidy, from: String(from), to: String(to), scale: log && from > 0 ? 'log' : 'linear', count: String(spread) };
}

const sameBase = (a: Base, b: Base) =>
  JSON.stringify([[...a.presets].sort(), Object.entries(a.changes).sort()]) ===
  JSON.stringify([[...b.presets].sort(), Object.entries(b.changes).sort()]);

/** A specification as a form; numbers that it does not use stay as they were. */
export function draftOf(spec: SweepSpec, before: Draft, lab: Base): Draft {
  const swept = new Set(spec.fields.map((f) => f.field));
  const own = { presets: lab.presets, changes: Object.fromEntries(Object.entries(lab.changes).filter(([p]) => !swept.has(p))) };
  const base = { presets: spec.presets, changes: spec.changes };
  const strings = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([k, v]) => [k, typeof v === 'number' ? String(v) : v]));
  const { trials, steps, minutes } = spec.budget;
  return {
    name: spec.name,
    base: sameBase(base, own) ? null : base,
    fields: spec.fields.map(fieldDraft),
    seeds: seedsText(spec.seeds),
    sampler: { ...before.sampler, ...strings(spec.sampler) },
    objective: { ...spec.objective, window: String(spec.objective.window) },
    pruner: { ...before.pruner, ...strings(spec.pruner) },
    budget: { trials: text(trials), steps: text(steps), minutes: text(minutes) },
    places: String(spec.places),
    report: String(spec.report),
  };
}
