import { getValue, parseValue } from '../config/fields';
import { merged, nest, resolve } from '../config/resolve';
import type { Layer } from '../config/schema';
import { chosen, withAblation, withPreset } from './changes';
import { lab } from './lab';
import { type Experiment, lanesOf, parseRace, type Race } from './lanes';
import { open } from './opening';

/** @throws ConfigError when the user's own values do not fit the preset */
export function choosePreset(name: string): void {
  const { presets, config, race } = lab.getState();
  const next = withPreset(presets, config, name);
  // A race of methods that does not hold the chosen method is over.
  const over =
    race?.kind === 'methods' && !race.names.includes(name) && next.presets.some((p) => p === name && chosen([p], 'method'));
  if (!presets.includes(name) || over) open({ ...next, ...(over ? { race: null } : {}) });
}

/** Switches an ablation on or off. @throws ConfigError when the user's own values do not fit it */
export function toggleAblation(name: string): void {
  const { presets, config } = lab.getState();
  open(withAblation(presets, config, name));
}

/** Gives one field a value, from its text. @throws ConfigError naming value and bounds */
export function setField(path: string, text: string): void {
  const { config } = lab.getState();
  const value = parseValue(path, text.trim());
  if (value !== getValue(config, path)) open({ config: merged(config, nest(path, value) as Layer) });
}

/** Gives one field back what the presets say. @throws ConfigError when that does not fit the other fields */
export function resetField(path: string): void {
  const { presets } = lab.getState();
  setField(path, String(getValue(resolve(presets), path)));
}

/** Back to the presets; the seed stays. */
export function dropChanges(): void {
  const { presets, config } = lab.getState();
  open({ config: merged(resolve(presets), { seed: config.seed }) });
}

/** Races methods or a field's values; null ends the race. @throws ConfigError when the lanes do not go together */
export function setRace(race: Race | null): void {
  if (race) parseRace(race.kind === 'methods' ? race.names.join(',') : `${race.path}:${race.values.join(',')}`);
  open({ race });
}

/** Seeds of each lane. @throws ConfigError when that makes too many runs */
export const setSeeds = (seeds: number): void => open({ seeds });

/** Whether a race of this experiment would go together; the reason why not. */
export function raceProblem(change: Partial<Experiment>): string | null {
  try {
    lanesOf({ ...lab.getState(), ...change });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
