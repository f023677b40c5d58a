import { PRESETS } from '../../config/presets';
import { changesOf } from '../../store/changes';
import type { RunRecord } from '../../store/glances';
import { comparisonOf, type Difference, long, short } from '../shell/differs';

/** What runs can be sorted by. */
export const SORTS = ['when', 'name', 'step', 'reward', 'heldOut'] as const;
/** One of them. */
export type Sort = (typeof SORTS)[number];

/** How the table is arranged. */
export interface Order {
  sort: Sort;
  /** Largest, or newest, first. */
  down: boolean;
  /** Words that a run must have somewhere. */
  text: string;
  /** A tag that a run must have. */
  tag: string | null;
}

/** The runs of one fleet that are shown, in the order in which they are. */
export interface Group {
  fleet: string;
  runs: RunRecord[];
}

const labelsOf = (presets: readonly string[]) => PRESETS.filter((p) => presets.includes(p.name)).map((p) => p.label);

/** Method, size and ablations in words: `MCPO-GRPO · Tiny`. */
export function madeOf({ presets }: Pick<RunRecord, 'presets'>): string {
  const kinds = ['method', 'size', 'ablation'] as const;
  return kinds
    .flatMap((kind) => PRESETS.filter((p) => p.kind === kind && presets.includes(p.name)).map((p) => p.label))
    .join(' · ');
}

/** How a run differs: from the others of its fleet, or, alone, from its presets. `mates`: the fleet's runs by their places. */
export function differencesOf(run: RunRecord, mates: readonly RunRecord[]): Difference[] {
  if (mates.length > 1) {
    const lanes = mates.map(({ lane, presets, config }) => ({ label: lane, presets, config }));
    return comparisonOf(lanes, mates.indexOf(run)).differences;
  }
  const seed = run.config.seed === 0 ? [] : [{ path: 'seed', value: run.config.seed, base: 0 }];
  return [...seed, ...changesOf(run.presets, run.config).map(({ field, value, base }) => ({ path: field.path, value, base }))];
}

/** The first `most` differences in short, and all of them in full. */
export const differText = (all: readonly Difference[], most: number): { short: string; full: string } => ({
  short: [...all.slice(0, most).map(short), ...(all.length > most ? [`+${all.length - most}`] : [])].join(' · '),
  full: all.map(long).join('\n'),
});

const VALUES: Record<Sort, (run: RunRecord) => number | string> = {
  when: (r) => r.created,
  name: (r) => r.name.toLowerCase(),
  step: (r) => r.step,
  reward: (r) => r.summary['reward/mean'] ?? -1,
  heldOut: (r) => r.summary['heldOut/average'] ?? -1,
};

const wordsOf = (r: RunRecord) =>
  [r.name, r.lane, r.notes, ...r.tags, ...r.presets, ...labelsOf(r.presets), `seed ${r.config.seed}`].join('\n').toLowerCase();

function by(sort: Sort, down: boolean): (a: RunRecord, b: RunRecord) => number {
  const value = VALUES[sort];
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (down ? -order : order) || a.place - b.place;
  };
}

/** The runs that are looked for, fleet by fleet: a fleet stands where its first run would. */
export function arrange(records: readonly RunRecord[], { sort, down, text, tag }: Order): Group[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = records.filter((r) => {
    if (tag !== null && !r.tags.includes(tag)) return false;
    const own = wordsOf(r);
    return words.every((w) => own.includes(w));
  });
  const groups = new Map<string, RunRecord[]>();
  for (const run of [...found].sort(by(sort, down))) {
    const own = groups.get(run.fleet);
    if (own) own.push(run);
    else groups.set(run.fleet, [run]);
  }
  return [...groups].map(([fleet, runs]) => ({
    fleet,
    runs: sort === 'when' ? runs.sort((a, b) => a.place - b.place) : runs,
  }));
}

/** Every tag with how many runs have it, most used first. */
export function tagsOf(records: readonly RunRecord[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tag of records.flatMap((r) => r.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
}
