import { preset } from '../config/resolve';
import type { Config } from '../config/schema';
import { encodeCheckpoint } from '../engine/checkpoint';
import { baseCheckpoint } from '../host/base';
import { emptyNote, trainingLoop } from '../host/loop';
import { openTrainer } from '../host/openTrainer';
import { VERSION } from '../host/version';
import { backendChoice, configFrom, readArgs, readPublic } from './args';
import { nodeBackend } from './device';
import { checkWritable, jsonLines, writeWhole } from './files';
import { onInterrupt } from './interrupt';
import { type Io, UsageError } from './io';
import { duration } from './reproduce/progress';

/** The seven methods of the paper's Table 1. */
export const RACERS = ['grpo', 'dapo', 'clipo', 'mgs', 'mt-grpo', 'mcpo-grpo', 'mcpo-dapo'] as const;

const percent = (x: number | null | undefined) =>
  x === null || x === undefined ? ' no data' : `${(100 * x).toFixed(1)} %`.padStart(8);

function methodsOf(text: string | undefined): string[] {
  const names = text === undefined ? [...RACERS] : text.split(',').map((n) => n.trim());
  for (const name of names)
    if (preset(name).kind !== 'method')
      throw new UsageError(`invalid --methods: ${name} is a ${preset(name).kind}, not a method`);
  return names;
}

/**
 * `race [--methods a,b,…] [--preset SIZE] [key=value …] [--out FILE] [--save PREFIX] [--backend …]`: methods side by side in one fleet,
 * from the same weights, prompts (where a method does not choose its own) and random numbers. Each run is bit for bit what
 * `train` makes of its method; `--save` leaves one checkpoint a method, from which `train --resume` goes on.
 */
export async function raceCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    methods: { type: 'string' },
    preset: { type: 'string', multiple: true },
    out: { type: 'string' },
    save: { type: 'string' },
    backend: { type: 'string' },
  });
  const methods = methodsOf(values.methods);
  const configs: Config[] = methods.map((method) => configFrom([...(values.preset ?? []), method], positionals));
  const choice = backendChoice(values.backend);
  const prefix = values.save ?? 'mcpo-race';
  const fileOf = (i: number) => `${prefix}-${methods[i]}.safetensors`;
  checkWritable(fileOf(0));
  if (values.out) checkWritable(values.out);
  const backend = await nodeBackend(choice, (text) => io.err(text));
  const stop = onInterrupt(io);
  let out: ReturnType<typeof jsonLines> | undefined;
  const line = (object: unknown) => (out ? out.line(object) : io.out(JSON.stringify(object)));
  try {
    const start = await baseCheckpoint(backend, configs[0], {
      readPublic,
      say: (text) => io.err(text),
      progress: () => !stop.asked,
    });
    if (!start) return 130;
    const trainer = await openTrainer(backend, configs, [start], { fallBack: choice === 'auto', say: (text) => io.err(text) });
    if (values.out) out = jsonLines(values.out, false);
    const { steps, eval: held } = configs[0];
    methods.forEach((method, run) => {
      line({
        type: 'run',
        method,
        config: configs[run],
        backend: trainer.backend.kind,
        adapter: trainer.backend.adapter,
        version: VERSION,
      });
    });
    const finished = await trainingLoop(
      trainer,
      { steps, evalEvery: held.every, submissionSeconds: 1 },
      {
        now: () => performance.now() / 1000,
        shouldStop: () => stop.asked,
        onSteps(metrics, pace) {
          metrics.forEach((own, run) => {
            const empty = emptyNote(own);
            if (empty) io.err(`${methods[run]}: ${empty}`);
            for (const { step, metrics: measured } of own) line({ type: 'step', method: methods[run], step, metrics: measured });
          });
          const last = metrics.map((own) => own[own.length - 1]);
          const rewards = methods.map((m, run) => `${m} ${percent(last[run].metrics['reward/mean']).trim()}`).join('  ');
          io.err(`step ${last[0].step}/${steps}  ${rewards}  ${duration((steps - last[0].step) / pace)} left`);
        },
        onEval(step, results) {
          results.forEach((result, run) => {
            line({ type: 'eval', method: methods[run], step, ...result });
            io.err(`held out at step ${step}  ${methods[run].padEnd(16)} ${percent(result.average)}`);
          });
        },
      },
    );
    if (values.save || !finished)
      for (const run of methods.keys()) await writeWhole(fileOf(run), encodeCheckpoint(await trainer.checkpoint(run)));
    if (!finished)
      io.err(`stopped at step ${trainer.stepsDone}; each method goes on with: mcpo-lab train --resume ${fileOf(0)} (and so on)`);
    trainer.destroy();
    return finished ? 0 : 130;
  } finally {
    stop.release();
    backend.destroy();
    out?.close();
  }
}
