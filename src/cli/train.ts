import { cautions, merged, parseAssignments } from '../config/resolve';
import type { Config } from '../config/schema';
import { encodeCheckpoint } from '../engine/checkpoint';
import { DeviceError } from '../gpu/backend';
import { baseCheckpoint } from '../host/base';
import { emptyNote, trainingLoop } from '../host/loop';
import { openTrainer } from '../host/openTrainer';
import { VERSION } from '../host/version';
import { backendChoice, checked, configFrom, readArgs, readCheckpoint, readPublic } from './args';
import { nodeBackend } from './device';
import { checkWritable, freeName, jsonLines, writeWhole } from './files';
import { onInterrupt } from './interrupt';
import { type Io, UsageError } from './io';

const percent = (x: number | null | undefined) => (x === null || x === undefined ? 'no data' : `${(100 * x).toFixed(1)} %`);
/** Between two checkpoints kept in memory against a lost device. */
const KEEP_MILLISECONDS = 20_000;
const DEFAULT_CHECKPOINT = 'mcpo-lab.safetensors';

/** `train [--preset NAME]… [key=value …] [--backend …] [--out FILE] [--checkpoint FILE] [--resume FILE]` */
export async function trainCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    preset: { type: 'string', multiple: true },
    backend: { type: 'string' },
    out: { type: 'string' },
    checkpoint: { type: 'string' },
    resume: { type: 'string' },
  });
  const choice = backendChoice(values.backend);
  if (values.resume && values.preset)
    throw new UsageError('invalid --preset: a resumed run keeps its configuration (key=value words may change it)');
  const resumed = values.resume ? { checkpoint: await readCheckpoint(values.resume), where: values.resume } : undefined;
  if (resumed && !resumed.checkpoint.training)
    throw new UsageError(`cannot resume from ${values.resume}: it holds no optimiser state (a base checkpoint)`);
  const config: Config = resumed
    ? checked(merged(resumed.checkpoint.config, parseAssignments(positionals)))
    : configFrom(values.preset, positionals);

  if (resumed && config.seed !== resumed.checkpoint.config.seed)
    throw new UsageError(`invalid seed: ${config.seed} (a resumed run keeps its seed, ${resumed.checkpoint.config.seed})`);
  cautions(config).forEach((text) => {
    io.err(text);
  });
  const stopped = values.checkpoint ?? freeName(DEFAULT_CHECKPOINT);
  checkWritable(stopped);
  if (values.out) checkWritable(values.out);
  let out: ReturnType<typeof jsonLines> | undefined;
  const line = (object: unknown) => (out ? out.line(object) : io.out(JSON.stringify(object)));
  const backend = await nodeBackend(choice, (text) => io.err(text));
  const stop = onInterrupt(io);
  try {
    const start =
      resumed ??
      (await baseCheckpoint(backend, config, {
        readPublic,
        say: (text) => io.err(text),
        progress: (done, loss) => {
          io.err(`warm start ${percent(done)}  loss ${loss.toFixed(3)}`);
          return !stop.asked;
        },
      }));
    if (!start) {
      io.err('stopped in the warm start; nothing to save yet');
      return 130;
    }
    const trainer = await openTrainer(backend, [config], [start], {
      fallBack: choice === 'auto',
      say: (text) => io.err(text),
    }).catch((error: Error) => {
      throw resumed && !(error instanceof DeviceError) ? new UsageError(error.message) : error;
    });
    let lost: string | undefined;
    void trainer.backend.lost.then((reason) => {
      lost = reason;
    });
    // A resumed run goes on where its lines ended.
    if (values.out) out = jsonLines(values.out, resumed !== undefined);
    line({
      type: 'run',
      config,
      seed: config.seed,
      backend: trainer.backend.kind,
      adapter: trainer.backend.adapter,
      version: VERSION,
    });
    const began = performance.now();
    const snapshot = async () => ({
      bytes: encodeCheckpoint(await trainer.checkpoint()),
      step: trainer.stepsDone,
      at: performance.now(),
    });
    let kept = await snapshot();
    const finished = await trainingLoop(
      trainer,
      { steps: config.steps, evalEvery: config.eval.every, submissionSeconds: 1 },
      {
        now: () => performance.now() / 1000,
        shouldStop: () => stop.asked || lost !== undefined,
        async onSteps([steps], pace) {
          if (performance.now() - kept.at > KEEP_MILLISECONDS) kept = await snapshot();
          const empty = emptyNote(steps);
          if (empty) io.err(empty);
          for (const step of steps) line({ type: 'step', ...step });
          const last = steps[steps.length - 1];
          const left = (config.steps - last.step) / pace;
          io.err(
            `step ${last.step}/${config.steps}  reward ${percent(last.metrics['reward/mean'])}  ${pace.toFixed(2)} steps/s  ${left.toFixed(0)} s left`,
          );
        },
        async onEval(step, [result]) {
          line({ type: 'eval', step, ...result });
          if (step > 0) line({ type: 'interference', step, ...(await trainer.interference()) });
          io.err(`held-out average at step ${step}: ${percent(result.average)}`);
        },
      },
    ).catch(async (error: Error) => {
      // A lost device makes the call under way fail; the word of the loss may come a little later.
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (lost === undefined) throw error;
      return false;
    });
    if (lost !== undefined) {
      await writeWhole(stopped, kept.bytes);
      throw new Error(`the device was lost (${lost}); step ${kept.step} is kept, go on with: mcpo-lab train --resume ${stopped}`);
    }
    const path = values.checkpoint ?? (finished ? undefined : stopped);
    if (path) await writeWhole(path, encodeCheckpoint(await trainer.checkpoint()));
    line({
      type: 'end',
      step: trainer.stepsDone,
      finished,
      seconds: (performance.now() - began) / 1000,
      ...(path ? { checkpoint: path } : {}),
    });
    if (!finished) io.err(`stopped at step ${trainer.stepsDone}; go on with: mcpo-lab train --resume ${path}`);
    trainer.destroy();
    return finished ? 0 : 130;
  } finally {
    stop.release();
    backend.destroy();
    out?.close();
  }
}
