import type { ReadPublic } from './base';

/** GRPO on one domain alone, from the shipped base. */
export interface DomainBaseline {
  /** Mean reward of each step's batch, [seed][step]. */
  reward: number[][];
  /** Held-out accuracy in this domain before and after training, by seed. */
  before: number[];
  heldOut: number[];
}

/** What the domains reach when each is trained alone: `public/baselines/<size>.json`, made by `scripts/baselines.js`. */
export interface Baselines {
  /** Presets of the runs, beside `tasks.mix`. */
  presets: string[];
  steps: number;
  seeds: number[];
  /** Prompts of the domain in each step. */
  prompts: number;
  provenance: { command: string; commit: string; version: string; adapter: string };
  domains: Record<string, DomainBaseline>;
}

/** What the files begin with. */
export const BASELINES_FORMAT = 'mcpo-lab baselines 1';

/** Path under `public/` of a size's baselines. */
export const baselinesPath = (size: string): string => `baselines/${size}.json`;

/** The baselines of a size; null when none are shipped. @throws Error as `parseBaselines` */
export async function readBaselines(size: string, readPublic: ReadPublic): Promise<Baselines | null> {
  const where = baselinesPath(size);
  const bytes = await readPublic(where);
  return bytes && parseBaselines(new TextDecoder().decode(bytes), where);
}

/** @throws Error of one sentence that names file, place and what was expected there */
export function parseBaselines(text: string, where: string): Baselines {
  const bad = (what: string): never => {
    throw new Error(`${where}: ${what}`);
  };
  let file: Record<string, unknown>;
  try {
    file = JSON.parse(text);
  } catch {
    return bad('not JSON');
  }
  if (file?.format !== BASELINES_FORMAT)
    bad(`format is ${JSON.stringify(file?.format) ?? 'missing'} (this program reads ${BASELINES_FORMAT})`);
  const at = (object: unknown, key: string) => (object as Record<string, unknown> | null | undefined)?.[key];
  const count = (key: string): number => {
    const value = at(file, key);
    return Number.isInteger(value) && (value as number) > 0
      ? (value as number)
      : bad(`invalid ${key}: ${value} (a whole number from 1)`);
  };
  const list = (value: unknown, name: string, length: number, least: number, most: number): number[] => {
    if (!Array.isArray(value) || value.length !== length)
      return bad(`invalid ${name}: ${Array.isArray(value) ? `${value.length} numbers` : typeof value} (${length} numbers)`);
    const odd = value.findIndex((x) => !(typeof x === 'number' && x >= least && x <= most));
    return odd < 0 ? value : bad(`invalid ${name}[${odd}]: ${value[odd]} (${least} to ${most})`);
  };
  const words = (value: unknown, name: string): string =>
    typeof value === 'string' ? value : bad(`invalid ${name}: ${value} (text)`);
  const steps = count('steps');
  const runs = Array.isArray(file.seeds) ? file.seeds.length : 0;
  if (!runs) bad('no seeds');
  const seeds = list(file.seeds, 'seeds', runs, 0, 2 ** 32 - 1);
  if (!Array.isArray(file.presets)) bad('no presets');
  const domains = Object.entries((file.domains ?? {}) as Record<string, unknown>).map(([id, own]) => {
    const reward = at(own, 'reward');
    if (!Array.isArray(reward) || reward.length !== runs)
      return bad(`invalid domains.${id}.reward (one list for each of ${runs} seeds)`);
    const accuracies = (key: string) => list(at(own, key), `domains.${id}.${key}`, runs, 0, 1);
    const curves = reward.map((curve, s) => list(curve, `domains.${id}.reward[${s}]`, steps, 0, 1));
    return [id, { reward: curves, before: accuracies('before'), heldOut: accuracies('heldOut') }] as const;
  });
  if (!domains.length) bad('no domains');
  return {
    presets: (file.presets as unknown[]).map((p, i) => words(p, `presets[${i}]`)),
    steps,
    seeds,
    prompts: count('prompts'),
    provenance: {
      command: words(at(file.provenance, 'command'), 'provenance.command'),
      commit: words(at(file.provenance, 'commit'), 'provenance.commit'),
      version: words(at(file.provenance, 'version'), 'provenance.version'),
      adapter: words(at(file.provenance, 'adapter'), 'provenance.adapter'),
    },
    domains: Object.fromEntries(domains),
  };
}
