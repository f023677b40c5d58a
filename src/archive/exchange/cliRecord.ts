import { PRESETS } from '../../config/presets';
import { differences, resolve } from '../../config/resolve';
import { newId } from '../record';
import type { Config, RunRecord } from '../types';

const namesOf = (kind: string) => PRESETS.filter((p) => p.kind === kind).map((p) => p.name);

/** The size and the method that a configuration differs least from. */
export function nearestPresets(config: Config): string[] {
  let best: { names: string[]; count: number } | undefined;
  for (const size of namesOf('size'))
    for (const method of namesOf('method')) {
      const { length: count } = differences(config, resolve([size, method]));
      if (!best || count < best.count) best = { names: [size, method], count };
    }
  return best?.names ?? [];
}

const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : '');

/** The record of a run that the command line wrote; it has no name or time of its own. `first`: the file's first run. */
export function cliRecord(
  row: Record<string, unknown>,
  config: Config,
  file: string,
  first: RunRecord | undefined,
  place: number,
): RunRecord {
  const presets = nearestPresets(config);
  const lane = PRESETS.find((p) => p.name === (row.method ?? presets[1]))?.label ?? text(row.method);
  const now = Date.now();
  return {
    id: newId(),
    fleet: first?.fleet ?? newId(),
    place,
    lane,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: names are one line
    name: `${lane} (${file})`.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 200),
    color: place,
    notes: '',
    tags: [],
    presets,
    config,
    link: '',
    backend: text(row.backend),
    adapter: text(row.adapter),
    version: text(row.version),
    created: now,
    updated: now,
    step: 0,
    steps: config.steps,
    status: 'paused',
    summary: {},
  };
}
