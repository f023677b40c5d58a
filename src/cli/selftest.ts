import { finiteDifferences } from '../engine/finiteDifferences';
import { selfTest } from '../engine/selfTest';
import { backendChoice, readArgs } from './args';
import { nodeBackend } from './device';
import { type Io, UsageError } from './io';

/** Largest relative error of a finite difference of the whole objective in float64. */
const DIFFERENCE_TOLERANCE = 1e-5;

/** `selftest [--backend …]`: every kernel against its reference, then finite differences of the objective. Exit 1 on a failure. */
export async function selftestCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { backend: { type: 'string' } });
  if (positionals.length) throw new UsageError(`unexpected argument: ${positionals[0]} (selftest takes only --backend)`);
  const backend = await nodeBackend(backendChoice(values.backend), (text) => io.err(text));
  let failures = 0;
  const verdict = (ok: boolean) => {
    if (!ok) failures++;
    return ok ? 'ok' : 'FAILED';
  };
  try {
    io.out(`${backend.kind}: ${backend.adapter}`);
    const deviations = await selfTest(backend, (what) => io.err(`self-test: ${what}`));
    const kernels = [...new Set(deviations.map((d) => d.kernel))].sort();
    const width = Math.max(...kernels.map((k) => k.length), 36);
    io.out(`${'kernel'.padEnd(width)}  dispatches  error / tolerance`);
    for (const kernel of kernels) {
      const own = deviations.filter((d) => d.kernel === kernel);
      const worst = own.reduce((a, b) => (b.worst > a.worst ? b : a));
      const ok = worst.worst <= 1;
      io.out(
        `${kernel.padEnd(width)}  ${String(own.length).padStart(10)}  ${worst.worst.toFixed(4).padStart(17)}  ${verdict(ok)}${ok ? '' : `  ${worst.label} ${worst.at}`}`,
      );
    }
    io.err('self-test: finite differences');
    io.out(`\n${'finite differences in float64'.padEnd(width)}        gradient        difference  relative error`);
    for (const { tensor, analytic, numeric, error } of await finiteDifferences())
      io.out(
        `${tensor.padEnd(width)}  ${analytic.toExponential(6).padStart(14)}  ${numeric.toExponential(6).padStart(16)}  ${error.toExponential(1).padStart(14)}  ${verdict(error <= DIFFERENCE_TOLERANCE)}`,
      );
    io.out(failures ? `\n${failures} failed` : '\nall passed');
    return failures ? 1 : 0;
  } finally {
    backend.destroy();
  }
}
