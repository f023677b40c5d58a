import { preset } from '../config/resolve';
import { backendChoice, configFrom, integerOption, readArgs, readCheckpoint, readPublic } from './args';
import { nodeBackend } from './device';
import { type Io, UsageError } from './io';

const GROUP = 8;
const LARGEST_POOL = 8192;

function poolSizes(value: string): number[] {
  return value.split(',').map((word) => {
    const n = Number(word);
    if (!Number.isInteger(n) || n < GROUP || n > LARGEST_POOL || n % GROUP)
      throw new UsageError(`invalid --sizes: ${word} (multiples of ${GROUP} from ${GROUP} to ${LARGEST_POOL})`);
    return n;
  });
}

/**
 * `bench [plan] [methods] [fleet] [contrast] [sampling] [pruning] [--preset NAME]… [key=value …]`: the training step entry by entry against a roofline measured in
 * the same run, steps of the methods against GRPO's, fleets against one run, contrastive step and sampling against peers, and, when
 * named, pruned sweeps against full ones. Exit code 1 when two contenders' numbers differ.
 */
export async function benchCommand(args: string[], io: Io): Promise<number> {
  // Benchmark and peers are for development: they live outside of src and load on demand.
  const { LONG_PARTS, PARTS, TIMED_METHODS, runBench } = await import('../../bench/index');
  const { values, positionals } = readArgs(args, {
    preset: { type: 'string', multiple: true },
    backend: { type: 'string' },
    sizes: { type: 'string' },
    repeats: { type: 'string' },
    checkpoint: { type: 'string' },
    'no-peers': { type: 'boolean' },
    json: { type: 'string' },
  });
  const choice = backendChoice(values.backend);
  const sizes = poolSizes(values.sizes ?? '256,512,1024,2048');
  const repeats = integerOption('--repeats', values.repeats, 9, 1, 1000);
  const words = positionals.filter((w) => !w.includes('='));
  const all = [...PARTS, ...LONG_PARTS];
  const unknown = words.find((w) => !all.some((p) => p === w));
  if (unknown !== undefined) throw new UsageError(`unknown part: ${unknown} (${all.join(', ')}, or key=value)`);
  const parts = words.length ? all.filter((p) => words.includes(p)) : PARTS;
  const assignments = positionals.filter((w) => w.includes('='));
  const config = configFrom(values.preset, assignments);
  const others = (values.preset ?? []).filter((name) => preset(name).kind !== 'method');
  const methods = TIMED_METHODS.map((name) => ({ name, config: configFrom([...others, name], assignments) }));
  const start = values.checkpoint ? { checkpoint: await readCheckpoint(values.checkpoint), where: values.checkpoint } : undefined;
  const say = (text: string) => io.err(text);
  const backend = await nodeBackend(choice, say);
  try {
    return await runBench({
      backend,
      config,
      methods,
      parts,
      sizes,
      repeats,
      peers: !values['no-peers'],
      ...(start ? { start } : {}),
      ...(values.json ? { json: values.json } : {}),
      readPublic,
      out: (text) => io.out(text),
      say,
    });
  } finally {
    backend.destroy();
  }
}
