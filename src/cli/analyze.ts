import { text as readAll } from 'node:stream/consumers';
import { bounds, field, parseValue } from '../config/fields';
import { type Analysis, type AnalyzeOptions, analyzePool, parsePool } from '../engine/analyze';
import type { Pool } from '../engine/pool';
import { cpuBackend } from '../gpu/cpuBackend';
import { backendChoice, readArgs, readBytes } from './args';
import { nodeBackend } from './device';
import { type Io, UsageError } from './io';

/** An option with the bounds and the default of the configuration field contrast.`name`. */
function weight(name: 'tau' | 'beta' | 'gamma', given: string | undefined): number {
  const path = `contrast.${name}`;
  if (given === undefined) return Number(field(path).default);
  try {
    return Number(parseValue(path, given));
  } catch {
    throw new UsageError(`invalid --${name}: ${given === '' ? '(empty)' : given} (${bounds(field(path))})`);
  }
}

async function readPool(file: string): Promise<Pool> {
  const text = file === '-' ? await readAll(process.stdin) : new TextDecoder().decode(await readBytes(file));
  try {
    return parsePool(text, file === '-' ? 'standard input' : file);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * `analyze FILE [--tau .1] [--beta .5] [--gamma .5] [--backend auto|webgpu|cpu] [--gradients]`: the contrastive objective on rollouts
 * from a JSON Lines file (- reads standard input), as one JSON object.
 * @throws UsageError on bad options or a bad file.
 */
export async function analyzeCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    tau: { type: 'string' },
    beta: { type: 'string' },
    gamma: { type: 'string' },
    backend: { type: 'string' },
    gradients: { type: 'boolean' },
  });
  const [file, ...rest] = positionals;
  if (file === undefined) throw new UsageError('missing FILE: mcpo-lab analyze FILE');
  if (rest.length) throw new UsageError(`unexpected argument: ${rest[0]} (one FILE)`);
  const choice = backendChoice(values.backend);
  let told = performance.now();
  const options: AnalyzeOptions = {
    tau: weight('tau', values.tau),
    beta: weight('beta', values.beta),
    gamma: weight('gamma', values.gamma),
    gradients: values.gradients ?? false,
    progress: (share) => {
      if (performance.now() - told < 5000) return;
      told = performance.now();
      io.err(`analysed ${(100 * share).toFixed(0)} %`);
    },
  };
  const pool = await readPool(file);

  const backend = await nodeBackend(choice, (line) => io.err(line));
  let result: Analysis;
  try {
    result = await analyzePool(backend, pool, options);
  } catch (error) {
    if (choice !== 'auto' || backend.kind === 'cpu') throw error;
    io.err(`WebGPU: ${(error as Error).message}; going on with the CPU backend`);
    result = await analyzePool(cpuBackend(), pool, options);
  } finally {
    backend.destroy();
  }
  io.out(JSON.stringify(result));
  return 0;
}
