import { ConfigError, field, parseValue } from '../config/fields';
import { merged, nest, preset } from '../config/resolve';
import type { Config, Layer } from '../config/schema';
import { withPreset } from './changes';

/** What a race varies: the method, or the values of one field. */
export type Race = { kind: 'methods'; names: readonly string[] } | { kind: 'field'; path: string; values: readonly string[] };

/** One configuration of a race; without a race there is one lane. */
export interface Lane {
  /** What differs from the other lanes, in a word or two. */
  label: string;
  presets: readonly string[];
  config: Config;
}

/** What is trained: a configuration, what a race varies about it, and how many seeds each lane has. */
export interface Experiment {
  presets: readonly string[];
  config: Config;
  race: Race | null;
  seeds: number;
}

/** Most lanes, seeds of each, and runs altogether. */
export const MAX_LANES = 8;
export const MAX_SEEDS = 8;
export const MAX_RUNS = 32;

const refuse = (what: string, value: string | number, bound: string): never => {
  throw new ConfigError(`invalid ${what}: ${value} (${bound})`);
};

/** @throws ConfigError for a number of seeds that is not one of 1 to MAX_SEEDS */
export function parseSeeds(text: string): number {
  const seeds = Number(text);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MAX_SEEDS)
    refuse('seeds', text || '(empty)', `an integer from 1 to ${MAX_SEEDS}`);
  return seeds;
}

/** Reads `grpo,mcpo-grpo` or `contrast.lambda:0,0.1,1`. @throws ConfigError naming what cannot be raced */
export function parseRace(text: string): Race {
  const cut = text.indexOf(':');
  const words = text
    .slice(cut + 1)
    .split(',')
    .map((w) => w.trim())
    .filter(Boolean);
  if (words.length < 2 || words.length > MAX_LANES)
    refuse('race', text || '(empty)', `2 to ${MAX_LANES} methods or values, ${words.length} given`);
  const twice = words.find((w, i) => words.indexOf(w) < i);
  if (twice) refuse('race', text, `${twice} is named twice`);
  if (cut < 0) {
    for (const name of words) if (preset(name).kind !== 'method') refuse('race', name, 'a method');
    return { kind: 'methods', names: words };
  }
  const path = text.slice(0, cut);
  const f = field(path);
  if (f.scope !== 'run' || path === 'seed')
    refuse('race', path, 'a field that lanes of one fleet may differ in; this one changes shapes or set-up');
  for (const value of words) parseValue(path, value);
  return { kind: 'field', path, values: words };
}

/** What `parseRace` reads. */
export const raceText = (race: Race): string =>
  race.kind === 'methods' ? race.names.join(',') : `${race.path}:${race.values.join(',')}`;

/** The race's configurations. @throws ConfigError when one does not fit the rest of the experiment */
export function lanesOf({ presets, config, race, seeds }: Experiment): Lane[] {
  const lanes: Lane[] = !race
    ? [{ label: '', presets, config }]
    : race.kind === 'methods'
      ? race.names.map((name) => ({ label: preset(name).label, ...withPreset(presets, config, name) }))
      : race.values.map((value) => {
          const { symbol, label } = field(race.path);
          const layer = nest(race.path, parseValue(race.path, value)) as Layer;
          return { label: `${symbol ?? label} ${value}`, presets, config: merged(config, layer) };
        });
  const runs = lanes.length * seeds;
  if (runs > MAX_RUNS) refuse('race', `${lanes.length} lanes of ${seeds} seeds`, `at most ${MAX_RUNS} runs, ${runs} asked for`);
  return lanes;
}

/** Configurations of the fleet's runs: lane after lane, each with seeds s, s + 1, … */
export const runConfigs = (lanes: readonly Lane[], seeds: number): { lane: number; config: Config }[] =>
  lanes.flatMap(({ config }, lane) =>
    Array.from({ length: seeds }, (_, i) => ({ lane, config: i ? merged(config, { seed: config.seed + i }) : config })),
  );
