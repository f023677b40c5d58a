import type { Config } from '../config/schema';
import { Random, STREAM } from '../math/random';
import { responseOf } from '../tasks/bank';
import { packRecord } from '../tasks/record';
import { columnsOf, DOMAINS, domainOf, parseMix } from '../tasks/registry';
import { judge } from '../tasks/verify';
import { show } from '../tasks/vocabulary';
import { makeWorld } from '../tasks/world';
import { configFrom, integerOption, readArgs } from './args';
import { type Io, UsageError } from './io';

const RELEVANT = /^(seed=|tasks\.|warmStart\.)/;
const MOST = 1000;
const percent = (x: number) => `${Math.round(100 * x)} %`;

/** `--n VALUE` as one word, so that a value with a minus sign reaches our own check. */
const joined = (args: string[]): string[] =>
  args.flatMap((a, i) => (args[i - 1] === '--n' ? [] : a === '--n' ? [`--n=${args[i + 1] ?? ''}`] : [a]));

/**
 * `tasks [DOMAIN] [--n 5] [key=value …]`: prompts, gold responses and judged demonstrations of each column; without a domain the
 * domains, their columns and chance levels.
 * @throws UsageError or ConfigError with one line naming value and bound
 */
export async function tasksCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(joined(args), { n: { type: 'string' } });
  const words = positionals.filter((w) => w.includes('='));
  const [name, extra] = positionals.filter((w) => !w.includes('='));
  if (extra !== undefined) throw new UsageError(`invalid argument: ${extra} (one domain, then key=value)`);
  const n = integerOption('--n', values.n, 5, 1, MOST);
  const foreign = words.find((w) => !RELEVANT.test(w));
  const config = configFrom([], words);
  if (foreign !== undefined)
    throw new UsageError(`invalid argument: ${foreign} (only seed, tasks.* and warmStart.* matter here)`);
  parseMix(config.tasks.mix, 'tasks.mix');
  parseMix(config.warmStart.mix, 'warmStart.mix');
  if (name === undefined) list(config, io);
  else samples(config, DOMAINS.indexOf(domainOf(name)), n, io);
  return 0;
}

function list(config: Config, io: Io): void {
  const world = makeWorld(config.tasks);
  io.out('domain    column    chance');
  for (const { domain, column } of columnsOf())
    io.out(`${DOMAINS[domain].id.padEnd(9)} ${column.id.padEnd(9)} ${percent(column.chance(world)).padStart(6)}`);
}

function samples(config: Config, domain: number, n: number, io: Io): void {
  const world = makeWorld(config.tasks);
  const { generate, demonstrate, label } = DOMAINS[domain];
  columnsOf().forEach(({ domain: d, within, column }, c) => {
    if (d !== domain) return;
    const random = new Random(config.seed, STREAM.demonstration, c + 1);
    io.out(`${label}: ${column.label}, chance ${percent(column.chance(world))}`);
    for (let i = 0; i < n; i++) {
      const instance = generate(within, random, world);
      const { tokens } = responseOf(demonstrate(instance, random, config.warmStart, world));
      const { correct, reason } = judge(packRecord(instance, d, c, world), tokens);
      io.out(`  prompt         ${show(instance.prompt)}`);
      io.out(`  gold           ${show(instance.gold)}`);
      io.out(`  demonstration  ${show(tokens)}   ${correct ? 'right' : 'wrong'}: ${reason}`);
    }
  });
}
