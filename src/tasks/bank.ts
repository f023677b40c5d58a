import type { Config } from '../config/schema';
import { hash32, Random, STREAM } from '../math/random';
import type { Domain, Instance } from './contract';
import { packRecord, RECORD_SIZE } from './record';
import { columnsOf, DOMAINS, type PlacedColumn, parseMix } from './registry';
import { PROMPT_LENGTH, RESPONSE_LENGTH, TOKEN } from './vocabulary';
import { makeWorld, type World } from './world';

export { explain, verify } from './verify';
export { parseMix, RECORD_SIZE };

/** Side of an instance: trained on, or held out. */
export type Split = 'train' | 'heldOut';

/** One in this many prompts is held out. */
const HELD_OUT = 5;
/** Draws in a row that may repeat known prompts before a repeat is taken. */
const PATIENCE = 8;
const MOST_DRAWS = 10000;

/** The side of the split that a prompt is on: a hash of its tokens puts one fifth of all instances aside. */
export function splitOf(prompt: readonly number[]): Split {
  let h = 0;
  for (const t of prompt) h = hash32((h + t) >>> 0);
  return h % HELD_OUT === 0 ? 'heldOut' : 'train';
}

/** One column's place in a bank. */
export interface BankColumn {
  /** Domain id. */
  domain: string;
  /** Column id. */
  column: string;
  label: string;
  /** Score of guessing. */
  chance: number;
  /** First record and number of records. */
  start: number;
  count: number;
}

/** Instances ready for the GPU. */
export interface Bank {
  /** u32[count, RECORD_SIZE], columns contiguous, domains in registry order. */
  records: Uint32Array;
  count: number;
  columns: BankColumn[];
  /**
   * `bank.index`, u32[2·C + 2·columns]: for each domain its first column and its number of columns, then for each column its
   * first record and its number of records.
   */
  index: Uint32Array;
}

/**
 * Draws instances of a column on one side of the split.
 * @throws Error when MOST_DRAWS draws in a row are on the other side.
 */
function drawer(
  { domain, within, column }: PlacedColumn,
  domains: readonly Domain[],
  split: Split,
  random: Random,
  world: World,
) {
  return (): Instance => {
    for (let i = 0; i < MOST_DRAWS; i++) {
      const instance = domains[domain].generate(within, random, world);
      if (splitOf(instance.prompt) === split) return instance;
    }
    throw new Error(`column ${column.id} has no ${split} instance in ${MOST_DRAWS} draws`);
  };
}

/**
 * A set of instances: `perColumn` of each column, repeats only where a column has too few distinct ones.
 * @throws Error when an instance of a domain does not fit its record, naming it.
 */
export function buildBank(
  tasks: Config['tasks'],
  { split, perColumn, seed, domains = DOMAINS }: { split: Split; perColumn: number; seed: number; domains?: readonly Domain[] },
): Bank {
  const world = makeWorld(tasks);
  const placed = columnsOf(domains);
  const records = new Uint32Array(placed.length * perColumn * RECORD_SIZE);
  placed.forEach((place, c) => {
    const draw = drawer(place, domains, split, new Random(seed, STREAM.bank, 2 * c + (split === 'train' ? 0 : 1)), world);
    const known = new Set<string>();
    for (let i = 0; i < perColumn; i++) {
      let instance = draw();
      for (let again = 0; again < PATIENCE && known.has(instance.prompt.join()); again++) instance = draw();
      known.add(instance.prompt.join());
      records.set(packRecord(instance, place.domain, c, world), (c * perColumn + i) * RECORD_SIZE);
    }
  });
  const columns = placed.map(({ domain, column }, c) => ({
    domain: domains[domain].id,
    column: column.id,
    label: column.label,
    chance: column.chance(world),
    start: c * perColumn,
    count: perColumn,
  }));
  return { records, count: placed.length * perColumn, columns, index: indexOf(columns, domains) };
}

function indexOf(columns: readonly BankColumn[], domains: readonly Domain[]): Uint32Array {
  const ofDomain = domains.map(({ id, columns: own }) => [columns.findIndex((c) => c.domain === id), own.length]);
  return Uint32Array.from([...ofDomain.flat(), ...columns.flatMap((c) => [c.start, c.count])]);
}

/** A response as the buffers hold it: tokens, `eos`, `pad`. */
export function responseOf(tokens: readonly number[]): { tokens: Uint32Array; length: number } {
  if (tokens.length >= RESPONSE_LENGTH)
    throw new Error(`invalid response: ${tokens.length} tokens (at most ${RESPONSE_LENGTH - 1})`);
  const out = new Uint32Array(RESPONSE_LENGTH).fill(TOKEN.pad);
  out.set(tokens);
  out[tokens.length] = TOKEN.eos;
  return { tokens: out, length: tokens.length + 1 };
}

/** What the warm start learns from. */
export interface Demonstrations {
  count: number;
  /** u32[count, PROMPT_LENGTH] */
  prompt: Uint32Array;
  /** u32[count, RESPONSE_LENGTH] */
  response: Uint32Array;
  /** u32[count], `eos` included. */
  length: Uint32Array;
  /** u32[count]: column over all domains. */
  column: Uint32Array;
}

/** Noisy demonstrations on training prompts: domains by `warmStart.mix`, columns uniform within the domain. */
export function demonstrations(
  config: Config,
  count: number,
  seed: number,
  domains: readonly Domain[] = DOMAINS,
): Demonstrations {
  const world = makeWorld(config.tasks);
  const random = new Random(seed, STREAM.demonstration);
  const mix = parseMix(config.warmStart.mix, 'warmStart.mix', domains);
  const placed = columnsOf(domains);
  const columnsIn = domains.map((_, d) => placed.flatMap((p, c) => (p.domain === d ? [c] : [])));
  const draws = placed.map((place) => drawer(place, domains, 'train', random, world));
  const out: Demonstrations = {
    count,
    prompt: new Uint32Array(count * PROMPT_LENGTH),
    response: new Uint32Array(count * RESPONSE_LENGTH),
    length: new Uint32Array(count),
    column: new Uint32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const domain = pickDomain(mix, random.unit());
    const column = random.pick(columnsIn[domain]);
    const instance = draws[column]();
    const { tokens, length } = responseOf(domains[domain].demonstrate(instance, random, config.warmStart, world));
    out.prompt.set(instance.prompt, i * PROMPT_LENGTH);
    out.response.set(tokens, i * RESPONSE_LENGTH);
    out.length[i] = length;
    out.column[i] = column;
  }
  return out;
}

/** The domain whose part of [0, 1) holds `unit`. */
function pickDomain(mix: readonly number[], unit: number): number {
  let sum = 0;
  let last = 0;
  for (let d = 0; d < mix.length; d++) {
    if (mix[d] <= 0) continue;
    sum += mix[d];
    last = d;
    if (unit < sum) return d;
  }
  return last;
}
