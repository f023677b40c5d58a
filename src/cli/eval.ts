import { ConfigError } from '../config/fields';
import { merged, parseAssignments } from '../config/resolve';
import { placeParameters } from '../engine/checkpoint';
import { Evaluator } from '../engine/evaluation';
import { parameterLayout } from '../engine/parameters';
import { policyShape } from '../engine/shape';
import { STATE } from '../kernels/state';
import { backendChoice, integerOption, readArgs, readCheckpoint } from './args';
import { nodeBackend } from './device';
import { type Io, UsageError } from './io';

/** `eval CHECKPOINT [--k 32] [--prompts n] [--temperature x] [--backend …]`: avg@k over the nine columns, one JSON object. */
export async function evalCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    k: { type: 'string' },
    prompts: { type: 'string' },
    temperature: { type: 'string' },
    backend: { type: 'string' },
  });
  const [path, ...words] = positionals;
  if (!path) throw new UsageError('missing CHECKPOINT: mcpo-lab eval FILE');
  const choice = backendChoice(values.backend);
  const k = integerOption('--k', values.k, 32, 1, 256);
  const prompts = integerOption('--prompts', values.prompts, 64, 1, 4096);
  const checkpoint = await readCheckpoint(path);
  const assignments = [
    `eval.samples=${k}`,
    `eval.prompts=${prompts}`,
    ...(values.temperature !== undefined ? [`eval.temperature=${values.temperature}`] : []),
    ...words,
  ];
  const config = merged(checkpoint.config, parseAssignments(assignments));
  const layout = parameterLayout(policyShape(config));
  const parameters = new Float32Array(layout.size);
  try {
    placeParameters(layout, checkpoint, parameters, path);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  const backend = await nodeBackend(choice, (text) => io.err(text));
  try {
    const evaluator = await Evaluator.create(backend, [config], layout);
    const step = checkpoint.training?.state[STATE.step] ?? 0;
    const results = await evaluator.evaluate(parameters, step, (done) => {
      io.err(`evaluated ${(100 * done).toFixed(0)} %`);
      return true;
    });
    if (results) {
      const { samples, prompts: perColumn, temperature } = config.eval;
      io.out(JSON.stringify({ type: 'eval', step, k: samples, prompts: perColumn, temperature, ...results[0] }));
    }
    evaluator.destroy();
    return 0;
  } finally {
    backend.destroy();
  }
}
