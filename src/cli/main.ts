import { bounds, ConfigError, FIELDS } from '../config/fields';
import { SpecError } from '../sweep/specError';
import { type Io, UsageError } from './io';

type Command = (args: string[], io: Io) => Promise<number>;

/** Commands load on demand, so that `tasks` or `--help` do not wait for the engine. */
const COMMANDS: Record<string, { help: string; load: () => Promise<Command> }> = {
  train: {
    help: 'train a policy: [--preset NAME]… [key=value …] [--backend auto|webgpu|cpu] [--out FILE] [--checkpoint FILE] [--resume FILE]',
    load: async () => (await import('./train')).trainCommand,
  },
  eval: {
    help: 'held-out accuracy: CHECKPOINT [--k 32] [--prompts 64] [--temperature 1] [--backend …]',
    load: async () => (await import('./eval')).evalCommand,
  },
  analyze: {
    help: 'contrastive analysis of your own rollouts: FILE [--tau .1] [--beta .5] [--gamma .5] [--gradients] [--backend …]',
    load: async () => (await import('./analyze')).analyzeCommand,
  },
  tasks: { help: 'sample tasks: [DOMAIN] [--n 5] [key=value …]', load: async () => (await import('./tasks')).tasksCommand },
  plan: {
    help: 'the dispatches of one training step: [--preset NAME]… [key=value …] [--runs R]',
    load: async () => (await import('./plan')).planCommand,
  },
  selftest: {
    help: 'every kernel on this device against its reference: [--backend …]',
    load: async () => (await import('./selftest')).selftestCommand,
  },
  warmstart: {
    help: 'make a base checkpoint: --out FILE [--preset NAME]… [key=value …] [--backend …]',
    load: async () => (await import('./warmstart')).warmstartCommand,
  },
  race: {
    help: 'methods side by side from the same weights, prompts and random numbers: [--methods a,b,…] [--preset SIZE] [key=value …] [--out FILE] [--save PREFIX]',
    load: async () => (await import('./race')).raceCommand,
  },
  reproduce: {
    help: 'the paper’s tables and figures: table1|table2a|…|figure4|factors|all [--seeds 10] [--steps n] [--size tiny] [--out FOLDER] [--report] [key=value …]',
    load: async () => (await import('./reproduce')).reproduceCommand,
  },
  sweep: {
    help: 'train many configurations side by side: SPEC.json [--out FOLDER] [--memory MB] [--keep seconds] [--export optuna|csv|parquet] [--backend …]',
    load: async () => (await import('./sweep')).sweepCommand,
  },
  bench: {
    help: 'time the plan against the roofline and against peers: [--preset NAME]… [key=value …]',
    load: async () => (await import('./bench')).benchCommand,
  },
};

function help(io: Io, topic: string | undefined): number {
  if (topic === 'fields') {
    for (const f of FIELDS) io.out(`${f.path.padEnd(26)} ${String(f.default).padEnd(10)} ${bounds(f).padEnd(30)} ${f.help}`);
    return 0;
  }
  io.out('mcpo-lab COMMAND …: multi-domain reinforcement learning of small reasoning policies on WebGPU\n');
  for (const [name, { help: text }] of Object.entries(COMMANDS)) io.out(`  ${name.padEnd(10)} ${text}`);
  io.out('\n  help fields   every key with its default, bounds and meaning');
  return 0;
}

/** Runs one command. Exit code 2 and one line on bad input, 1 on a failure. */
export async function main(argv: string[], io: Io = consoleIo): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(io, args[0]);
  const command = COMMANDS[name];
  try {
    if (!command) throw new UsageError(`unknown command: ${name} (one of ${Object.keys(COMMANDS).join(', ')})`);
    return await (await command.load())(args, io);
  } catch (error) {
    const bad = error instanceof UsageError || error instanceof ConfigError || error instanceof SpecError;
    io.err(`mcpo-lab: ${(error as Error).message}`);
    return bad ? 2 : 1;
  }
}

const consoleIo: Io = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
};
