import { encodeCheckpoint } from '../engine/checkpoint';
import { warmStart } from '../engine/warmStart';
import { backendChoice, configFrom, readArgs } from './args';
import { nodeBackend } from './device';
import { checkWritable, writeWhole } from './files';
import { type Io, UsageError } from './io';

/** `warmstart --out FILE [--preset NAME]… [key=value …] [--backend …]`: makes a base checkpoint by supervised steps. */
export async function warmstartCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, {
    preset: { type: 'string', multiple: true },
    backend: { type: 'string' },
    out: { type: 'string' },
  });
  if (!values.out) throw new UsageError('missing --out FILE: where to write the base checkpoint');
  checkWritable(values.out);
  const config = configFrom(values.preset, positionals);
  const backend = await nodeBackend(backendChoice(values.backend), (text) => io.err(text));
  try {
    const checkpoint = await warmStart(backend, config, {
      progress(step, loss) {
        io.err(`warm start ${step}/${config.warmStart.steps}  loss ${loss.toFixed(4)}`);
        return true;
      },
    });
    if (checkpoint) await writeWhole(values.out, encodeCheckpoint(checkpoint));
    return 0;
  } finally {
    backend.destroy();
  }
}
