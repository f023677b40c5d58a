import { FIELDS, field, type Value } from '../../config/fields';
import { PRESETS } from '../../config/presets';
import { raceProblem } from '../../store/edits';
import { MAX_LANES, MAX_RUNS, parseRace, type Race } from '../../store/lanes';

/** Methods that a race can hold. */
export const METHODS = PRESETS.filter((p) => p.kind === 'method');
/** Fields that lanes of one fleet may differ in. */
export const RACEABLE = FIELDS.filter((f) => f.scope === 'run' && f.kind !== 'text' && f.path !== 'seed');

/** The race for newcomers. */
export const DUEL = { kind: 'methods', names: ['grpo', 'mcpo-grpo'] } as const satisfies Race;

/** Races worth a press. */
export const SUGGESTIONS: readonly { label: string; hint: string; race: Race }[] = [
  { label: 'GRPO against MCPO-GRPO', hint: 'Does the contrastive loss help?', race: DUEL },
  {
    label: 'Seven methods',
    hint: 'GRPO, DAPO, CLIPO, MGS, MT-GRPO, MCPO-GRPO and MCPO-DAPO.',
    race: { kind: 'methods', names: ['grpo', 'dapo', 'clipo', 'mgs', 'mt-grpo', 'mcpo-grpo', 'mcpo-dapo'] },
  },
  {
    label: 'Contrastive weight λ',
    hint: 'The chosen method with λ at 0, 0.05, 0.1, 0.2 and 0.5.',
    race: { kind: 'field', path: 'contrast.lambda', values: ['0', '0.05', '0.1', '0.2', '0.5'] },
  },
];

const labelOf = (name: string) => METHODS.find((m) => m.name === name)?.label ?? name;

/** A race in words. */
export const describeRace = (race: Race): string =>
  race.kind === 'field' ? `${field(race.path).label}: ${race.values.join(', ')}` : race.names.map(labelOf).join(', ');

/** Why a race, given as text, cannot be run over so many seeds; null when it can. */
export function problemOf(text: string, seeds: number): string | null {
  try {
    return raceProblem({ race: parseRace(text), seeds });
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why a method cannot join those chosen; null when it can. */
export function problemOfMethod(name: string, chosen: readonly string[], seeds: number): string | null {
  if (chosen.length >= MAX_LANES) return `a race has at most ${MAX_LANES} lanes`;
  if ((chosen.length + 1) * seeds > MAX_RUNS)
    return `${chosen.length + 1} lanes of ${seeds} seeds are more than ${MAX_RUNS} runs`;
  // With a partner that is the configuration itself: what goes wrong is this method's own.
  const partner = chosen.find((c) => c !== name) ?? METHODS.find((m) => m.name !== name)?.name;
  return problemOf(`${partner},${name}`, 1);
}

/** Values to vary a field over, around the present one. */
export function valuesAround(path: string, now: Value): string[] {
  const { kind, options, min = 0, max = 1 } = field(path);
  if (options) return options.slice(0, MAX_LANES).map(String);
  if (kind === 'boolean') return ['false', 'true'];
  const v = Number(now);
  const tried = v > 0 ? [v / 2, v, 2 * v] : kind === 'integer' ? [v, v + 1, v + 2] : [v, v + (max - v) / 100, v + (max - v) / 10];
  const fitting = tried.map((x) => Math.min(max, Math.max(min, kind === 'integer' ? Math.round(x) : Number(x.toPrecision(3)))));
  return [...new Set(fitting.map(String))];
}
